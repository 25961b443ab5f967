"""The Prefect server of a local run: the one that is set, the one already up here, or one of our own.

Everything Prefect leaves lies under `.pressroom/prefect`, unless the user has set PREFECT_HOME or PREFECT_API_URL. A
server of our own answers only who sends the random line of `.pressroom/prefect/server.auth`, as every command of ours
does, and pages of its own alone. `prepare` must be called before Prefect is imported: Prefect reads its settings then.
This module imports no Prefect.
"""

from __future__ import annotations

import atexit
import base64
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from pressroom import redaction
from pressroom.errors import Misconfigured
from pressroom.settings import private_folder, settings

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

URL, AUTH, SERVER_AUTH = "PREFECT_API_URL", "PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING"

START_SECONDS = 90.0
"""Longest wait for a server of our own: a fresh database is migrated first."""

ANSWER_SECONDS = 15.0
"""A server not started here has this long to answer."""

RESULTS_BLOCK = "pressroom-results"

_SET_ANOTHER = "Start it, or unset PREFECT_API_URL to have one started here."
_STARTED_BEFORE = "An earlier command started it, and it has ended since: give the command again."


@dataclass
class Server:
    """A Prefect server. `process`: the child that is ours to end, if it is one. `turn`: a lock held until it answers.

    Of two commands that start servers on one database the second waits: both would migrate it, and one would die.
    """

    api_url: str
    process: subprocess.Popen[bytes] | None = None
    turn: TextIOWrapper | None = None

    def restart(self) -> None:
        """Start the server again, at the same address; it may not answer yet."""
        self.process = _launched(self.api_url)

    def answers(self) -> bool:
        return is_up(self.api_url)

    @property
    def ui_url(self) -> str:
        return self.api_url.removesuffix("/api")

    def wait(self, seconds: float | None = None) -> None:
        """Return once the server answers.

        Raises:
            Misconfigured: it didn't in time, or its process has ended.
        """
        try:
            self._answered(seconds or (START_SECONDS if self.process else ANSWER_SECONDS))
        finally:
            if self.turn is not None:
                self.turn.close()

    def _answered(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not is_up(self.api_url):
            if self.process is not None and self.process.poll() is not None:
                raise Misconfigured("The Prefect server ended while starting.", hint=f"Its log: {_log_file()}.")
            if time.monotonic() > deadline:
                elsewhere = _STARTED_BEFORE if self.api_url == _known() else _SET_ANOTHER
                hint = f"Its log: {_log_file()}." if self.process else elsewhere
                raise Misconfigured(f"The Prefect server at {self.api_url} does not answer.", hint=hint)
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
    if is_set() and os.environ[URL] == _known():
        _use(os.environ[URL])


def at_hand(port: int | None = None) -> Server:
    """The server to use; one of our own is started in the background and may not answer yet: `wait` for it.

    A server that another project or person runs is never taken for ours; where it has `port`, ours gets another one.

    Raises:
        Misconfigured: the folder for one of our own can't be made.
    """
    if is_set():
        return Server(os.environ[URL])
    known = _known()
    if known and is_ours(known):
        server = Server(known)
        _use(known)
    else:
        server = _start(_free_port(port))
    return server


def use_known() -> bool:
    """Point Prefect at the server that is set or already up, if there is one; none is started."""
    if is_set():
        return is_up(os.environ[URL])
    known = _known()
    if known is None or not is_ours(known):
        return False
    _use(known)
    return True


def is_set() -> bool:
    """True when PREFECT_API_URL is set."""
    return bool(os.environ.get(URL))


def address() -> str | None:
    """Returns, without a check, the API of the server that is set, or that was up here last."""
    return os.environ.get(URL) or _known()


def auth_of(api_url: str) -> str | None:
    """`user:password` for the server at `api_url`: that of our own, or what PREFECT_API_AUTH_STRING says."""
    return _own_auth() if api_url == _known() else os.environ.get(AUTH)


def is_own(api_url: str) -> bool:
    """True when a server of our own was started at `api_url`."""
    return bool(os.environ.get(AUTH)) and os.environ.get(URL) == api_url and os.environ[AUTH] == _own_auth()


def is_ours(api_url: str) -> bool:
    """True when a server of this project's home answers there: it takes our credentials, and requires them."""
    asked = f"{api_url}/admin/version"
    return _status(asked) == 401 and _status(asked, _own_auth()) == 200


def auth_file() -> Path:
    """Holds what a server of our own asks for, as a browser has to type it."""
    return _home() / "server.auth"


def remember(server: Server) -> None:
    """Let other commands find this server for as long as it is up."""
    _make_home()
    _note().touch(0o600)
    _note().write_text(json.dumps({"api_url": server.api_url}))


def describe() -> str:
    """In words, which server a command would use.

    Raises:
        Misconfigured: PREFECT_API_URL names one that does not answer.
    """
    if is_set():
        Server(os.environ[URL]).wait(seconds=5)
        return os.environ[URL]
    known = _known()
    return known if known and is_ours(known) else "none is up; one is started when needed"


def keeps_blocks(api_url: str) -> bool:
    """True unless the server answers that it keeps no connection of ours as a block: asked without importing Prefect.

    The block of where results lie, which runs save themselves, does not count.
    """
    from http.client import HTTPException

    wanted = {"block_documents": {"is_anonymous": {"eq_": False}}, "limit": 200, "include_secrets": False}
    try:
        found = json.loads(_ask(f"{api_url}/block_documents/filter", auth_of(api_url), json.dumps(wanted).encode()))
        slugs = [each["block_type"]["slug"] for each in found if each["name"] != RESULTS_BLOCK]
    except (OSError, ValueError, HTTPException, LookupError, TypeError):
        return True
    return any(slug.startswith("pressroom-") for slug in slugs)


def logs_of(flow_run_id: str) -> list[dict[str, Any]]:
    """The log of a flow run on the server that is set, oldest first, 200 lines at a time.

    Raises:
        Misconfigured: the server can't be asked.
    """
    from http.client import HTTPException

    api_url, found = os.environ[URL], list[dict[str, Any]]()
    wanted = {"logs": {"flow_run_id": {"any_": [flow_run_id]}}, "sort": "TIMESTAMP_ASC", "limit": 200}
    try:
        while len(page := json.loads(_ask(f"{api_url}/logs/filter", auth_of(api_url), _body(wanted, len(found))))):
            found += page
    except (OSError, ValueError, HTTPException) as error:
        raise Misconfigured(f"The Prefect server at {api_url} gives no logs: {error}.", hint=_SET_ANOTHER) from None
    return found


def _body(wanted: Mapping[str, Any], offset: int) -> bytes:
    return json.dumps({**wanted, "offset": offset}).encode()


def _ask(url: str, auth: str | None, body: bytes) -> bytes:
    import urllib.request

    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 (the user's own)
    if auth:
        request.add_header("Authorization", f"Basic {base64.b64encode(auth.encode()).decode()}")
    with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
        read: bytes = answer.read()
    return read


def is_up(api_url: str) -> bool:
    return _status(f"{api_url}/health") == 200


def _status(url: str, auth: str | None = None) -> int | None:
    """The HTTP status at `url`; None when it can't be reached."""
    import urllib.error  # 0.2 s, which a command without a server does not wait for
    import urllib.request
    from http.client import HTTPException

    try:
        request = urllib.request.Request(url)  # noqa: S310 (the user's own address)
        if auth:
            request.add_header("Authorization", f"Basic {base64.b64encode(auth.encode()).decode()}")
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError, HTTPException):
        return None


def _use(api_url: str) -> None:
    """Have Prefect, here and in children, find our own server and be let in."""
    os.environ[URL], os.environ[AUTH] = api_url, _own_auth()


def _own_auth() -> str:
    """Our own server asks for the user's PREFECT_SERVER_API_AUTH_STRING, or for a random line made once."""
    if chosen := os.environ.get(SERVER_AUTH):
        return chosen
    from pressroom.vault import kept

    _make_home()
    auth = kept(auth_file(), "Set PRESSROOM_HOME to a folder that can be written.", prefix="pressroom:")
    redaction.register_secret(auth.partition(":")[2])
    return auth


def _start(port: int) -> Server:
    _make_home()
    api_url = f"http://127.0.0.1:{port}/api"
    _use(api_url)
    turn = _turn()
    server = Server(api_url, _launched(api_url), turn)
    atexit.register(server.stop)
    return server


def _turn() -> TextIOWrapper:
    """A lock on this home's servers, once no other command is starting one; at most START_SECONDS later."""
    lock, deadline = (_home() / "starting.lock").open("a"), time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            time.sleep(0.1)
    return lock


def _launched(api_url: str) -> subprocess.Popen[bytes]:
    page = api_url.removesuffix("/api")
    guarded = {SERVER_AUTH: _own_auth(), "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": page}
    # The page asks where its API is; without the last it is told the default port.
    environment = {**guarded, **os.environ, "PREFECT_SERVER_UI_API_URL": api_url}
    words = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", page.rpartition(":")[2]]
    with _log_file().open("ab") as log:
        return subprocess.Popen(  # noqa: S603 (our own words)
            [sys.executable, "-m", "blocks.tethered", sys.executable, "-m", *words],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=environment,
        )


def _known() -> str | None:
    try:
        return str(json.loads(_note().read_text())["api_url"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _free_port(wanted: int | None) -> int:
    """`wanted` while it is free, else another one."""
    for port in (wanted or 0, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise Misconfigured(
        "There is no free port for the Prefect server.", hint="End other programs, or set PREFECT_API_URL."
    )


def _home() -> Path:
    return (settings().home / "prefect").absolute()


def _make_home() -> None:
    try:
        private_folder(_home())
    except OSError as error:
        raise Misconfigured(
            f"The folder {_home()} can't be made: {error.strerror}.",
            hint="Set PRESSROOM_HOME to one that can be written.",
        ) from None


def _note() -> Path:
    return _home() / "server.json"


def _log_file() -> Path:
    return _home() / "server.log"
