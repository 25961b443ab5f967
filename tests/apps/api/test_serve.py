"""`pressroom serve` as a process: several workers over one database, and an end that cuts nobody off."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pressroom.store.database import Database
from tests.fixtures.desk import PASSWORD, Role, add_person

EMAIL = "ada@example.com"
START_SECONDS = 100
END_SECONDS = 15

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    return desk_sqlite_url


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def process(operators: Database, port: int, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The desk with two workers, answering."""
    add_person(operators, EMAIL, Role.OWNER, "ours")
    words = ["-m", "apps.cli.main", "serve", "--port", str(port), "--workers", "2"]
    environment = {**os.environ, "PRESSROOM_METRICS_TOKEN": "scrape-scrape", "PRESSROOM_LOG_LEVEL": "WARNING"}
    with subprocess.Popen([sys.executable, *words], cwd=tmp_path, env=environment) as started:
        try:
            _wait_until_up(started, port)
            yield started
        finally:
            started.kill()


def test_workers_share_sign_ins_and_metrics_and_end_while_somebody_listens(
    process: subprocess.Popen[bytes], port: int
) -> None:
    token = _ask(port, "/api/v1/auth/login", {"email": EMAIL, "password": PASSWORD})["access_token"]
    mine = {"Authorization": f"Bearer {token}"}
    for _ in range(20):
        assert _ask(port, "/api/v1/auth/me", headers=mine)["email"] == EMAIL
    counted = _metrics(port)
    assert 'pressroom_http_requests_total{method="GET",route="/api/v1/auth/me",status="200"} 20.0' in counted

    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/events", headers=mine)
    with urllib.request.urlopen(request, timeout=END_SECONDS) as stream:
        assert stream.readline() == b"retry: 3000\n"
        process.send_signal(signal.SIGTERM)
        while stream.readline():
            pass  # until the desk ends it
    assert process.wait(END_SECONDS) == 0
    with pytest.raises(urllib.error.URLError):
        _ask(port, "/health")


def _wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _ask(port, "/health")
            return
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)


def _ask(port: int, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def _metrics(port: int) -> str:
    headers = {"Authorization": "Bearer scrape-scrape"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())
