"""From signals to a grounded post: the flow, its commands and a morning that takes opportunities."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fixtures.running import Said, every_row, table_rows

ONE = ("--format", "bluesky_post", "--json")


def test_the_example_day_becomes_grounded_posts_that_say_where_from(cli: Callable[..., Said], light_gate: None) -> None:
    few = ("--source", "hacker_news", "--source", "feeds")
    collected = cli("trends", "collect", "--example", *few, "--json").json["collections"][0]
    assert (collected["status"], collected["region"]) == ("completed", "US") and collected["opened"] > 3
    first, second, *_ = found = cli("opportunities", "list", "--category", "technology", "--json").json
    assert {row["state"] for row in found} == {"open"}
    assert cli("opportunities", "dismiss", first["id"][:8]).code == 0
    assert cli("opportunities", "take", second["id"][:8]).code == 0

    made = cli("daily", "--ideas", "2", *ONE).json
    assert (made["status"], made["drafts"]) == ("completed", 2)
    rows = every_row()
    assert {row["kind"] for row in rows["run"]} == {"trends", "daily"}
    grounded, free = sorted(rows["subject"], key=lambda row: row["position"])
    assert (grounded["kind"], grounded["title"], free["kind"]) == ("opportunity", second["title"], "idea")
    brief = cli("brief").out
    assert f"Opportunity {second['id'][:8]}" in brief and "press.example.com" in brief
    [document] = table_rows("document")
    [post] = [row for row in rows["content"] if row["subject_id"] == grounded["id"]]
    assert document["id"] == grounded["document_id"] and post["text"].splitlines()[0] in str(document["body"])
    assert "utm_" not in post["text"] + document["source"]
    trace = cli("trace", post["id"], "--json").json
    assert trace["opportunity"]["id"] == second["id"] and "press.example.com" in trace["sources"][0]


def test_without_a_network_sources_are_named_and_the_collection_ends_well(
    cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_TRENDS__SANDBOX", "http://127.0.0.1:9")
    said = cli("trends", "collect", "--source", "hacker_news", "--source", "bluesky")
    assert said.code == 0 and "hacker_news" in said.out and "failed" in said.out and "--example" in said.out
    assert cli("trends", "collect", "--source", "nonsense").code == 2
    assert cli("trends", "collect", "--region", "Germany").code == 2
    assert cli("trends", "show", "abc").code == 2 and cli("opportunities", "take", "abc").code == 2
    assert cli("trends", "score", "--replay", "--weights", "1,1,1,1").code == 2
