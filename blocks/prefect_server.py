"""The Prefect server of a local run: the one that is set, the one already up here, or one of our own.

Everything Prefect leaves lies under `.pressroom/prefect`, unless the user has set PREFECT_HOME or
PREFECT_API_URL. `prepare` must be called before Prefect is imported: Prefect reads its settings then.
This module imports no Prefect.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pressroom.errors import Misconfigured
from pressroom.settings import settings

DEFAULTS: Mapping[str, str] = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "RAY_USAGE_STATS_ENABLED": "0",
    # One transaction a state of a task run, Prefect's default, keeps a core busy while hundreds of drafts are written.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
}
"""Defaults for every Prefect process we start; what the user has set stays."""

START_SECONDS = 90.0
"""Longest wait for a server of our own: a fresh database is migrated first."""

ANSWER_SECONDS = 15.0
"""Longest wait for a server that somebody else runs."""


@dataclass(frozen=True)
class Server:
    """A Prefect server. `process`: the child that is ours to end, if it is one."""

    api_url: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def ui_url(self) -> str:
        return self.api_url.removesuffix("/api")

    def wait(self, seconds: float | None = None) -> None:
        """Return once the server answers.

        Raises:
            Misconfigured: it didn't in time, or its process has ended.
        """
        deadline = time.monotonic() + (seconds or (START_SECONDS if self.process else ANSWER_SECONDS))
        while not is_up(self.api_url):
            if self.process is not None and self.process.poll() is not None:
                raise Misconfigured("The Prefect server ended while starting.", hint=f"Its log: {_log_file()}.")
            if time.monotonic() > deadline:
                raise Misconfigured(
                    f"The Prefect server at {self.api_url} does not answer.",
                    hint="Start it, or unset PREFECT_API_URL to have one started here.",
                )
            time.sleep(0.1)

    def stop(self) -> None:
        """End the server if it is ours; doing it twice does nothing."""
        if self.process is None or self.process.poll() is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def prepare() -> None:
    """Set the environment that Prefect is to find: quiet, without analytics, at home under `.pressroom/`."""
    shown = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": settings().log_level}
    for name, value in {**DEFAULTS, **shown}.items():
        os.environ.setdefault(name, value)
    if not {"PREFECT_HOME", "PREFECT_API_URL"} & set(os.environ):
        os.environ["PREFECT_HOME"] = str(_home())


def at_hand(port: int | None = None) -> Server:
    """The server to use; one of our own is started in the background and may not answer yet: `wait` for it.

    Raises:
        Misconfigured: the folder for one of our own can't be made.
    """
    set_url = os.environ.get("PREFECT_API_URL")
    if set_url:
        return Server(set_url)
    known = _known()
    server = Server(known) if known and is_up(known) else _start(port or _free_port())
    os.environ["PREFECT_API_URL"] = server.api_url
    return server


def use_known() -> bool:
    """Point Prefect at the server that is set or already up, if there is one; none is started."""
    known = address()
    if known is None or not is_up(known):
        return False
    os.environ["PREFECT_API_URL"] = known
    return True


def address() -> str | None:
    """The API of the server that is set, or that was up here last; nobody is asked whether it still is."""
    return os.environ.get("PREFECT_API_URL") or _known()


def remember(server: Server) -> None:
    """Let other commands find this server for as long as it is up."""
    _make_home()
    _note().write_text(json.dumps({"api_url": server.api_url}))


def describe() -> str:
    """In words, which server a command would use.

    Raises:
        Misconfigured: PREFECT_API_URL names one that does not answer.
    """
    set_url = os.environ.get("PREFECT_API_URL")
    if set_url:
        Server(set_url).wait(seconds=5)
        return set_url
    known = _known()
    return known if known and is_up(known) else "none is up; one is started when needed"


def is_up(api_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api_url}/health", timeout=2) as answer:  # noqa: S310 (the user's own address)
            return bool(answer.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _start(port: int) -> Server:
    _make_home()
    api_url = f"http://127.0.0.1:{port}/api"
    with _log_file().open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 (our own words)
            [sys.executable, "-m", "blocks.tethered", *_server_command(port)],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            # The page asks where its API is; without this it is told the default port.
            env={**os.environ, "PREFECT_SERVER_UI_API_URL": api_url},
        )
    server = Server(api_url, process)
    atexit.register(server.stop)
    return server


def _server_command(port: int) -> list[str]:
    return [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]


def _known() -> str | None:
    try:
        return str(json.loads(_note().read_text())["api_url"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _home() -> Path:
    return (settings().home / "prefect").absolute()


def _make_home() -> None:
    try:
        _home().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"The folder {_home()} can't be made: {error.strerror}.",
            hint="Set PRESSROOM_HOME to one that can be written.",
        ) from None


def _note() -> Path:
    return _home() / "server.json"


def _log_file() -> Path:
    return _home() / "server.log"
