"""Which Prefect server a command uses, and what it leaves in the environment."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from blocks import prefect_server
from blocks.prefect_server import Server
from pressroom.errors import Misconfigured


@pytest.fixture(autouse=True)
def no_prefect_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that never saw Prefect; whatever a test sets is taken back."""
    for name in (
        *prefect_server.DEFAULTS,
        "PREFECT_HOME",
        "PREFECT_API_URL",
        prefect_server.SERVER_AUTH,
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL",
    ):
        monkeypatch.setenv(name, "to be taken back")
        monkeypatch.delenv(name)


def test_prefects_home_is_below_our_own(tmp_path: Path) -> None:
    prefect_server.prepare()
    assert os.environ["PREFECT_HOME"] == str(tmp_path / ".pressroom" / "prefect")
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


@pytest.mark.parametrize("name", ["PREFECT_HOME", "PREFECT_API_URL"])
def test_what_the_user_has_set_stays(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://of-the-user/api")
    monkeypatch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "true")
    prefect_server.prepare()
    assert os.environ[name] == "http://of-the-user/api"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "true"
    assert {"PREFECT_HOME", "PREFECT_API_URL"} & set(os.environ) == {name}


def test_a_server_that_is_set_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    server = prefect_server.at_hand()
    assert (server.api_url, server.process, server.ui_url) == ("http://127.0.0.1:9/api", None, "http://127.0.0.1:9")
    with pytest.raises(Misconfigured, match="does not answer"):
        server.wait(seconds=0.1)


def test_nobody_is_told_to_unset_what_was_not_set() -> None:
    prefect_server.remember(Server("http://127.0.0.1:9/api"))
    with pytest.raises(Misconfigured) as refused:
        Server("http://127.0.0.1:9/api").wait(seconds=0)
    assert "give the command again" in refused.value.hint
    assert "PREFECT_API_URL" not in refused.value.hint


def test_a_server_that_was_remembered_is_found_while_it_is_up(
    prefect_api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(prefect_server.SERVER_AUTH, os.environ[prefect_server.AUTH])
    os.environ.pop("PREFECT_API_URL", None)
    assert prefect_server.describe().startswith("none is up")
    prefect_server.remember(Server(prefect_api))
    assert prefect_server.describe() == prefect_api
    assert prefect_server.at_hand() == Server(prefect_api)
    prefect_server.remember(Server("http://127.0.0.1:9/api"))
    os.environ.pop("PREFECT_API_URL", None)
    assert prefect_server.describe().startswith("none is up")


class Anything(BaseHTTPRequestHandler):
    """A foreign server: well, and glad of everybody."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_foreign_server_is_not_taken_for_ours_and_keeps_its_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(prefect_server.AUTH, "to be taken back")
    monkeypatch.setattr(prefect_server, "_launched", lambda _: None)
    with ThreadingHTTPServer(("127.0.0.1", 0), Anything) as foreign:
        threading.Thread(target=foreign.serve_forever, args=(0.02,), daemon=True).start()
        theirs = f"http://127.0.0.1:{foreign.server_port}/api"
        prefect_server.remember(Server(theirs))
        assert prefect_server.is_up(theirs)
        assert not prefect_server.use_known()
        assert prefect_server.at_hand(foreign.server_port).api_url not in {theirs, None}
        foreign.shutdown()
    auth = prefect_server.auth_file()
    assert (stat.S_IMODE(auth.stat().st_mode), len(auth.read_text())) == (0o600, 74)
    assert os.environ[prefect_server.AUTH] == auth.read_text()


def test_our_server_asks_for_a_secret_and_answers_pages_of_its_own_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[dict[str, str]] = []
    monkeypatch.delenv(prefect_server.SERVER_AUTH, raising=False)
    monkeypatch.setattr(prefect_server.subprocess, "Popen", lambda *_, env, **__: begun.append(env))
    prefect_server.Server("http://127.0.0.1:4321/api").restart()
    (environment,) = begun
    assert environment["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4321"
    assert environment[prefect_server.SERVER_AUTH] == prefect_server.auth_file().read_text()


def test_a_note_that_is_broken_is_no_server(tmp_path: Path) -> None:
    note = tmp_path / ".pressroom" / "prefect" / "server.json"
    note.parent.mkdir(parents=True)
    for text in ("", "{}", "[]", "nonsense"):
        note.write_text(text)
        assert prefect_server.describe().startswith("none is up")


def test_a_server_that_ends_while_starting_is_told_with_its_log() -> None:
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]) as process:
        with pytest.raises(Misconfigured, match=r"ended while starting.*server\.log"):
            Server("http://127.0.0.1:9/api", process).wait(seconds=20)
        Server("http://127.0.0.1:9/api", process).stop()


def test_choosing_a_server_imports_no_prefect() -> None:
    code = "import sys, blocks.prefect_server; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
