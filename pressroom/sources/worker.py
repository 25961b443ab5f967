"""The process of `pressroom.sources.isolation` that reads documents: `python -m pressroom.sources.worker`.

It takes one document after the other from standard input, each with its limits, and writes answers to standard
output. It ends when its input does, after a minute without work, and when it has come to hold much memory.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import resource
import select
import signal
import sys
import traceback
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any, BinaryIO

import psutil
from pydantic import TypeAdapter

from pressroom.errors import SourceUnusable
from pressroom.model.documents import Document
from pressroom.sources.feeds import Feed
from pressroom.sources.isolation import LENGTH
from pressroom.sources.reading import looked
from pressroom.sources.shared.declare import Content

IDLE_SECONDS = 60.0
LARGEST = 600_000_000
"""Bytes a worker may hold to be used again."""

_FEED: TypeAdapter[Feed] = TypeAdapter(Feed)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the process that asks
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints gets into an answer
    while select.select([questions], [], [], IDLE_SECONDS)[0] and (head := _read(questions)) is not None:
        answer, is_last = _answer(json.loads(head), _read(questions) or b"")
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()
        if is_last or psutil.Process().memory_info().rss > LARGEST:
            return


def _read(questions: BinaryIO) -> bytes | None:
    size = questions.read(LENGTH.size)
    return questions.read(LENGTH.unpack(size)[0]) if len(size) == LENGTH.size else None


def _answer(request: Mapping[str, Any], data: bytes) -> tuple[bytes, bool]:
    """The answer, and whether this process should end with it."""
    try:
        _limit(request["limits"]["memory"])
        signal.setitimer(signal.ITIMER_PROF, _seconds(request["limits"], data))  # the kernel ends this process then
        found = _called(request["call"], data) if "call" in request else _looked(request, data)
    except SourceUnusable as error:
        return _told("error", code=error.code, message=error.message, hint=error.hint), False
    except Exception as error:  # a document that is broken in a new way must not look like a fault of this process
        _limit(resource.RLIM_INFINITY)
        if _is_of_memory(error):
            return _told("memory", memory=request["limits"]["memory"]), True
        return _told("crash", message="".join(traceback.format_exception(error, limit=-8))), True
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return found, False


def _looked(request: Mapping[str, Any], data: bytes) -> bytes:
    content = Content(
        data=data,
        source=request["source"],
        address=request["address"],
        media_type=request["media_type"],
        charset=request["charset"],
    )
    found = looked(content, most=request["most"])
    if isinstance(found, Document):
        return b"document\n" + found.model_dump_json().encode()
    return b"feed\n" + _FEED.dump_json(found)


def _called(function: str, data: bytes) -> bytes:
    module, _, name = function.partition(":")
    made: bytes = getattr(importlib.import_module(module), name)(data)
    return b"called\n" + made


def _is_of_memory(error: BaseException | None) -> bool:
    """True when an error comes from too little memory; libraries name it in their own ways."""
    return error is not None and (
        isinstance(error, MemoryError)
        or getattr(error, "errno", 0) == errno.ENOMEM
        or "allocate memory" in str(error)
        or _is_of_memory(error.__cause__ or error.__context__)
    )


def _told(kind: str, **facts: object) -> bytes:
    return kind.encode() + b"\n" + json.dumps(facts).encode()


def _seconds(limits: Mapping[str, float], data: bytes) -> float:
    """Seconds of a processor for a document: by its size, and by what it unpacks to."""
    return limits["seconds"] + limits["per_megabyte"] * _unpacked(data) / 1_000_000


def _unpacked(data: bytes) -> int:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            xml = sum(part.file_size for part in archive.infolist() if part.filename.endswith(".xml"))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        return len(data)
    return max(len(data), xml)


def _limit(memory: int) -> None:
    """Lets this process hold `memory` bytes of addresses, or as many as it ever may."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bounded = [each for each in (memory, hard) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounded, default=resource.RLIM_INFINITY), hard))


if __name__ == "__main__":
    main()
