"""Servers that go away in the middle, and come back."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from blocks.prefect_server import is_up
from tests.fixtures import postgres


class Line:
    """A TCP line to the server at `url`, on a port of its own, that can be cut and mended: stopped and started.

    To whom it is cut, the server is gone: open connections are reset, new ones refused.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._there = (str(parts.hostname), int(parts.port or 80))
        self._ends: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._port = 0
        self.connections = 0
        """How many it has carried."""
        self.start()
        self.url = parts._replace(netloc=f"127.0.0.1:{self._port}").geturl()

    def start(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=128)
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        assert self._listener is not None
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
        self._listener.close()
        for end in list(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                here, _ = listener.accept()
                there = socket.create_connection(self._there)
                self._ends |= {here, there}
                self.connections += 1
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)
        self._ends.discard(one)


@dataclass
class Postgres:
    """A PostgreSQL server that can be stopped at once, without a word to its clients, and started again."""

    folder: Path
    _binaries: Path
    _account: dict[str, Any]
    _guards: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Postgres]:
        account = postgres._account()
        with (
            postgres._folder(postgres._place(), account) as folder,
            postgres._reachable(postgres._binaries(), account) as binaries,
        ):
            postgres._initialise(binaries, folder, account)
            server = cls(folder, binaries, account)
            server.start()
            try:
                yield server
            finally:
                for guard in reversed(server._guards):
                    postgres._stop(guard)

    def start(self) -> None:
        guard = postgres._start(self._binaries, self.folder, self._account)
        self._guards.append(guard)
        postgres._wait_for(postgres.PostgresServer(self.folder), guard)

    def stop(self) -> None:
        """What `pg_ctl stop -m immediate` does: no good-bye, and a recovery at the next start."""
        process = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(process, signal.SIGQUIT)
        wait_until(lambda: has_ended(process), 15)

    def new_database(self, name: str) -> str:
        """SQLAlchemy address of an empty database, which keeps what it has committed: other tests' are too quick."""
        named = sql.Identifier(name)
        with psycopg.connect(postgres.PostgresServer(self.folder).conninfo, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(named))
            connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = on").format(named))
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"


@dataclass
class Prefect:
    """A Prefect server of our own, killed without warning and started again at the same port and home."""

    home: Path
    port: int
    _process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def running(cls, home: Path) -> Iterator[Prefect]:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        server = cls(home, port)
        server.start()
        try:
            yield server
        finally:
            server.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def start(self) -> None:
        home = {"PREFECT_HOME": str(self.home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
        with (self.home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(self.port)],
                env={**os.environ, **home},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: is_up(self.url), 90, pause=0.1)

    def stop(self) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def has_ended(process: int) -> bool:
    """Whether there is no such process any more, but for its entry in the table."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until(happened: Callable[[], bool], seconds: float, pause: float = 0.01) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"It did not come to that within {seconds} s."
        time.sleep(pause)
