"""Models that misbehave: what is asked again, what is quarantined, what fails alone, and what people are told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import Fault, FaultRule, ProviderServer, Reply
from tests.fixtures.running import DAY, Said, every_row

pytestmark = pytest.mark.usefixtures("light_gate", "migrated_home")

ONE = ("daily", "--date", DAY, "--ideas", "1", "--format", "linkedin_post", "--chain", "openai")
TWO_FORMATS = (*ONE, "--format", "x_thread")


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_provider_that_only_chats_fails_the_run_in_a_sentence(
    cli: Callable[..., Said], provider: ProviderServer
) -> None:
    provider.fail_by(FaultRule(fault=Fault.PROSE))
    said = cli(*ONE)
    assert (said.code, said.out) == (1, "")
    assert provider.counts["purpose"] == {"ideas": 3}
    assert "not the JSON that was asked for" in one_line(said.err)
    assert "Traceback" not in said.out + said.err


def test_a_draft_that_is_only_chat_is_listed_everywhere_and_the_rest_goes_on(
    cli: Callable[..., Said], provider: ProviderServer
) -> None:
    provider.fail_by(FaultRule(fault=Fault.PROSE, formats=("x_thread",)))
    said = cli(*TWO_FORMATS, "--json")
    assert (said.code, said.json["status"]) == (0, "partial")
    assert (said.json["drafts"], said.json["failed"]) == (1, 1)
    (failure,) = said.json["failures"]
    assert (failure["format"], failure["code"]) == ("x_thread", "CHAIN_EXHAUSTED")
    assert "not the JSON that was asked for" in failure["reason"]
    brief = json.loads(Path(said.json["artifacts"]["brief_json"]).read_text())
    assert brief["failures"] == said.json["failures"]
    shown = cli("show", DAY)
    assert "failed x_thread" in shown.out
    assert "not the JSON that was asked for" in one_line(shown.out)


def test_a_repeat_makes_only_the_failed_draft(cli: Callable[..., Said], provider: ProviderServer) -> None:
    provider.fail_by(FaultRule(fault=Fault.SERVER_ERROR, formats=("x_thread",), times=3))
    assert cli(*TWO_FORMATS, "--json").json["status"] == "partial"
    before = provider.counts["purpose"]["draft"]
    again = cli(*TWO_FORMATS, "--json").json
    assert (again["status"], again["failed"], again["failures"]) == ("completed", 0, [])
    assert again["calls"] == {"made": 1, "reused": 2}
    assert provider.counts["purpose"]["draft"] == before + 1
    assert provider.counts["purpose"]["ideas"] == 1
    shown = cli("show", "latest", "--json").json
    assert (shown["status"], shown["failures"], shown["drafts"]) == ("completed", [], 2)


def test_nothing_but_failed_drafts_is_a_failed_run(cli: Callable[..., Said], provider: ProviderServer) -> None:
    provider.fail_by(FaultRule(fault=Fault.UNAVAILABLE, purposes=("draft",)))
    said = cli(*ONE, "--json")
    assert (said.code, said.json["status"], said.json["drafts"]) == (1, "failed", 0)
    assert "made no draft" in said.err
    assert "503" in said.err


def test_a_draft_that_always_breaks_its_rules_is_quarantined_with_reasons(
    cli: Callable[..., Said], provider: ProviderServer
) -> None:
    for number in range(9):
        post = {"hook": f"Short {number}.", "insights": ["One.", "Two."], "takeaway": "Done.", "hashtags": ["One"]}
        provider.enqueue(Reply(data=post, purposes=("draft",)))
    said = cli(*ONE, "--json")
    assert (said.code, said.json["status"], said.json["quarantined"]) == (0, "partial", 1)
    assert provider.counts["purpose"]["draft"] == 4
    (content,) = every_row()["content"]
    assert (content["state"], content["asked"], len(content["call_ids"])) == ("quarantined", 4, 4)
    assert content["violations"]
    assert content["violations"][0]["message"] in one_line(cli("show").out)
    assert cli(*ONE, "--json").json["calls"]["made"] == 0


def test_feedback_names_what_was_wrong_with_the_draft_before(
    daily: Callable[..., Any], provider: ProviderServer
) -> None:
    provider.fail_by(FaultRule(fault=Fault.RULE_BREAKING, purposes=("draft",), nth=(1,)))
    report = daily(chain=("openai",))
    assert (report.status, report.quarantined, report.calls.made) == ("completed", 0, 3)
    (content,) = every_row()["content"]
    assert (content["asked"], content["violations"]) == (2, [])
    first, second = [record.body["messages"][1]["content"] for record in provider.history if record.format]
    assert '"draft":' in second
    assert '"draft":' not in first
    assert "at least 150" in second


def test_five_identical_ideas_are_asked_for_again_with_what_to_leave_out(
    daily: Callable[..., Any], provider: ProviderServer
) -> None:
    provider.fail_by(FaultRule(fault=Fault.IDENTICAL_IDEAS, nth=(1,), purposes=("ideas",)))
    report = daily(chain=("openai",), ideas=5)
    assert (report.status, report.ideas) == ("completed", 5)
    prompts = [record.body["messages"][1]["content"] for record in provider.history if record.purpose == "ideas"]
    first, second = [json.loads(prompt.partition("<data>")[2].partition("</data>")[0]) for prompt in prompts]
    assert (first["count"], first["exclude"]) == (5, [])
    assert second["count"] == 4
    assert every_row()["subject"][0]["title"] in second["exclude"]


def test_ideas_that_never_differ_end_after_three_more_rounds_with_what_there_is(
    cli: Callable[..., Said], provider: ProviderServer
) -> None:
    same = {"title": "Why rehearsals pay", "description": "A rehearsal on a copy finds the slow step before the night."}
    for _ in range(9):
        provider.enqueue(Reply(data={"ideas": [{**same, "category": "technology"}] * 5}, purposes=("ideas",)))
    said = cli("daily", "--date", DAY, "--ideas", "5", "--format", "linkedin_post", "--chain", "openai", "--json")
    assert provider.counts["purpose"]["ideas"] == 4
    assert (said.code, said.json["status"], said.json["ideas"], said.json["drafts"]) == (0, "partial", 1, 1)


@pytest.mark.parametrize(
    ("title", "why"),
    [("🚀🔥✨🎉🚀🔥", "title_wordless"), ("word " * 2000, "title_too_long"), ("", "title_blank")],
    ids=["emoji only", "10,000 characters", "empty"],
)
def test_an_impossible_title_is_turned_down_and_asked_for_again(
    title: str, why: str, daily: Callable[..., Any], provider: ProviderServer
) -> None:
    idea = {
        "title": title,
        "description": "Two sentences about nothing. They are long enough.",
        "category": "innovation",
    }
    provider.enqueue(Reply(data={"ideas": [idea]}, purposes=("ideas",)))
    report = daily(chain=("openai",))
    assert (report.status, provider.counts["purpose"]["ideas"]) == ("completed", 2)
    (kept,) = every_row()["subject"]
    assert kept["title"] != title.strip()


@pytest.mark.parametrize(
    "title",
    ["لماذا تحتاج ترحيلات قواعد البيانات إلى بروفة", "データベース移行にはリハーサルが必要な理由"],
    ids=["right to left", "CJK"],
)
def test_titles_in_other_scripts_come_through_intact(
    title: str, cli: Callable[..., Said], provider: ProviderServer
) -> None:
    idea = {"title": title, "description": f"{title}. {title}.", "category": "technology"}
    provider.enqueue(Reply(data={"ideas": [idea]}, purposes=("ideas",)))
    report = cli(*ONE, "--json").json
    assert (report["status"], report["drafts"]) == ("completed", 1)
    for kind in ("brief_md", "brief_html", "brief_json"):
        assert title in Path(report["artifacts"][kind]).read_text("utf-8")
    (content,) = every_row()["content"]
    assert content["text"] in cli("trace", content["id"]).out
    assert title in cli("show").out


def test_moderation_out_of_order_stops_nothing(daily: Callable[..., Any], provider: ProviderServer) -> None:
    provider.fail_by(FaultRule(fault=Fault.SERVER_ERROR, purposes=("moderation",)))
    assert daily(chain=("openai",)).status == "completed"


def test_what_moderation_flags_is_kept_for_a_person_to_look_at(
    daily: Callable[..., Any], provider: ProviderServer
) -> None:
    provider.configure(flagged={"a": "harassment"})
    report = daily(chain=("openai",))
    assert (report.status, report.flagged) == ("completed", 1)
    assert every_row()["content"][0]["findings"][0]["kind"] == "harassment"


def test_a_batch_gate_that_breaks_down_loses_nothing_and_a_repeat_judges(
    cli: Callable[..., Said], provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pressroom.gates.batch_gate import BatchGate

    with monkeypatch.context() as patch:
        patch.setitem(BatchGate.__init__.__kwdefaults__, "command", ("/bin/false",))
        said = cli(*ONE, "--json")
    assert (said.code, said.json["status"], said.json["drafts"]) == (0, "partial", 1)
    (run,) = every_row()["run"]
    assert (run["gate"]["ran"], run["gate"]["success"]) == (False, False)
    assert "was not judged" in Path(said.json["artifacts"]["brief_md"]).read_text("utf-8")
    assert "Traceback" not in said.out + said.err
    again = cli(*ONE, "--json").json
    assert (again["status"], again["calls"]["made"]) == ("completed", 0)
