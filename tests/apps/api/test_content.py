"""Content over the API: lists, versions, approvals, bulk, wordings, exports."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from starlette.testclient import TestClient

from pressroom.store.database import Database
from pressroom.store.desk_tables import Suggestion
from tests.fixtures.desk import FORMATS, MadeRun, Person

CONTENT = "/api/v1/content"


def read(client: TestClient, content_id: str) -> dict[str, Any]:
    answer = client.get(f"{CONTENT}/{content_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{found["version"]}"'
    return found


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def test_a_list_of_what_is_wanted_with_the_fields_that_are(
    owner: Person, made_run: MadeRun, their_run: MadeRun
) -> None:
    listed = owner.get(CONTENT, params={"state": ["generated", "ready"], "platform": "x", "fields": "id,state"})
    assert listed.status_code == 200
    assert listed.json() == {
        "items": [{"id": made_run.content[position, "x_thread"], "state": "generated"} for position in (2, 1)],
        "next_cursor": None,
    }
    again = owner.get(str(listed.request.url), headers={"If-None-Match": listed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert owner.get(CONTENT, params={"fields": "id,secret"}).status_code == 422
    assert owner.get(CONTENT, params={"state": "lost"}).status_code == 422
    assert owner.get(CONTENT, params={"cursor": "lost"}).status_code == 422


def test_pages_follow_each_other(owner: Person, made_run: MadeRun) -> None:
    first = owner.get(CONTENT, params={"limit": 4}).json()
    second = owner.get(CONTENT, params={"limit": 4, "cursor": first["next_cursor"]}).json()
    ids = [item["id"] for item in (*first["items"], *second["items"])]
    assert sorted(ids) == sorted(made_run.content.values())
    assert second["next_cursor"] is None


def test_words_come_when_they_are_asked_for(viewer: Person, made_run: MadeRun) -> None:
    (first, *_) = viewer.get(CONTENT, params={"fields": "id,text,body"}).json()["items"]
    assert first["text"]
    assert first["body"]
    (plain, *_) = viewer.get(CONTENT).json()["items"]
    assert (plain["text"], plain["body"]) == (None, None)


def test_counts(viewer: Person, editor: Person, made_run: MadeRun) -> None:
    editor.patch(f"{CONTENT}/{made_run.draft}", json={"state": "ready"}, headers=seen(1))
    counts = viewer.get(f"{CONTENT}/counts").json()
    assert counts["total"] == len(made_run.content)
    assert (counts["states"]["ready"], counts["states"]["generated"], counts["states"]["published"]) == (1, 5, 0)


def test_an_edit_names_the_version_it_was_made_to(owner: Person, editor: Person, made_run: MadeRun) -> None:
    address = f"{CONTENT}/{made_run.draft}"
    body = read(editor, made_run.draft)["body"]
    mine, theirs = ({"body": {**body, "hook": f"{who} hook."}, "note": "hook"} for who in ("My", "Their"))

    assert editor.put(address, json=mine).status_code == 428
    assert editor.put(address, json=mine, headers={"If-Match": "yesterday's"}).status_code == 422
    edited = owner.put(address, json=theirs, headers=seen(1))
    assert (edited.status_code, edited.headers["etag"], edited.json()["state"]) == (200, '"2"', "edited")
    late = editor.put(address, json=mine, headers=seen(1))
    assert (late.status_code, late.json()["code"], late.json()["version"]) == (412, "VERSION_CONFLICT", 2)
    assert read(editor, made_run.draft)["body"]["hook"] == "Their hook."


def test_a_body_of_another_shape_names_the_field(editor: Person, made_run: MadeRun) -> None:
    answer = editor.put(f"{CONTENT}/{made_run.draft}", json={"body": {"hook": 1}}, headers=seen(1))
    assert (answer.status_code, answer.json()["code"]) == (422, "WRONG_INPUT")
    assert answer.json()["detail"].startswith("hook:")


def test_approval_until_other_words(editor: Person, made_run: MadeRun) -> None:
    address = f"{CONTENT}/{made_run.draft}"
    ready = editor.patch(address, json={"state": "ready"}, headers=seen(1)).json()
    assert ready["approval"]["by"] == "editor@example.com"
    edited = editor.put(address, json={"body": {**ready["body"], "hashtags": []}}, headers=seen(2)).json()
    assert (edited["state"], edited["approval"]) == ("edited", None)
    refused = editor.patch(address, json={"state": "ready"}, headers=seen(3))
    assert (refused.status_code, refused.json()["code"]) == (422, "RULES_BROKEN")
    assert refused.json()["errors"][0]["code"] == "hashtags_too_few"
    back = editor.post(f"{address}/revert", json={"number": 1}, headers=seen(3))
    assert (back.status_code, back.json()["version"], back.json()["violations"]) == (200, 4, [])


def test_a_move_that_is_none_is_refused(editor: Person, made_run: MadeRun) -> None:
    refused = editor.patch(f"{CONTENT}/{made_run.draft}", json={"state": "published"}, headers=seen(1))
    assert (refused.status_code, refused.json()["code"]) == (409, "MOVE_REFUSED")
    assert "reviewed" in refused.json()["hint"]


def test_many_at_once(editor: Person, made_run: MadeRun, their_run: MadeRun) -> None:
    ids = [made_run.draft, their_run.draft]
    told = editor.post(f"{CONTENT}/bulk", json={"ids": ids, "to": "reviewed"}).json()["outcomes"]
    assert [(one["id"], one["ok"], one["code"]) for one in told] == [(ids[0], True, ""), (ids[1], False, "NOT_FOUND")]
    for action, gone in (("delete", True), ("restore", False)):
        assert editor.post(f"{CONTENT}/bulk", json={"ids": ids[:1], "action": action}).json()["outcomes"][0]["ok"]
        assert (read(editor, made_run.draft)["deleted_at"] is not None) is gone
    for wrong in ({"ids": ids}, {"ids": [], "to": "ready"}, {"ids": ["x"] * 101, "to": "ready"}):
        assert editor.post(f"{CONTENT}/bulk", json=wrong).status_code == 422


def test_a_bulk_move_with_a_key_is_made_once(editor: Person, made_run: MadeRun) -> None:
    wanted, key = {"ids": [made_run.draft], "to": "reviewed"}, {"Idempotency-Key": "one"}
    answers = [editor.post(f"{CONTENT}/bulk", json=wanted, headers=key).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["outcomes"][0]["ok"]
    assert read(editor, made_run.draft)["version"] == 2


def test_deleted_and_restored(editor: Person, made_run: MadeRun) -> None:
    address = f"{CONTENT}/{made_run.draft}"
    assert editor.delete(address, headers=seen(7)).status_code == 412
    assert editor.delete(address).status_code == 204
    assert made_run.draft not in editor.get(CONTENT).text
    assert made_run.draft in editor.get(CONTENT, params={"deleted": True}).text
    assert editor.post(f"{address}/restore").json()["state"] == "generated"
    assert made_run.draft in editor.get(CONTENT).text


def test_wordings_and_what_changed(editor: Person, made_run: MadeRun) -> None:
    address = f"{CONTENT}/{made_run.draft}"
    body = read(editor, made_run.draft)["body"]
    editor.put(address, json={"body": {**body, "hook": "Ask somebody."}, "note": "shorter"}, headers=seen(1))
    listed = editor.get(f"{address}/revisions", params={"fields": "number,note"}).json()["items"]
    assert listed == [{"number": 2, "note": "shorter"}, {"number": 1, "note": "generated"}]
    assert editor.get(f"{address}/revisions/1").json()["body"] == body
    assert editor.get(f"{address}/revisions/9").status_code == 404
    changes = editor.get(f"{address}/diff", params={"old": 1, "new": 2}).json()["changes"]
    assert "".join(one["text"] for one in changes if one["op"] != "removed").startswith("Ask somebody.")
    assert {one["op"] for one in changes} == {"same", "removed", "added"}


def test_words_are_checked_and_not_kept(viewer: Person, made_run: MadeRun) -> None:
    thread = f"{CONTENT}/{made_run.content[1, 'x_thread']}"
    checked = viewer.post(f"{thread}/check", json={"body": {"posts": ["word " * 80]}}).json()
    assert (checked["parts"][0]["limit"], checked["parts"][0]["count"]) == (280, 400)
    assert "post_too_long" in {violation["code"] for violation in checked["violations"]}
    assert viewer.get(thread).json()["version"] == 1


def test_the_whole_line(viewer: Person, made_run: MadeRun) -> None:
    traced = viewer.get(f"{CONTENT}/{made_run.draft}/trace").json()
    assert traced["run"]["id"] == made_run.id
    assert traced["revisions"][0]["note"] == "generated"


def test_exports(viewer: Person, made_run: MadeRun) -> None:
    table = viewer.get(f"{CONTENT}/export", params={"format": "x_thread"})
    assert table.headers["content-type"].startswith("text/csv")
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == 2
    assert len(viewer.get(f"{CONTENT}/export", params={"as": "json"}).json()) == len(made_run.content)
    address = f"{CONTENT}/{made_run.content[1, 'x_thread']}"
    assert viewer.get(f"{address}/export").text.startswith("--- 1/4\nThe night shift knows")
    assert viewer.get(f"{address}/export", params={"as": "json"}).json() == viewer.get(address).json()


def test_a_viewer_reads_and_changes_nothing(viewer: Person, made_run: MadeRun) -> None:
    address = f"{CONTENT}/{made_run.draft}"
    found = read(viewer, made_run.draft)
    assert (found["moves"], found["may_edit"]) == ([], False)
    for answer in (
        viewer.put(address, json={"body": found["body"]}, headers=seen(1)),
        viewer.patch(address, json={"state": "reviewed"}, headers=seen(1)),
        viewer.delete(address),
        viewer.post(f"{address}/restore"),
        viewer.post(f"{address}/revert", json={"number": 1}, headers=seen(1)),
        viewer.post(f"{address}/regenerate", json={}),
        viewer.post(f"{CONTENT}/bulk", json={"ids": [made_run.draft], "to": "reviewed"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")


def test_strangers_find_nothing(stranger: Person, client: TestClient, made_run: MadeRun) -> None:
    address = f"{CONTENT}/{made_run.draft}"
    for path in ("", "/revisions", "/revisions/1", "/diff?old=1&new=1", "/trace", "/export"):
        assert stranger.get(address + path).status_code == 404
        assert client.get(address + path).status_code == 401
    assert stranger.get(CONTENT).json()["items"] == []
    assert stranger.patch(address, json={"state": "reviewed"}, headers=seen(1)).status_code == 404
    assert stranger.post(f"{address}/regenerate", json={}).status_code == 404


@pytest.mark.parametrize("gone", ["deleted", "published"])
def test_what_is_gone_is_not_written_anew(editor: Person, made_run: MadeRun, gone: str) -> None:
    address = f"{CONTENT}/{made_run.draft}"
    if gone == "deleted":
        editor.delete(address)
    else:
        for version, state in enumerate(("ready", "published"), 1):
            editor.patch(address, json={"state": state}, headers=seen(version))
    answer = editor.post(f"{address}/regenerate", json={"note": "shorter"})
    assert (answer.status_code, answer.json()["code"]) == (409, "MOVE_REFUSED")


def test_regenerating_while_nobody_works_is_kept_for_later(editor: Person, made_run: MadeRun) -> None:
    answer = editor.post(f"{CONTENT}/{made_run.draft}/regenerate", json={"note": "shorter"})
    assert answer.status_code == 503, answer.text
    (job,) = editor.get("/api/v1/jobs").json()["items"]
    assert (job["kind"], job["content_id"]) == ("redo", made_run.draft)


def test_the_formats_of_a_run_are_all_listed(viewer: Person, made_run: MadeRun) -> None:
    items = viewer.get(CONTENT, params={"run": made_run.id, "fields": "format"}).json()["items"]
    assert {item["format"] for item in items} == set(FORMATS)


def test_an_export_of_what_cant_be_looked_for_is_refused_before_it_begins(viewer: Person, made_run: MadeRun) -> None:
    assert viewer.get("/api/v1/content/export", params={"text": "\0"}).status_code == 422


def test_a_suggestion_is_listed_taken_with_the_version_that_was_seen_and_dismissed(
    owner: Person, viewer: Person, operators: Database, made_run: MadeRun
) -> None:
    address, row = f"/api/v1/content/{made_run.draft}", owner.get(f"/api/v1/content/{made_run.draft}").json()
    about = {"base": 1, "words": 1, "characters": 4, "provider": "offline", "model": "bank", "prompt_hash": "p"}
    kept = [
        Suggestion(workspace_id=made_run.workspace_id, content_id=made_run.draft, wish="Shorter", text=hook,
                   body={**row["body"], "hook": hook}, **about)
        for hook in ("Call.", "Ask.")
    ]  # fmt: skip
    with operators.write() as session:
        session.add_all(kept)
    listed = viewer.get(f"{address}/suggestions?state=open").json()["items"]
    assert {each["wish"] for each in listed} == {"Shorter"} and len(listed) == 2
    take = f"{address}/suggestions/{kept[0].id}/take"
    assert owner.post(take).status_code == 428
    assert owner.post(take, headers={"If-Match": '"9"'}).status_code == 412
    assert viewer.post(take, headers={"If-Match": '"1"'}).status_code == 403
    taken = owner.post(take, headers={"If-Match": '"1"'})
    assert (taken.status_code, taken.json()["body"]["hook"], taken.json()["state"]) == (200, "Call.", "edited")
    assert owner.delete(f"{address}/suggestions/{kept[1].id}").status_code == 204
    assert [each["state"] for each in owner.get(f"{address}/suggestions").json()["items"]].count("dismissed") == 1
    found = owner.get("/api/v1/review").json()
    assert (found["total"], [len(idea["drafts"]) for idea in found["ideas"]]) == (6, [3, 3])
