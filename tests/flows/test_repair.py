"""Repairing what is not as it should be: only that, for nothing more than it costs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.redo import redo
from pressroom.model import RedoRequest
from sandbox import Fault, FaultRule, ProviderServer, Reply
from tests.fixtures.running import DAY, Said, finished, start, table_rows

pytestmark = pytest.mark.usefixtures("light_gate", "migrated_home")

TWO = ("daily", "--date", DAY, "--ideas", "2", "--format", "facebook_post", "--format", "x_thread", "--chain", "openai")


def content_ids(cli: Callable[..., Said]) -> dict[str, str]:
    shown = cli("show", "latest", "--json").json["content"]
    return {f"{item['idea']}/{item['format']}": item["content_id"] for item in shown}


def test_retry_makes_only_what_failed(cli: Callable[..., Said], provider: ProviderServer) -> None:
    provider.fail_by(FaultRule(fault=Fault.SERVER_ERROR, formats=("x_thread",)))
    assert cli(*TWO, "--json").json["failed"] == 2
    kept = content_ids(cli)
    provider.reset()

    again = cli("retry", DAY, "--json").json

    assert (again["status"], again["drafts"], again["failures"]) == ("completed", 4, [])
    assert again["calls"] == {"made": 2, "reused": 3}
    assert provider.counts["purpose"].get("ideas", 0) == 0
    assert content_ids(cli).items() >= kept.items()


def test_retry_goes_by_what_was_asked_for_then_not_by_today_s_settings(
    cli: Callable[..., Said], provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.fail_by(FaultRule(fault=Fault.SERVER_ERROR, formats=("x_thread",)))
    cli(*TWO)
    provider.reset()
    monkeypatch.setenv("PRESSROOM_FORMATS", "pinterest_pin")
    monkeypatch.setenv("PRESSROOM_IDEAS", "9")

    again = cli("retry", "--json").json

    assert (again["status"], again["ideas"], again["drafts"]) == ("completed", 2, 4)
    assert len(table_rows("run")) == 1


def test_redo_writes_one_draft_anew_and_keeps_the_old_wording(
    cli: Callable[..., Said], provider: ProviderServer
) -> None:
    cli(*TWO)
    before = {row["id"]: row for row in table_rows("content")}
    chosen = next(row for row in before.values() if row["format"] == "facebook_post")
    calls = provider.counts["total"]

    said = cli("redo", chosen["id"][:10], "--note", "Begin with the number, and be shorter.", "--json")

    assert (said.code, said.json["status"]) == (0, "completed")
    asked = provider.history[calls].body["messages"][-1]["content"]
    assert "Begin with the number, and be shorter." in asked
    assert chosen["text"].splitlines()[0] in asked
    after = {row["id"]: row for row in table_rows("content")}
    assert {name: row for name, row in after.items() if name != chosen["id"]} == {
        name: row for name, row in before.items() if name != chosen["id"]
    }
    assert after[chosen["id"]]["text"] != chosen["text"]
    wordings = [row for row in table_rows("revision") if row["content_id"] == chosen["id"]]
    assert [(row["number"], row["note"]) for row in wordings] == [
        (1, "generated"),
        (2, "Begin with the number, and be shorter."),
    ]
    assert [row["text"] for row in wordings] == [chosen["text"], after[chosen["id"]]["text"]]
    brief = json.loads(Path(said.json["artifacts"]["brief_json"]).read_text("utf-8"))
    shown = [draft for idea in brief["ideas"] for draft in idea["drafts"] if draft["content_id"] == chosen["id"]]
    assert [part["text"] in after[chosen["id"]]["text"] for part in shown[0]["parts"]] == [True]
    traced = cli("trace", chosen["id"], "--json").json
    assert [len(revision["calls"]) for revision in traced["revisions"]] == [1, 1]
    assert said.json["calls"]["made"] == 1

    redo(RedoRequest(content=chosen["id"], note="Less formal.", suggest=True))

    assert {row["id"]: row for row in table_rows("content")} == after  # a suggestion leaves the draft as it is
    (suggested,) = table_rows("suggestion")
    assert (suggested["wish"], suggested["state"], suggested["base"]) == ("Less formal.", "open", 2)
    assert suggested["text"] not in {row["text"] for row in wordings}


def test_a_redo_that_fails_leaves_the_draft_and_the_run_as_they_were(
    cli: Callable[..., Said], provider: ProviderServer
) -> None:
    cli(*TWO)
    before = table_rows("content")
    provider.fail_by(FaultRule(fault=Fault.BAD_KEY))

    said = cli("redo", before[0]["id"])

    assert said.code == 1
    assert "refused the key" in " ".join(said.err.split())
    assert "Traceback" not in said.err
    assert table_rows("content") == before
    assert [row["status"] for row in table_rows("run")] == ["completed"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("redo", "nothere"), "No piece of content"),
        (("retry", "nothere"), "There is no run"),
        (("backfill", "2026-11-05", "2026-11-01"), "the last day is before the first"),
        (("backfill", "2020-01-01", "2026-11-01"), "366 days at most"),
        (("backfill", "2026-11-05", "tomorrow"), "is not a date"),
        (("cancel", "nothere"), "There is no run"),
    ],
)
def test_what_can_t_be_is_said_in_a_sentence(cli: Callable[..., Said], words: tuple[str, ...], problem: str) -> None:
    said = cli(*words)

    assert said.code == 2
    assert problem in " ".join(said.err.split())
    assert "Traceback" not in said.err


def test_backfill_makes_each_day_its_own_run_and_a_failed_day_stops_no_other(
    cli: Callable[..., Said], provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_IDEAS", "1")
    monkeypatch.setenv("PRESSROOM_FORMATS", "facebook_post")
    monkeypatch.setenv("PRESSROOM_TEXT_CHAIN", "openai")
    provider.enqueue(Reply(fault=Fault.BAD_KEY, purposes=("ideas",)))

    said = cli("backfill", "2026-11-01", "2026-11-03", "--json")

    days = said.json["days"]
    assert [(day["date"], day["status"]) for day in days] == [
        ("2026-11-01", "failed"),
        ("2026-11-02", "completed"),
        ("2026-11-03", "completed"),
    ]
    assert "refused the key" in days[0]["error"]
    assert said.code == 1
    titles = [row["title"] for row in table_rows("subject")]
    assert len(set(titles)) == len(titles) == 2

    calls = provider.counts["total"]
    again = cli("backfill", "2026-11-01", "2026-11-03", "--json")
    assert {day["status"] for day in again.json["days"]} == {"completed"}
    assert provider.counts["purpose"]["ideas"] == 4
    assert provider.counts["total"] - calls <= 3


def test_a_run_is_cancelled_and_the_same_command_goes_on_with_it(
    cli: Callable[..., Said], provider: ProviderServer
) -> None:
    provider.configure(latency=6.0)
    process = start(*TWO)
    deadline = time.monotonic() + 60
    while provider.counts.get("purpose") != {"ideas": 1} or provider.counts["in_flight"] == 0:  # drafts under way
        assert time.monotonic() < deadline
        time.sleep(0.1)

    said = cli("cancel", "latest")
    stopped = finished(process)

    assert said.code == 0, said.err
    assert stopped.code == 130
    assert "Traceback" not in stopped.err
    assert [row["status"] for row in table_rows("run")] == ["cancelled"]
    provider.configure(latency=0)
    again = cli(*TWO, "--json")
    assert (again.code, again.json["status"], again.json["drafts"]) == (0, "completed", 4)
    assert provider.counts["purpose"]["ideas"] == 1
    nothing = cli("cancel")
    assert (nothing.code, "nothing to cancel" in nothing.err) == (2, True)


def test_the_budget_of_a_run_stops_paid_calls_and_says_so(
    cli: Callable[..., Said], provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No call is begun that may pass it; once the run went on and ended, nothing of it is told any more."""
    monkeypatch.setenv("PRESSROOM_RUN_BUDGET_USD", "0.0020")

    said = cli(*TWO, "--json")

    assert provider.counts["purpose"]["ideas"] == 1 and provider.counts["purpose"].get("draft", 0) < 4
    assert {failure["code"] for failure in said.json["failures"]} == {"CHAIN_EXHAUSTED"}
    assert all("BUDGET_REACHED" in failure["reason"] for failure in said.json["failures"])
    assert said.json["budget"]["limit"] == "run" and said.json["cost_usd"] <= 0.0020
    monkeypatch.delenv("PRESSROOM_RUN_BUDGET_USD")
    again = cli("retry", "--json").json
    assert (again["status"], again["budget"]) == ("completed", None)


def test_a_chain_that_ends_offline_steps_down_when_the_day_s_budget_is_spent(
    cli: Callable[..., Said], provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_DAY_BUDGET_USD", "0.0001")

    said = cli(*TWO, "--chain", "offline", "--json")

    assert (said.json["status"], said.json["drafts"]) == ("completed", 4)
    assert "draft" not in provider.counts["purpose"]
    assert {row["provider"] for row in table_rows("content")} == {"offline"}
    assert said.json["budget"]["limit"] == "day"


def test_an_estimate_asks_nobody(cli: Callable[..., Said], provider: ProviderServer) -> None:
    said = cli("daily", "--ideas", "5", "--chain", "openai", "--estimate", "--json")

    estimate: dict[str, Any] = said.json
    assert (estimate["calls"], provider.counts["total"]) == (16, 0)
    assert 0 < estimate["expected_usd"] < estimate["most_usd"] < 1
    before = cli(*TWO, "--estimate", "--json").json
    made = cli(*TWO, "--json").json
    assert 0.3 < made["cost_usd"] / before["expected_usd"] < 1.5
    after = cli(*TWO, "--estimate", "--json").json
    assert (after["calls"], after["expected_usd"], after["reused"]) == (0, 0, before["calls"]), "what is paid is not"
