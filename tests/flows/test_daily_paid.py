"""The daily flow with a paid provider: what is asked on the wire, what it costs, what is labelled."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import Fault, FaultRule, ProviderServer
from sandbox.records import Record
from tests.fixtures.running import DAY, Said

pytestmark = pytest.mark.usefixtures("light_gate", "migrated_home")

FIVE_IDEAS = ("daily", "--date", DAY, "--ideas", "5", "--json")


def texts(provider: ProviderServer) -> list[Record]:
    return [record for record in provider.history if record.purpose in {"ideas", "draft"}]


def schema_of(record: Record) -> Any:
    """The JSON schema a request came with, in either provider's place for it."""
    if "response_format" in record.body:
        return record.body["response_format"]["json_schema"]["schema"]
    return record.body["output_config"]["format"]["schema"]


def test_five_ideas_on_openai_take_sixteen_requests_and_one_moderation_a_draft(
    cli: Callable[..., Said], provider: ProviderServer
) -> None:
    said = cli(*FIVE_IDEAS, "--chain", "openai")
    assert said.code == 0, said.err
    report = said.json
    assert provider.counts["purpose"] == {"ideas": 1, "draft": 15, "moderation": 15}
    for record in texts(provider):
        assert record.model == "gpt-4.1-mini"
        assert record.body["temperature"] == (0.8 if record.purpose == "ideas" else 0.7)
        assert 100 <= record.body["max_completion_tokens"] <= 1000
        assert schema_of(record)["properties"]
    assert (report["status"], report["date"], report["ideas"], report["drafts"]) == ("completed", DAY, 5, 15)
    assert (report["quarantined"], report["failed"]) == (0, 0)
    assert report["calls"] == {"made": 16, "reused": 0}
    assert report["tokens"]["input"] > 0 < report["tokens"]["output"]
    assert report["cost_usd"] > 0 < report["seconds"]
    assert all(Path(address).exists() for address in report["artifacts"].values())
    assert set(report["artifacts"]) == {"folder", "brief_md", "brief_html", "brief_json", "data_docs"}


def test_five_ideas_on_anthropic_take_sixteen_requests(cli: Callable[..., Said], provider: ProviderServer) -> None:
    report = cli(*FIVE_IDEAS, "--chain", "anthropic").json
    assert provider.counts["purpose"] == {"ideas": 1, "draft": 15}
    for record in texts(provider):
        assert record.model == "claude-haiku-4-5"
        assert 100 <= record.body["max_tokens"] <= 1000
        assert schema_of(record)["properties"]
    assert report["calls"]["made"] == 16
    assert report["cost_usd"] > 0


def test_the_schema_of_a_draft_is_that_of_its_format(daily: Callable[..., Any], provider: ProviderServer) -> None:
    daily(chain=("openai",), formats=("linkedin_post", "youtube_video"))
    fields = {record.format: set(schema_of(record)["properties"]) for record in texts(provider)}
    assert "chapters" in fields["youtube_video"]
    assert "chapters" not in fields["linkedin_post"]


def test_with_a_bad_key_the_next_of_the_chain_takes_over_and_its_drafts_are_labelled(
    cli: Callable[..., Said], provider: ProviderServer
) -> None:
    provider.configure(accepted_keys=("another-key",))
    said = cli("daily", "--date", DAY, "--ideas", "1", "--chain", "openai,offline", "--json")
    assert (said.code, said.json["status"]) == (0, "completed")
    assert provider.counts["outcome"] == {"refused": len(provider.history)}
    brief = json.loads(Path(said.json["artifacts"]["brief_json"]).read_text())
    drafts = [draft for idea in brief["ideas"] for draft in idea["drafts"]]
    assert len(drafts) == 3
    assert all(draft["made_offline"] and draft["provider"] == "offline" for draft in drafts)
    assert "offline" in Path(said.json["artifacts"]["brief_html"]).read_text().lower()


def test_a_passing_fault_costs_a_second_attempt_and_nothing_else(
    daily: Callable[..., Any], provider: ProviderServer, rows: Callable[..., list[dict[str, Any]]]
) -> None:
    provider.fail_by(FaultRule(fault=Fault.SERVER_ERROR, purposes=("draft",), nth=(1,)))
    report = daily(chain=("openai",))
    assert (report.status, report.calls.made) == ("completed", 2)
    calls = [(call["purpose"], call["status"]) for call in rows("provider_call") if call["kind"] == "text"]
    assert calls == [("ideas", "answered"), ("draft", "failed"), ("draft", "answered")]
