"""Three calls in ten fail at random, for many runs: every draft is there in the end, once.

Four runs as a rule; twenty with TESTS_ALL_FAULTS=1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from pressroom.errors import ChainExhausted
from sandbox import ProviderServer
from tests.faults.question import THOROUGH, Question
from tests.fixtures.running import DAY

FORMATS = ("linkedin_post", "x_thread", "instagram_reel")
RUNS = 20 if THOROUGH else 4
STARTS = 5
"""Of one run, at most: each gives a draft three attempts, of which all fail once in 37 times."""


@pytest.mark.usefixtures("light_gate")
@pytest.mark.timeout(600)
def test_with_three_calls_in_ten_failing_every_draft_of_every_run_is_stored_once(
    daily: Callable[..., Any],
    provider: ProviderServer,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setenv("PRESSROOM_CIRCUIT_SECONDS", "0.1")
    provider.configure(fault_rate=0.3, seed=20, retry_after=0)
    starts = [starts_of(daily, dt.date.fromisoformat(DAY) + dt.timedelta(days=day)) for day in range(RUNS)]
    record_property("starts", starts)

    assert max(starts) <= STARTS
    assert sum(starts) < 2 * RUNS, f"the chain's own attempts are to be enough for most runs: {starts}"
    failed = sum(count for kind, count in provider.counts["outcome"].items() if kind != "answered")
    assert failed > RUNS, "it was to be bad luck"
    Question(provider, ideas=5, formats=3, runs=RUNS).answer()


def starts_of(daily: Callable[..., Any], day: dt.date) -> int:
    """How often the run of `day` had to be started until it was complete."""
    for start in range(1, STARTS + 1):
        with suppress(ChainExhausted):  # for the ideas
            if daily(date=day, ideas=5, formats=FORMATS, chain=("openai",)).status == "completed":
                return start
    return STARTS + 1
