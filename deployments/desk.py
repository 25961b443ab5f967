"""The review desk as a child of `pressroom up`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pressroom.errors import Misconfigured
from pressroom.settings import private_folder, settings

START_SECONDS = 60.0
"""Longest wait for the desk: a fresh database is migrated first."""

STOP_SECONDS = 15.0


@dataclass
class DeskProcess:
    """The desk's process, ours to end. `port`: of 127.0.0.1, or of the host that is set."""

    process: subprocess.Popen[bytes]
    port: int

    def restart(self) -> None:
        """Start it again at the same port; it may not answer yet."""
        self.process = _launched(self.port)

    def answers(self) -> bool:
        return answers(self.port)

    @property
    def url(self) -> str:
        """Where people reach it."""
        return settings().desk_url.rstrip("/") or f"http://{_reachable(settings().desk_host)}:{self.port}"

    def wait(self) -> None:
        """Return once it answers.

        Raises:
            Misconfigured: it didn't in time, or has ended.
        """
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Misconfigured("The review desk did not start.", hint=f"Its log: {_log_file()}.")
            time.sleep(0.1)

    def stop(self) -> None:
        """End it; doing it twice does nothing."""
        if self.process.poll() is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def start(port: int | None = None) -> DeskProcess:
    """Start the desk in the background; it may not answer yet. Where the usual port is taken, it gets a free one."""
    chosen = port or _free_port(settings().desk_port)
    private_folder(_log_file().parent)
    return DeskProcess(_launched(chosen), chosen)


def _launched(port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "apps.cli.main", "serve", "--port", str(port)]
    with _log_file().open("ab") as log:
        return subprocess.Popen(  # noqa: S603 (our own words)
            [sys.executable, "-m", "blocks.tethered", *command],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PRESSROOM_LOG_FORMAT": "json"},
        )


def answers(port: int) -> bool:
    """True when the desk at this port says that it is well."""
    address = f"http://{_reachable(settings().desk_host)}:{port}/health"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 (what it may be set to)


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings().desk_host, port))
            return int(probe.getsockname()[1])
    raise Misconfigured(f"The desk can't listen on {settings().desk_host}.", hint="See PRESSROOM_DESK_HOST.")


def _log_file() -> Path:
    return (settings().home / "desk.log").absolute()
