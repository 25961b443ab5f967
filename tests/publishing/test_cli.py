"""`pressroom publish` and `pressroom publications`, in this process, on a press and its stand-ins."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from apps.cli import local, main
from pressroom.errors import WrongInput
from pressroom.model.publication_states import PartState
from pressroom.publishers.ledger.moves import move_part, parts_of
from pressroom.review import publications
from pressroom.settings import settings
from pressroom.store.publishing_tables import ChannelRow, Publication
from tests.fixtures.desk import desk_postgres_url, desk_sqlite_url, desk_url  # noqa: F401
from tests.fixtures.press import Press


class Said(NamedTuple):
    """The end of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def run(
    press: Press, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], clean_environment: None
) -> Iterator[Run]:
    for name, value in {
        "DATABASE_URL": f"sqlite:///{press.database.url.database}", "STORE_URL": str(press.source.home / "artifacts"),
        "HOME": str(press.source.home), "SECRET_KEY": "v" * 32, "SOCIAL_SANDBOX": press.server.url,
        "WORKSPACE": press.workspace.name,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"PRESSROOM_{name}", value)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    for known in (settings, local.database):
        known.cache_clear()

    def run(*words: str) -> Said:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["pressroom", *words])
        code = main._run()
        return Said(code, *capsys.readouterr())

    yield run
    local.database().close()
    local.database.cache_clear()


def test_what_is_planned_before_a_channel_that_refuses_is_told(press: Press, run: Run) -> None:
    """Of two channels the first had its plan, and the command said nothing but the second one's error."""
    content, first, other = press.draft(), press.channel("bluesky"), press.channel("x")
    done = run("publish", content.id, "--channel", first.id, "--channel", other.id, "--channel", first.id, "--next")
    assert (done.code, done.out.count("planned on")) == (2, 1), done
    assert "can't be sent to X" in done.err


def test_a_draft_is_looked_at_planned_and_sent(press: Press, run: Run) -> None:
    content, channel = press.draft(), press.channel("bluesky")
    shown = run("publish", content.id[:8], "--channel", channel.name, "--now", "--dry-run")
    assert shown.code == 0, shown
    for words in (
        "--- post 1:",
        "cost           Bluesky asks no price.",
        "proof          certain:",
        "It can be planned.",
    ):
        assert words in shown.out
    found = run("publish", content.id[:8], "--channel", "bluesky", "--now", "--dry-run", "--offline", "--json").json
    assert found[0]["ready"] is True
    assert run("publications").out.startswith("No publications.")

    planned = run("publish", content.id, "--channel", channel.id[:6], "--now")
    assert (planned.code, "planned on" in planned.out) == (0, True), planned
    assert press.public() == 0
    worked = run("publish")
    assert (worked.code, worked.out) == (0, "1 published.\n"), worked
    assert press.public() == 1
    assert run("publish").out == "Nothing is due.\n"
    assert run("publish", "--json").json == {"rows": []}

    (row,) = run("publications", "--state", "published", "--channel", "bluesky", "--json").json
    detail = run("publications", "show", row["id"][:8])
    assert row["permalink"] in detail.out
    assert "POST" in detail.out
    assert "Delete at the platform" in detail.out
    again = run("publish", content.id, "--channel", "bluesky")
    assert (again.code, "already" in again.err) == (2, True)
    gone = run("publications", "delete", row["id"][:8], "--yes")
    assert (gone.code, press.public()) == (0, 0), gone


def test_a_publication_is_moved_cancelled_and_decided(press: Press, run: Run) -> None:
    row = press.plan(press.draft(), press.channel("bluesky"), at="next_free")
    assert "2099-12-01 09:00" in run("publications", "move", row.id[:6], "--at", "2099-12-01 09:00").out
    assert "is cancelled" in run("publications", "cancel", row.id[:6]).out
    assert "is planned" in run("publications", "move", row.id, "--next").out
    with press.database.write() as session:
        known = session.get_one(Publication, row.id)
        for state in ("claimed", "preparing", "ready", "armed", "sending", "unknown", "needs_person"):
            move_part(session, known, parts_of(session, row.id)[0], PartState(state), seen=[{"text": "Alike."}])
    shown = run("publications", "show", row.id[:6]).out
    assert f"pressroom publications decide {row.id[:8]} there" in shown
    assert "Alike." in shown
    assert "is published" in run("publications", "decide", row.id[:6], "there", "--url", "https://example.com/1").out


def test_wrong_words_are_usage_errors(press: Press, run: Run) -> None:
    content, _ = press.draft(approve=False), press.channel("bluesky")
    for words, reason in (
        (["publish", content.id], "Which channel?"),
        (["publish", "--channel", "bluesky"], "Which draft?"),
        (["publish", content.id, "--channel", "elsewhere"], "There is no channel 'elsewhere'"),
        (["publish", content.id, "--channel", "bluesky", "--at", "tomorrow"], "is no time"),
        (["publish", content.id, "--channel", "bluesky", "--at", "2020-01-01 09:00"], "has passed"),
        (["publish", content.id, "--channel", "bluesky", "--now", "--next"], "More than one time"),
        (["publish", content.id, "--channel", "bluesky", "--option", "privacy"], "is not NAME=VALUE"),
        (["publish", content.id, "--channel", "bluesky"], "is not approved"),
        (["publications", "--state", "lost"], "There is no state 'lost'"),
        (["publications", "show", "ffff"], "No publication begins"),
        (["publications", "move", "ffff"], "To which time?"),
        (["publications", "decide", "ffff", "send", "--url", "https://a.example"], "it is not there"),
    ):
        said = run(*words)
        assert (said.code, reason in said.err) == (2, True), (words, said)
    assert run("publish", content.id, "--channel", "bluesky", "--dry-run", "--offline").code == 1


def test_a_command_sees_its_workspace_alone(
    desk_url: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    clean_environment: None,
) -> None:
    monkeypatch.setenv("PRESSROOM_DATABASE_URL", desk_url)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    for known in (settings, local.database):
        known.cache_clear()
    for name in ("one", "two"):
        row = local.home(name, make=True)
        with local.database().write() as session:
            session.add(ChannelRow(workspace_id=row.id, platform="x", remote_id=name, name=name))
    database, caller = local.as_operator("one")
    assert caller.workspace == "one"
    assert publications.find_channel(database, "x").name == "one"
    with pytest.raises(WrongInput, match="There is no channel 'two'"):
        publications.find_channel(database, "two")
    database.close()
    local.database().close()
    local.database.cache_clear()
