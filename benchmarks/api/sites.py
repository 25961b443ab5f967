"""The two servers that are asked, each a process of its own under the same uvicorn, and how they are asked."""

from __future__ import annotations

import json
import math
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

import psutil

from apps.cli.serve import QUEUE
from benchmarks.api.bare import DATABASE
from benchmarks.shared.processes import Broken, environment

CONNECTIONS = 32
PATIENCE = 60.0
"""Seconds a server may take to answer for the first time."""


@dataclass(frozen=True)
class Site:
    """A server that answers."""

    port: int
    process: psutil.Process

    @property
    def megabytes(self) -> float:
        """Of memory that it has in use."""
        return float(self.process.memory_info().rss) / 2**20

    @property
    def worked(self) -> float:
        """Seconds it has had a processor."""
        used = self.process.cpu_times()
        return float(used.user + used.system)


@dataclass
class Asked:
    """All answers to one kind of request. `worked`, `generator`: seconds of a processor that server and client had."""

    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    worked: float = 0.0
    generator: float = 0.0
    received: int = 0

    def add(self, other: Asked) -> None:
        self.milliseconds += other.milliseconds
        self.seconds += other.seconds
        self.worked += other.worked
        self.generator += other.generator
        self.received += other.received

    def percentile(self, share: float) -> float:
        """Milliseconds within which that share of the requests was answered."""
        ordered = sorted(self.milliseconds)
        return ordered[math.ceil(share * len(ordered)) - 1]

    @property
    def a_second(self) -> float:
        return len(self.milliseconds) / self.seconds

    @property
    def work(self) -> float:
        """Milliseconds of a processor that a request takes the server."""
        return self.worked / len(self.milliseconds) * 1000

    @property
    def size(self) -> float:
        """Kilobytes of an answer, as they went over the line."""
        return self.received / len(self.milliseconds) / 1000


def ask(site: Site, requests: Sequence[str]) -> Asked:
    """Send all requests over 32 connections.

    Raises:
        Broken: an answer is anything but a success.
    """
    order = json.dumps({"port": site.port, "connections": CONNECTIONS, "requests": requests})
    before = site.worked
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.api.load"], input=order, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Broken(done.stderr[-1500:])
    said = json.loads(done.stdout)
    if said["refused"]:
        raise Broken(f"{requests[0].splitlines()[0]} or one of those after it:\n{said['refused']}")
    return Asked(said["milliseconds"], said["seconds"], site.worked - before, said["worked"], said["received"])


@contextmanager
def desk(folder: Path, settings: Mapping[str, str]) -> Iterator[Site]:
    """The review desk, as `pressroom serve` runs it."""
    port = _free_port()
    command = [sys.executable, "-m", "apps.cli.main", "serve", "--port", str(port)]
    with _served(command, port, "/health", folder, settings) as site:
        yield site


@contextmanager
def bare(folder: Path, database: str) -> Iterator[Site]:
    """The bare route, with what `pressroom serve` tells uvicorn."""
    port = _free_port()
    run = (
        "import uvicorn; uvicorn.run('benchmarks.api.bare:create_app', factory=True, access_log=False, "
        f"log_config=None, proxy_headers=False, server_header=False, backlog={QUEUE}, port={port})"
    )
    with _served([sys.executable, "-c", run], port, "/nothing", folder, {DATABASE: database}) as site:
        yield site


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def _served(command: Sequence[str], port: int, path: str, folder: Path, settings: Mapping[str, str]) -> Iterator[Site]:
    log = folder / f"{port}.log"
    with (
        log.open("wb") as said,
        subprocess.Popen(command, env=environment(settings), cwd=folder, stdout=said, stderr=said) as process,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}{path}", process, log)
            yield Site(port, psutil.Process(process.pid))
        finally:
            process.terminate()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except URLError:
            if process.poll() is not None or time.monotonic() > until:
                raise Broken(f"{address} does not answer:\n{log.read_text('utf-8', 'replace')[-1500:]}") from None
            time.sleep(0.1)
