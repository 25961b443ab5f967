"""GraphQL: the lists of the API in one query, as the caller may see them, at a cost that is limited."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from apps.api.graph.schema import schema
from pressroom.review import batches
from tests.fixtures.desk import MadeRun, Person

SNAPSHOT = Path(__file__).parents[3] / "docs" / "schema.graphql"


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """Whose rows are seen is tried by `test_isolation` on both."""
    return desk_sqlite_url


def asked(person: Person, query: str, **variables: Any) -> dict[str, Any]:
    answer = person.post("/api/v1/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(person: Person, query: str, **variables: Any) -> str:
    answer = person.post("/api/v1/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 422 or answer.json()["errors"], answer.text
    return answer.text


def test_the_schema_changes_only_on_purpose(viewer: Person) -> None:
    """After a change that is wanted: write `schema.as_str()` to docs/schema.graphql, and tell users in CHANGELOG.md."""
    assert schema.as_str() + "\n" == SNAPSHOT.read_text("utf-8")
    assert viewer.get("/api/v1/graphql/schema").json()["schema"] == schema.as_str()
    assert schema.as_str().count("type Mutation") == 0


def test_it_answers_as_the_lists_do(viewer: Person, made_run: MadeRun, their_run: MadeRun) -> None:
    query = """query($platform: String) {
      contents(platform: $platform, limit: 2) { nextCursor
        items { id title state idea { title content { format } } publications { id } } }
      counts { state count }
      ideas { items { id title content { id format state } } }
      opportunities { id } topics { id } publications { items { id } }
      usage(dateFrom: "2026-01-01", dateTo: "2026-01-31") { total { calls costUsd } byDay { on calls } }
    }"""
    found = asked(viewer, query, platform="linkedin")
    assert found["errors"] == []
    data, listed = found["data"], viewer.get("/api/v1/content", params={"platform": "linkedin", "limit": 2}).json()
    assert [each["id"] for each in data["contents"]["items"]] == [each["id"] for each in listed["items"]]
    first, plain = data["contents"]["items"][0], listed["items"][0]
    assert (first["title"], first["state"]) == (plain["title"], plain["state"].upper())
    assert first["idea"]["title"] == plain["title"]
    assert {each["format"] for each in first["idea"]["content"]} == {"linkedin_post", "x_thread", "instagram_reel"}
    assert {each["id"] for each in data["ideas"]["items"]} == set(made_run.ideas)
    counts = viewer.get("/api/v1/content/counts").json()["states"]
    assert {each["state"].lower(): each["count"] for each in data["counts"]} == counts
    assert (
        data["usage"]["total"]["calls"]
        == viewer.get("/api/v1/usage", params={"date_from": "2026-01-01", "date_to": "2026-01-31"}).json()["total"][
            "calls"
        ]
    )


def test_a_page_leads_to_the_next(viewer: Person, made_run: MadeRun) -> None:
    query = "query($cursor: String) { contents(limit: 4, cursor: $cursor) { items { id } nextCursor } }"
    first = asked(viewer, query)["data"]["contents"]
    second = asked(viewer, query, cursor=first["nextCursor"])["data"]["contents"]
    ids = [each["id"] for page in (first, second) for each in page["items"]]
    assert len(set(ids)) == 6
    assert second["nextCursor"] is None


def test_many_rows_are_read_by_one_query_each_kind(
    viewer: Person, made_run: MadeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    read = batches.ideas

    def counted(database: Any, ids: Any) -> Any:
        calls.append(len(ids))
        return read(database, ids)

    monkeypatch.setattr(batches, "ideas", counted)
    asked(viewer, "{ contents { items { idea { title } } } }")
    assert calls == [2]


def test_another_workspace_is_not_seen(viewer: Person, their_run: MadeRun) -> None:
    text = json.dumps(asked(viewer, "{ contents { items { id } } ideas { items { id } } counts { count } }"))
    assert not any(identity in text for identity in (*their_run.ideas, *their_run.content.values()))


def test_a_query_that_costs_too_much_is_refused_before_it_is_run(viewer: Person) -> None:
    deep = "{ contents(limit: 1) { items { idea { content { idea { content { idea { id } } } } } } } }"
    for query, words in (
        (deep, "depth"),
        ("{ ideas(limit: 100) { items { content { idea { content { id } } } } } }", "rows"),
        ("query($n: Int!) { contents(limit: $n) { items { id } } }", "100"),
        ("{ " + " ".join(f"a{n}: counts {{ count }}" for n in range(40)) + " }", "alias"),
        ("{ " + "counts { count } " * 900 + "}", "token"),
        ("{ contents(limit: 0) { items { id } } }", "not a number from 1"),
        ("{ contents(limit: -5) { items { id } } }", "not a number from 1"),
        ("{ contents { items { password } } }", "Cannot query field"),
        ("mutation { publish }", "mutation"),
        ("{ contents(", "can't be read"),
        ("", "can't be read"),
        ('{ usage(dateFrom: "2020-01-01", dateTo: "2026-01-01") { total { calls } } }', "not a span"),
        ('{ contents(cursor: "nonsense") { items { id } } }', "cursor"),
        ("query { ...A } fragment A on Query { ...A }", "spread"),
    ):
        assert words.lower() in refused(viewer, query, n=101).lower(), query


def test_a_mistake_of_ours_tells_nothing(viewer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret path /srv/db")

    monkeypatch.setattr("apps.api.graph.schema.listing.count_by_state", broken)
    said = refused(viewer, "{ counts { count } }")
    assert "secret" not in said
    assert "internal error" in said
