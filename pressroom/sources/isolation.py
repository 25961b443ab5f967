"""Documents are read in child processes with limits on time and memory, so that none can stop or crash this one.

Any other function of bytes to bytes can be called there too (`call`), where what users send may keep it busy.

A worker is started by the first document and used again for the next: that costs it about a millisecond. Threads that
read at once get a worker each, as many as there are processors.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
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
_LONGEST_WORDS = 2_000
_OF_MEMORY = re.compile(r"memory|\balloc|ENOMEM", re.I)
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
    name = shown(content.source)
    return _unpacked(_asked({**_described(content), "most": most}, content.data, name, limits), name)


def call(function: str, data: bytes, *, name: str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Runs a function (`package.module:function`, bytes to bytes) on `data` in a worker; errors name the data `name`.

    Raises:
        SourceTooLarge: it takes more than `limits`. SourceUnreadable: it fails.
    """
    kind, _, body = _asked({"call": function, "source": name}, data, name, limits).partition(b"\n")
    if kind == b"called":
        return body
    raise _failed(kind, body, name)


def _asked(request: dict[str, Any], data: bytes, name: str, limits: Limits) -> bytes:
    with _SLOTS:
        while True:
            worker = _POOL.take()
            answer = worker.ask({**request, "limits": asdict(limits)}, data, limits)
            if answer is not None:
                _POOL.give_back(worker)
                return answer
            if (status := _POOL.drop(worker)) != 0:  # a worker that has retired ends with 0, and another is asked
                raise _ended(status, worker.last_words(), name, limits)


def _described(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in ("source", "address", "media_type", "charset")}


def _unpacked(answer: bytes, name: str) -> Document | Feed:
    kind, _, body = answer.partition(b"\n")
    if kind == b"document":
        return Document.model_validate_json(body)
    if kind == b"feed":
        return _FEED.validate_json(body)
    raise _failed(kind, body, name)


def _failed(kind: bytes, body: bytes, name: str) -> SourceUnusable:
    told = json.loads(body)
    if kind == b"error" and told["code"] in _ERRORS:
        return _ERRORS[told["code"]](told["message"], hint=told["hint"])
    if kind == b"memory":
        return _too_much(name, f"more than {told['memory'] / 1e9:.1f} GB of memory")
    _log.error("a reader failed", source=name, error=told.get("message", ""))
    return _crashed(name)


def _ended(status: int, words: str, name: str, limits: Limits) -> SourceUnusable:
    """The error for a worker that was ended with `status` by what it read; `words`: its last, on standard error."""
    if status == -signal.SIGPROF:
        return _too_much(name, "too much time of a processor")
    if status == -signal.SIGKILL:
        return _too_much(name, f"more than {limits.elapsed:g} s, or the memory of this machine")
    if status > 0 and _OF_MEMORY.search(words):  # a library that gave up before Python could
        return _too_much(name, f"more than {limits.memory / 1e9:.1f} GB of memory")
    _log.error("a reader crashed", source=name, status=status, words=words)
    if status > 0:
        last = f" ({words.splitlines()[-1].strip()[:200]})" if words else ""
        return SourceUnreadable(
            f"{name} was not read: the process that reads it ended with status {status}{last}.",
            hint="Try again; if it happens to every document, `pressroom doctor` names what is missing.",
        )
    return _crashed(name)


def _too_much(name: str, taken: str) -> SourceTooLarge:
    return SourceTooLarge(f"{name} takes {taken} to be read.", hint="Give its text, or one chapter of it.")


def _crashed(name: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"{name} is damaged: its reader fails on it.",
        hint="Save it again in the program that made it, or give its text.",
    )


class _Worker:
    """A child process that reads one document at a time."""

    def __init__(self) -> None:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the worker)
        self._process = subprocess.Popen(  # noqa: S603 (our own words)
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            env={**kept, **_QUIET, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    def ask(self, request: dict[str, Any], data: bytes, limits: Limits) -> bytes | None:
        """The answer; None when the process has ended, or was ended because its time was up."""
        watch = threading.Timer(limits.elapsed, self._process.kill)
        watch.daemon = True
        watch.start()
        self._words.seek(0)
        self._words.truncate()
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

    def last_words(self) -> str:
        """The end of its standard error while it read the last document."""
        self._words.seek(0)
        return self._words.read()[-_LONGEST_WORDS:].decode("utf-8", "replace").strip()

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
