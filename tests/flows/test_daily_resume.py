"""A run that is killed, and a run that is started twice: nothing paid for twice, nothing there twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from pressroom.errors import DatabaseUnusable
from sandbox import ProviderServer
from tests.fixtures.running import DAY, Said, every_row, finished, start, table_rows

WORDS = ("daily", "--date", DAY, "--ideas", "5", "--chain", "openai", "--json")
AT_ONCE = 3


def wait_for_drafts(least: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if len(table_rows("content")) >= least:
                return
        except (DatabaseUnusable, OperationalError):
            pass  # it has no tables yet
        time.sleep(0.05)
    raise AssertionError(f"No {least} drafts within {seconds} s.")


def test_a_second_start_is_refused_and_a_killed_run_is_taken_up_where_it_was(
    cli: Callable[..., Said], provider: ProviderServer, light_gate: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_CONCURRENCY", str(AT_ONCE))
    provider.configure(latency=0.5)
    first = start(*WORDS)
    try:
        wait_for_drafts(2)
        provider.configure(latency=25)  # it will be in the middle for long
        refused = cli(*WORDS)
        assert (refused.code, refused.out) == (1, "")
        assert "is being made by" in refused.err
        assert "Traceback" not in refused.err
    finally:
        first.kill()
        finished(first)
    stored = every_row()
    assert 2 <= len(stored["content"]) < 15, "it was to be killed in the middle"
    assert stored["run"][0]["status"] == "running"

    provider.configure(latency=0)
    said = cli(*WORDS)
    assert (said.code, said.json["status"], said.json["drafts"]) == (0, "completed", 15)
    asked = provider.counts["purpose"]
    assert asked["ideas"] == 1
    assert asked["ideas"] + asked["draft"] <= 16 + AT_ONCE
    rows = every_row()
    assert rows["content"][: len(stored["content"])] == stored["content"]
    assert (len(rows["run"]), len(rows["subject"]), len(rows["content"]), len(rows["revision"])) == (1, 5, 15, 15)
    assert Counter(call["status"] for call in rows["provider_call"] if call["kind"] == "text") == {"answered": 16}
    assert said.json["calls"]["made"] + said.json["calls"]["reused"] == 16
