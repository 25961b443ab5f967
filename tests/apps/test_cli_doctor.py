"""`pressroom doctor`: well, or what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from apps.cli import doctor, local
from pressroom.calls import prices
from pressroom.errors import Misconfigured
from pressroom.settings import settings
from pressroom.store.publishing_tables import ChannelRow
from sandbox import ProviderServer
from sandbox.trends import TrendServer
from tests.fixtures.running import Said


@pytest.fixture(autouse=True)
def nothing_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests leave deployments on the server that they share; `tests/deployments` tries this check for itself."""
    monkeypatch.setattr("apps.cli.doctor._deployed", lambda: "nothing yet")


@pytest.fixture(autouse=True)
def no_sources_of_trends(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches outside: without addresses, feeds are nowhere."""
    monkeypatch.setenv("PRESSROOM_TRENDS__SOURCES", "feeds")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day after which nothing that ships is old."""
    monkeypatch.setattr("apps.cli.doctor._today", lambda: date(2026, 12, 1))


def test_with_nothing_configured_all_is_well(cli: Callable[..., Said], prefect_api: str) -> None:
    said = cli("doctor")
    assert said.code == 0, said.out
    lines = said.out.splitlines()
    assert all(line.startswith("ok  ") for line in lines)
    for what in (
        "database",
        "artifact store",
        "provider offline",
        "channels",
        "formats",
        "workspace file",
        "Prefect server",
    ):
        assert any(f" {what}: " in line for line in lines)
    assert prefect_api in said.out
    assert "\x1b" not in said.out


def test_sources_of_trends_are_named_with_their_keys_and_none_of_them_is_asked(
    cli: Callable[..., Said], migrated_home: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that can't be reached is no failure of this machine."""
    with TrendServer() as server:
        for name, text in {**server.env, "PRESSROOM_TRENDS__SOURCES": "hacker_news,feeds,x"}.items():
            monkeypatch.setenv(name, text)
        said = cli("doctor")
        assert not server.journal
    assert said.code == 0, said.out
    assert "trend sources: hacker_news, feeds, x reachable; bluesky off; " in said.out
    monkeypatch.delenv("PRESSROOM_TRENDS__YOUTUBE_KEY")
    monkeypatch.delenv("PRESSROOM_TRENDS__FEEDS")
    settings.cache_clear()
    said = cli("doctor")
    assert "ok   trend sources: not reachable: hacker_news (127.0.0.1), feeds (127.0.0.1), x (127.0.0.1)" in said.out
    assert "feeds: PRESSROOM_TRENDS__FEEDS not set" in said.out
    assert "youtube off (PRESSROOM_TRENDS__YOUTUBE_KEY not set)" in said.out
    settings.cache_clear()
    assert "trend sources: hacker_news, x on" in cli("doctor", "--no-online").out
    monkeypatch.delenv("PRESSROOM_TRENDS__X_BEARER_TOKEN")
    settings.cache_clear()
    said = cli("doctor")
    assert said.code == 1
    assert "FAIL trend sources: x is among PRESSROOM_TRENDS__SOURCES without a key." in said.out
    assert "Set PRESSROOM_TRENDS__X_BEARER_TOKEN." in said.out


def test_channels_in_trouble_are_named(cli: Callable[..., Said], migrated_home: None) -> None:
    home = local.home(None)
    row = ChannelRow(
        workspace_id=home.id, platform="bluesky", remote_id="d", name="mill", state="needs_account", problem="Revoked."
    )
    with local.database().write() as session:
        session.add(row)
    said = cli("doctor")
    assert said.code == 1
    assert "FAIL channels: channels that need a person: 1. Bluesky mill: Revoked." in said.out


@pytest.mark.parametrize("name", ["openai", "anthropic"])
def test_a_provider_that_answers_is_well(
    name: str, cli: Callable[..., Said], provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_TEXT_CHAIN", name)
    provider.configure(known_models=("gpt-4.1-mini", "claude-haiku-4-5"))
    said = cli("doctor")
    assert said.code == 0, said.out
    assert f"provider {name}: answers, model" in said.out


@pytest.mark.parametrize(
    ("options", "said_so"),
    [
        ({"accepted_keys": ("right",)}, "openai refused the key"),
        ({"known_models": ("gpt-5",)}, "openai does not know the model 'gpt-4.1-mini'"),
    ],
    ids=["wrong key", "unknown model"],
)
def test_a_provider_that_refuses_is_named_with_what_to_do(
    options: dict[str, tuple[str, ...]],
    said_so: str,
    cli: Callable[..., Said],
    provider: ProviderServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PRESSROOM_TEXT_CHAIN", "openai,offline")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-to-be-shown")
    provider.configure(**options)
    said = cli("doctor")
    assert said.code == 1
    assert f"FAIL provider openai: {said_so}" in said.out
    assert "ok   provider offline" in said.out
    assert "sk-not" not in said.out + said.err
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize(
    ("variable", "value", "check"),
    [
        ("PRESSROOM_STORE_URL", "s3://nowhere/x", "artifact store"),
        ("PRESSROOM_DATABASE_URL", "postgresql+psycopg://me:hidden@127.0.0.1:9/x", "database"),
        ("PRESSROOM_DATABASE_URL", "nonsense", "database"),
        ("PRESSROOM_TEXT_CHAIN", "openai", "provider openai"),
        ("PRESSROOM_TEXT_CHAIN", "nobody", "provider nobody"),
        ("PRESSROOM_FORMATS", "haiku", "formats"),
        ("PRESSROOM_WORKSPACE_FILE", "/no/such/file", "workspace file"),
    ],
)
def test_what_is_not_well_fails_alone_and_says_what_to_do(
    variable: str, value: str, check: str, cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # nobody listens there
    said = cli("doctor")
    assert said.code == 1
    lines = said.out.splitlines()
    (failed,) = [number for number, line in enumerate(lines) if line.startswith("FAIL")]
    assert lines[failed].startswith(f"FAIL {check}: ")
    assert lines[failed + 1].startswith("     "), "a hint follows"
    assert "hidden" not in said.out
    assert "Traceback" not in said.out + said.err


def test_models_and_prices_that_were_checked_more_than_180_days_ago_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    dates = prices.dated()
    assert {"models", "openai/prices", "openai/image", "anthropic/prices", "gemini/gemini"} < set(dates)
    assert not any(name.startswith("offline") for name in dates), "nothing costs money there"
    monkeypatch.setattr("apps.cli.doctor._today", lambda: min(dates.values()) + timedelta(days=180))
    assert doctor._vendor_figures().endswith("each checked within 180 days")
    monkeypatch.setattr("apps.cli.doctor._today", lambda: dates["openai/prices"] + timedelta(days=181))
    with pytest.raises(Misconfigured, match=r"anthropic/prices \(2026-") as caught:
        doctor._vendor_figures()
    assert "models (" not in caught.value.message, "that list is younger"
    assert "upgrade" in caught.value.hint


def test_a_prefect_server_that_is_set_and_not_there_is_named(
    cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    from blocks.prefect_server import Server

    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    wait = Server.wait
    monkeypatch.setattr(Server, "wait", lambda self, seconds=None: wait(self, seconds=0.1))
    said = cli("doctor")
    assert said.code == 1
    assert "FAIL Prefect server: The Prefect server at http://127.0.0.1:9/api does not answer." in said.out


def test_a_setting_that_makes_no_sense_is_one_sentence(
    cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_IDEAS", "many")
    said = cli("doctor")
    assert said.code == 1
    assert "PRESSROOM_IDEAS" in said.err
