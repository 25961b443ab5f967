"""Trends over HTTP: topics with their parts and signals, sources with health, opportunities moved once, rules."""

from __future__ import annotations

import pytest
from sqlmodel import select

from pressroom.store.database import Database
from pressroom.store.desk_tables import Job
from tests.fixtures.desk import OURS, MadeRun, Person
from tests.fixtures.trends import TITLE, collect_one


@pytest.fixture
def opportunity(operators: Database, made_run: MadeRun) -> str:
    return collect_one(operators, made_run.workspace_id)


def test_a_topic_is_listed_with_its_score_and_shown_with_its_signals(viewer: Person, opportunity: str) -> None:
    [topic] = viewer.get("/api/v1/trends").json()["items"]
    assert (topic["label"], topic["score"]["trend"], topic["score"]["bursting"]) == (TITLE, 77.0, True)
    assert [point["trend"] for point in topic["line"]] == [77.0]
    detail = viewer.get(f"/api/v1/trends/{topic['id']}").json()
    assert [signal["figures"] for signal in detail["signals"]] == [{"points": 120.0}]
    assert viewer.get("/api/v1/trends?region=US").json()["items"] == []
    assert viewer.get("/api/v1/trends?category=science&fields=id").json()["items"] == [{"id": topic["id"]}]
    assert viewer.get("/api/v1/trends?region=us").status_code == 422
    assert viewer.get("/api/v1/trends/bee").status_code == 404  # its beginning alone names no topic


def test_sources_say_how_they_answer(viewer: Person, opportunity: str) -> None:
    found = {one["name"]: one for one in viewer.get("/api/v1/trends/sources").json()["items"]}
    assert found["hacker_news"]["reason"] == "It can't be reached." and found["hacker_news"]["failing_since"]
    assert (found["x"]["is_on"], found["x"]["micros_a_signal"]) == (False, 10_000)
    assert found["youtube"]["missing"] == ["PRESSROOM_TRENDS__YOUTUBE_KEY"]


def test_an_opportunity_is_taken_once_and_by_who_may(viewer: Person, editor: Person, opportunity: str) -> None:
    at = f"/api/v1/opportunities/{opportunity}"
    assert viewer.post(f"{at}/take").status_code == 403
    detail = viewer.get(at).json()
    assert (detail["state"], detail["moves"], detail["signals"]) == ("open", ["taken", "dismissed"], 1)
    assert [signal["key"] for signal in detail["behind"]] == ["bees"]
    done = editor.post(f"{at}/take")
    assert (done.status_code, done.json()["state"], done.json()["moves"]) == (200, "taken", ["open"])
    for again in ("take", "dismiss"):
        refused = editor.post(f"{at}/{again}")
        assert (refused.status_code, refused.json()["code"]) == (409, "MOVE_REFUSED")
    assert viewer.get("/api/v1/opportunities").json()["items"] == []
    [listed] = viewer.get("/api/v1/opportunities?state=taken&state=open").json()["items"]
    assert listed["taken_by"] == done.json()["taken_by"] != ""
    assert viewer.post(f"{at}/give-back").status_code == 403
    back = editor.post(f"{at}/give-back")
    assert (back.status_code, back.json()["state"], back.json()["taken_by"]) == (200, "open", "")
    assert editor.post(f"{at}/give-back").status_code == 409


def test_rules_are_made_changed_and_removed_by_owners(owner: Person, editor: Person) -> None:
    at, wish = "/api/v1/opportunities/rules/news", {"least_score": 60, "categories": ["science"], "most_a_day": 2}
    assert editor.put(at, json=wish).status_code == 403
    assert owner.put(at, json=wish).json() == {**wish, "active": True, "name": "news"}
    owner.put(at, json={**wish, "active": False})
    [rule] = editor.get("/api/v1/opportunities/rules").json()["items"]
    assert rule["active"] is False
    for wrong in ({"least_score": 101}, {"most_a_day": 0}, {"categories": [""]}):
        assert owner.put(at, json=wrong).status_code == 422
    assert [owner.delete(at).status_code for _ in range(2)] == [204, 404]


def test_another_workspace_sees_none_of_it(
    stranger: Person, operators: Database, made_run: MadeRun, viewer: Person, opportunity: str
) -> None:
    [topic] = viewer.get("/api/v1/trends").json()["items"]
    assert stranger.get("/api/v1/trends").json()["items"] == []
    for path in (f"trends/{topic['id']}", f"trends/{topic['topic']}", f"opportunities/{opportunity}"):
        assert stranger.get(f"/api/v1/{path}").status_code == 404
    for move in ("take", "dismiss", "give-back"):
        assert stranger.post(f"/api/v1/opportunities/{opportunity}/{move}").status_code == 404
    assert stranger.get("/api/v1/opportunities").json()["items"] == []


def test_a_collection_is_queued_for_the_callers_workspace_alone(
    viewer: Person, editor: Person, operators: Database, made_run: MadeRun
) -> None:
    assert viewer.post("/api/v1/trends/collect", json={}).status_code == 403
    wish = {"regions": ["DE"], "sources": ["hacker_news"]}
    done = editor.post("/api/v1/trends/collect", json=wish)
    assert done.status_code == 503  # no Prefect answers here: the job waits
    editor.post("/api/v1/workflows/trends/execute", json={"parameters": {"every_workspace": True}})
    with operators.read() as session:
        queued = session.exec(select(Job.request).where(Job.workspace_id == made_run.workspace_id)).all()
    assert [one["workspace"] for one in queued] == [OURS] * 2
    assert [one["every_workspace"] for one in queued] == [False] * 2
    for wrong in ({"regions": ["ZZ"]}, {"sources": ["telex"]}, {"regions": []}, {"sources": ["../x"]}):
        assert editor.post("/api/v1/trends/collect", json=wrong).status_code == 422, wrong
