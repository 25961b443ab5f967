"""Documents are read in child processes with limits on time and memory, so that none can stop or crash this one.

A worker is started by the first document and used again for the next: that costs it about a millisecond. Threads that
read at once get a worker each, as many as there are processors.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter

from pressroom import errors, logs
from pressroom.errors import SourceTooLarge, SourceUnreadable, SourceUnusable
from pressroom.model.documents import Document
from pressroom.sources.feeds import Feed
from pressroom.sources.fetching import shown
from pressroom.sources.shared.declare import Content

COMMAND = (sys.executable, "-m", "pressroom.sources.worker")
LIMITS = "PRESSROOM_WORKER_LIMITS"

_KEPT = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
"""Variables a worker is given: no keys and no passwords are among them."""
_QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"}
LENGTH = struct.Struct(">Q")
_ENDS_WITHIN = 10.0
"""Seconds a worker has to end when its pipes are closed."""
_AT_ONCE = max(2, os.cpu_count() or 2)
_FEED: TypeAdapter[Feed] = TypeAdapter(Feed)
_ERRORS = {
    each.code: each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, SourceUnusable)
}

_log = logs.get_logger(__name__)


@dataclass(frozen=True)
class Limits:
    """seconds: of a processor, for any document. per_megabyte: more of them. memory: bytes of addresses.

    elapsed: seconds after which a worker is ended whatever it does.
    """

    seconds: float = 8
    per_megabyte: float = 2
    memory: int = 2_500_000_000
    elapsed: float = 300


DEFAULT_LIMITS = Limits()


def look(content: Content, *, most: int, limits: Limits = DEFAULT_LIMITS) -> Document | Feed:
    """The document that `content` is, or the `most` newest entries of the feed that it is.

    Raises:
        SourceUnusable: its subclasses, as its reader has them; SourceTooLarge also where it takes more than `limits`,
            SourceUnreadable also where its reader crashes.
    """
    with _SLOTS:
        while True:
            worker = _POOL.take()
            answer = worker.ask({**_described(content), "most": most, "limits": asdict(limits)}, content.data, limits)
            if answer is not None:
                _POOL.give_back(worker)
                return _unpacked(answer, content)
            if (status := _POOL.drop(worker)) != 0:  # a worker that has retired ends with 0, and another is asked
                raise _ended(status, content, limits)


def _described(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in ("source", "address", "media_type", "charset")}


def _unpacked(answer: bytes, content: Content) -> Document | Feed:
    kind, _, body = answer.partition(b"\n")
    if kind == b"document":
        return Document.model_validate_json(body)
    if kind == b"feed":
        return _FEED.validate_json(body)
    told = json.loads(body)
    if kind == b"error" and told["code"] in _ERRORS:
        raise _ERRORS[told["code"]](told["message"], hint=told["hint"])
    if kind == b"memory":
        raise _too_much(content, f"more than {told['memory'] / 1e9:.1f} GB of memory")
    _log.error("a reader failed", source=shown(content.source), error=told.get("message", ""))
    raise _crashed(content)


def _ended(status: int, content: Content, limits: Limits) -> SourceUnusable:
    """The error for a worker that was ended with `status` by what it read."""
    if status == -signal.SIGPROF:
        return _too_much(content, "too much time of a processor")
    if status == -signal.SIGKILL:
        return _too_much(content, f"more than {limits.elapsed:g} s, or the memory of this machine")
    if status == 1:  # a library that gave up before Python could
        return _too_much(content, f"more than {limits.memory / 1e9:.1f} GB of memory")
    _log.error("a reader crashed", source=shown(content.source), status=status)
    return _crashed(content)


def _too_much(content: Content, taken: str) -> SourceTooLarge:
    return SourceTooLarge(
        f"{shown(content.source)} takes {taken} to be read.", hint="Give its text, or one chapter of it."
    )


def _crashed(content: Content) -> SourceUnreadable:
    return SourceUnreadable(
        f"{shown(content.source)} is damaged: its reader fails on it.",
        hint="Save it again in the program that made it, or give its text.",
    )


class _Worker:
    """A child process that reads one document at a time."""

    def __init__(self) -> None:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 (our own words)
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, **_QUIET, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    def ask(self, request: dict[str, Any], data: bytes, limits: Limits) -> bytes | None:
        """The answer; None when the process has ended, or was ended because its time was up."""
        watch = threading.Timer(limits.elapsed, self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            for part in (json.dumps(request).encode(), data):
                self._write(LENGTH.pack(len(part)))
                self._write(part)
            self._pipe("stdin").flush()
            return self._read(LENGTH.unpack(self._read(LENGTH.size))[0])
        except (OSError, EOFError):
            return None
        finally:
            watch.cancel()

    def _pipe(self, name: str) -> Any:
        return getattr(self._process, name)

    def _write(self, data: bytes) -> None:
        self._pipe("stdin").write(data)

    def _read(self, size: int) -> bytes:
        data: bytes = self._pipe("stdout").read(size)
        if len(data) < size:
            raise EOFError
        return data

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> int:
        """Ends the process, if it has not ended by itself, and gives its status."""
        for name in ("stdin", "stdout"):
            with contextlib.suppress(OSError):  # what it never read can't be flushed
                self._pipe(name).close()
        try:
            return self._process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def forget(self) -> None:
        """In a copy of this process: leaves the worker to the original."""
        for name in ("stdin", "stdout"):
            with contextlib.suppress(OSError):
                os.close(self._pipe(name).fileno())
        self._process.returncode = 0


class _Pool:
    """Workers that wait for a document, and those that read one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()

    def take(self) -> _Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.is_alive():
                    return worker
                self.drop(worker)
            worker = _Worker()
            self._all.add(worker)
            return worker

    def give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._idle.append(worker)

    def drop(self, worker: _Worker) -> int:
        """Ends a worker and gives its status."""
        self._all.discard(worker)
        return worker.end()

    def close(self) -> None:
        """Ends all that wait."""
        with self._lock:
            waiting, self._idle = self._idle, []
        for worker in waiting:
            self.drop(worker)

    def forget(self) -> None:
        for worker in self._all:
            worker.forget()
        self.__init__()  # type: ignore[misc]  # the lock may have been held by a thread that is not here


_POOL = _Pool()
_SLOTS = threading.BoundedSemaphore(_AT_ONCE)


def _after_fork() -> None:
    global _SLOTS  # noqa: PLW0603
    _POOL.forget()
    _SLOTS = threading.BoundedSemaphore(_AT_ONCE)


atexit.register(_POOL.close)
os.register_at_fork(after_in_child=_after_fork)
