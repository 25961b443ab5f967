"""`pressroom channels`: accounts from the command line, on the stand-ins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from sandbox.social.frame.server import SocialServer
from tests.fixtures.running import Said

pytestmark = pytest.mark.usefixtures("migrated_home")

Cli = Callable[..., Said]


@pytest.fixture
def social(monkeypatch: pytest.MonkeyPatch) -> Iterator[SocialServer]:
    from pressroom.settings import settings

    with SocialServer("bluesky", "mastodon", "x") as running:
        monkeypatch.setenv("PRESSROOM_SOCIAL_SANDBOX", running.url)
        settings.cache_clear()
        yield running


def test_an_account_is_added_checked_and_removed(
    cli: Cli, social: SocialServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = next(iter(social["bluesky"].accounts.values()))
    file = tmp_path / "secret.txt"
    file.write_text(f"{account.password}\n", "utf-8")
    added = cli("channels", "add", "bluesky", "--identifier", account.name, "--secret-file", str(file))
    assert (added.code, added.err) == (0, ""), added.err
    assert f"Bluesky {account.name} is connected" in added.out
    [found] = cli("channels", "list", "--json").json
    assert (found["account"]["name"], found["state"]) == (account.name, "connected")
    assert account.password not in cli("channels", "list").out
    channel = found["id"][:8]
    assert "the sign-in works" in cli("channels", "check", channel).out
    assert "the sign-in works" in cli("channels", "check").out  # all of them

    monkeypatch.setattr("sys.stdin", StringIO(f"{account.password}\n"))
    assert cli("channels", "add", "bluesky", "--identifier", account.name).code == 0
    assert len(cli("channels", "list", "--json").json) == 1

    social["bluesky"].revoke()
    broken = cli("channels", "check", channel)
    assert (broken.code, "Connect the channel again" in broken.err) == (1, True)
    assert "needs account" in cli("channels", "list").out
    assert "is removed" in cli("channels", "remove", channel, "--yes").out
    assert "has no channel" in cli("channels", "list").err


def test_the_demo_account_of_the_stand_ins_and_the_desks_page(cli: Cli, social: SocialServer) -> None:
    assert "is connected" in cli("channels", "add", "x", "--sandbox").out
    assert "/settings/channels" in cli("channels", "add", "x").out
    assert cli("channels", "list", "--json").json[0]["platform"] == "x"


def test_mistakes_have_their_exit_code(cli: Cli, social: SocialServer, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("wrong", "utf-8")
    for code, words, said in (
        (2, ("add", "myspace"), "Nothing is published to 'myspace'."),
        (2, ("add", "bluesky"), "needs --identifier"),
        (2, ("add", "mastodon", "--secret-file", str(wrong) + ".missing"), "can't be read"),
        (1, ("add", "bluesky", "--identifier", "a", "--secret-file", str(wrong)), "Invalid identifier or password"),
        (2, ("check", "nothing"), "There is no channel 'nothing'."),
        (2, ("remove", "nothing", "--yes"), "There is no channel"),
    ):
        done = cli("channels", *words)
        assert (done.code, said in done.err) == (code, True), (words, done.err)


@pytest.mark.parametrize("command", ["", "list", "add", "check", "remove"])
def test_help_has_examples(cli: Cli, command: str) -> None:
    assert "pressroom channels" in cli("channels", *filter(None, (command,)), "--help").out
