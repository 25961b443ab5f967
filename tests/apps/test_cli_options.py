"""The words of a command make the request that its model describes: no option is written by hand."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Callable
from typing import Any

import pytest

from pressroom.model import DailyRequest, RepurposeRequest
from pressroom.model.exports import ExportRequest
from pressroom.model.optimizing import LogoWish, OptimizeRequest
from pressroom.model.repairs import BackfillRequest, RedoRequest, RetryRequest
from tests.fixtures.running import Said

FROM, TO = dt.date(2026, 11, 1), dt.date(2026, 11, 7)
MANUAL: dict[str, Any] = {"trigger": "manual"}

REQUESTS: dict[str, Any] = {
    "daily": DailyRequest(**MANUAL),
    "daily --date 2026-11-01 --ideas 3 --format x_thread,linkedin_post --format tiktok_script": DailyRequest(
        date=FROM, ideas=3, formats=("x_thread", "linkedin_post", "tiktok_script"), **MANUAL
    ),
    "daily --chain openai,offline --focus 'cloud, costs' --workspace mill --refresh --json": DailyRequest(
        chain=("openai", "offline"), focus="cloud, costs", workspace="mill", refresh=True, **MANUAL
    ),
    "repurpose a,b.md - --platform-images none --hashtag ops --hashtag '#sre' --language de": RepurposeRequest(
        sources=("a,b.md", "-"), platform_images=(), hashtags=("ops", "#sre"), language="de", **MANUAL
    ),
    "repurpose --text 'Bees, in cities.' --platform-images x,linkedin --image-chain offline": RepurposeRequest(
        text="Bees, in cities.",
        platform_images=("x", "linkedin"),
        image_chain=("offline",),
        **MANUAL,
    ),
    "optimize a.png --all": OptimizeRequest(images=("a.png",), **MANUAL),
    "optimize a.png b.png --platform x --no-ai --format webp --logo d,k.png --logo l.png --logo-place tiled "
    "--logo-opacity 0.5 --photo all --focus 0.3,0.5 --ban one,two --timeout 30": OptimizeRequest(
        images=("a.png", "b.png"),
        platforms=("x",),
        analyse=False,
        format="webp",
        logo=LogoWish(files=("d,k.png", "l.png"), place="tiled", opacity=0.5),
        photo_styles=(
            "floating",
            "flat_lay",
            "lifestyle",
            "product_art",
            "macro",
            "dark_and_moody",
            "solid_background",
        ),
        focus=(0.3, 0.5),
        banned=("one", "two"),
        timeout=30,
        **MANUAL,
    ),
    "retry": RetryRequest(),
    "retry 3f9a --workspace mill": RetryRequest(run="3f9a", workspace="mill"),
    "redo 8a01 --note Shorter.": RedoRequest(content="8a01", note="Shorter."),
    "backfill 2026-11-01 2026-11-07 --at-once 3 --workspace mill": BackfillRequest(
        first=FROM, last=TO, at_once=3, daily=DailyRequest(workspace="mill", **MANUAL)
    ),
    "backfill 2026-11-01 2026-11-07 --ideas 2 --format x_thread": BackfillRequest(
        first=FROM, last=TO, daily=DailyRequest(ideas=2, formats=("x_thread",), **MANUAL)
    ),
    "export --workspace mill": ExportRequest(workspace="mill"),
}

REFUSALS = {
    "daily --ideas 0": "--ideas: Input should be greater than or equal to 1.",
    "daily --ideas many": "--ideas: Input should be a valid integer",
    "daily --date 20261301": "--date: '20261301' is not a date.",
    "daily --workspace A!": "--workspace: 'A!' can't be one: it must match ",
    "daily --chain grok": "--chain: The chain names 'grok', which is not configured. Choose from: openai",
    "repurpose a.md --image-chain grok": "--image-chain: The image chain names 'grok'",
    "repurpose": "repurpose: name at least one source, or give a text.",
    "repurpose a.md --tone " + "x" * 301: "--tone: at most 300 characters are taken.",
    "optimize a.png --all --logo-place middle": "--logo-place: 'middle' is not one of 'auto', 'lower_right'",
    "optimize a.png --all --logo-opacity 0": "--logo-opacity: Input should be greater than 0.",
    "optimize a.png --all --logo 1 --logo 2 --logo 3": "--logo: at most 2 are taken, and 3 were given.",
    "optimize a.png --all --focus 0.3": "--focus: a value is missing; separate them with commas.",
    "optimize " + "a.png " * 1001 + "--all": "IMAGE: at most 1,000 are taken, and 1,001 were given.",
    "backfill 2026-11-07 2026-11-01": "backfill: the last day is before the first.",
    "backfill 2026-11-01 tomorrow": "TO: 'tomorrow' is not a date.",
    "backfill 2026-11-01 2026-11-02 --ideas 0": "--ideas: Input should be greater than or equal to 1.",
}


def test_what_is_typed_is_the_request(commands: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def stopped(request: Any, *, quiet: bool) -> None:
        asked.append(request)
        raise SystemExit(0)

    monkeypatch.setattr("apps.cli.running.run_flow", stopped)
    monkeypatch.setattr("apps.cli.repair.run_flow", stopped)
    for words in REQUESTS:
        assert commands(*shlex.split(words)).err == ""
    assert dict(zip(REQUESTS, asked, strict=True)) == REQUESTS


def test_what_is_wrong_is_named_by_its_option(commands: Callable[..., Said]) -> None:
    for words, reason in REFUSALS.items():
        said = commands(*shlex.split(words))
        assert (said.code, said.out) == (2, "")
        assert f"Error: {reason}" in " ".join(said.err.split()), said.err


def test_the_help_says_what_the_model_says(commands: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    said = commands("optimize", "--help").out
    for words in (
        "<jpg|png|webp|avif>",
        "[default: 0.18]",
        "--no-ai",
        "IANA time zone the readers live in.",
        "0.03<=x<=1",
    ):
        assert words in said
    assert "trigger" not in said
