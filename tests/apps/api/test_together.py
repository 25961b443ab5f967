"""Comments, assignees, notifications and share links over HTTP: the pages' own services, by role and at most once."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from blocks.orchestrator import Orchestrator
from pressroom.store.tables import new_id
from tests.fixtures.desk import MadeRun, Person

API = "/api/v1"


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """The domain's tests run on both databases."""
    return desk_sqlite_url


def test_a_comment_is_made_once_and_notifies(editor: Person, viewer: Person, made_run: MadeRun) -> None:
    address, key = f"{API}/content/{made_run.draft}/comments", {"Idempotency-Key": "one"}
    said = [viewer.post(address, json={"text": "Is it right, @editor?"}, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in said] == [201, 201]
    assert said[0].json() == said[1].json()
    [listed] = editor.get(address).json()["items"]
    assert listed == {**said[0].json(), "is_mine": False}
    [told] = editor.get(f"{API}/notifications").json()["items"]
    assert (told["kind"], told["by"], told["is_new"]) == ("mentioned", "viewer@example.com", True)
    assert editor.get(f"{API}/notifications/unread").json() == {"unread": 1}
    assert editor.post(f"{API}/notifications/read", json={"content_id": "0" * 32}).json() == {"unread": 1}
    assert editor.post(f"{API}/notifications/read", json={"content_id": made_run.draft}).json() == {"unread": 0}
    assert editor.delete(f"{address}/{listed['id']}").status_code == 403
    assert [viewer.delete(f"{address}/{listed['id']}").status_code for _ in range(2)] == [204, 404]
    assert editor.post(address, json={"text": "  "}).status_code == 422


def test_a_draft_is_assigned(editor: Person, viewer: Person, made_run: MadeRun) -> None:
    address = f"{API}/content/{made_run.draft}/assignee"
    assert viewer.put(address, json={"user_id": viewer.user_id}).status_code == 403
    for _ in range(2):
        done = editor.put(address, json={"user_id": viewer.user_id})
        assert done.json() == viewer.get(address).json() == {"assignee": {"user_id": viewer.user_id, "name": "Viewer"}}
    assert viewer.get(f"{API}/notifications/unread").json() == {"unread": 1}
    assert editor.put(address, json={"user_id": "0" * 32}).status_code == 404
    assert [editor.delete(address).status_code for _ in range(2)] == [204, 204]
    assert editor.get(address).json() == {"assignee": None}


def test_a_link_is_shared_once_and_revoked(
    editor: Person, viewer: Person, made_run: MadeRun, client: TestClient
) -> None:
    address, wanted = f"{API}/share-links", {"client": "Harbour Mill", "content_id": made_run.draft, "days": 3}
    assert viewer.post(address, json=wanted).status_code == 403
    made = [editor.post(address, json=wanted, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert made[0].headers["cache-control"] == "no-store"
    link = made[0].json()["url"].removeprefix("http://testserver")
    assert client.get(link).status_code == 200
    [listed] = viewer.get(address, params={"content_id": made_run.draft}).json()["items"]
    assert listed["opened_at"]
    assert "url" not in listed
    for wrong in (
        {"client": "X"},
        {**wanted, "idea_id": made_run.ideas[0]},
        {**wanted, "days": 91},
        {**wanted, "client": ""},
    ):
        assert editor.post(address, json=wrong).status_code == 422
    assert viewer.delete(f"{address}/{listed['id']}").status_code == 403
    assert [editor.delete(f"{address}/{listed['id']}").status_code for _ in range(2)] == [204, 404]
    assert client.get(link).status_code == 404


def test_one_says_how_often_one_hears_of_notifications(editor: Person, viewer: Person) -> None:
    address = f"{API}/notifications/settings"
    off = {"mail": "off", "chat": "off", "hour": 8, "has_chat_address": False}
    assert editor.get(address).json() == off
    assert editor.put(address, json={"chat": "hourly"}).status_code == 422
    assert editor.put(address, json={"chat": "hourly", "chat_address": "json://127.0.0.1/"}).status_code == 422
    wanted = {"mail": "daily", "chat": "hourly", "hour": 7}
    for sent in ({**wanted, "chat_address": "slack://T/B/C"}, wanted):
        assert editor.put(address, json=sent).json() == {**wanted, "has_chat_address": True}
    assert editor.get(address).json() == {**wanted, "has_chat_address": True}
    assert editor.put(address, json={"chat_address": ""}).json() == off
    assert viewer.get(address).json() == off


def test_a_rewrite_is_one_door_for_a_suggestion_and_for_a_new_text(
    editor: Person, viewer: Person, made_run: MadeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []
    start = lambda _, deployment, parameters, **options: (asked.append(parameters["request"]), new_id())[1]  # noqa: E731
    monkeypatch.setattr(Orchestrator, "start", start)
    address = f"{API}/content/{made_run.draft}"
    for path, suggest in (("suggestions", True), ("regenerate", False)):
        assert viewer.post(f"{address}/{path}", json={"note": "Shorter."}).status_code == 403
        headers = {"Idempotency-Key": f"one-{path}"}
        jobs = [editor.post(f"{address}/{path}", json={"note": "Shorter."}, headers=headers) for _ in range(2)]
        assert [job.status_code for job in jobs] == [202, 202]
        assert jobs[0].json() == jobs[1].json()
        assert (asked[-1]["content"], asked[-1]["note"], asked[-1].get("suggest", False)) == (
            made_run.draft,
            "Shorter.",
            suggest,
        )
    assert len(asked) == 2
    assert editor.delete(address).status_code == 204
    for path in ("suggestions", "regenerate"):
        refused = editor.post(f"{address}/{path}", json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "MOVE_REFUSED"), refused.text


def test_hashtag_sets_are_saved_by_name(editor: Person, viewer: Person) -> None:
    address = f"{API}/hashtag-sets"
    wanted = {"name": " Launch  day ", "hashtags": ["#launch", "Launch", "new product", "東京"]}
    assert viewer.put(address, json=wanted).status_code == 403
    for wrong in ({**wanted, "hashtags": []}, {**wanted, "hashtags": ["1"]}, {**wanted, "name": " "}, {"name": "x"}):
        assert editor.put(address, json=wrong).status_code == 422, wrong
    wanted["hashtags"] = ["#launch", "Launch", "東京"]
    made = [editor.put(address, json=wanted).json() for _ in range(2)]
    assert made[0] == made[1] == {"id": made[0]["id"], "name": "Launch day", "hashtags": ["Launch", "東京"]}
    assert viewer.get(address).json() == {"items": [made[0]]}
    assert viewer.delete(f"{address}/{made[0]['id']}").status_code == 403
    assert [editor.delete(f"{address}/{made[0]['id']}").status_code for _ in range(2)] == [204, 404]
