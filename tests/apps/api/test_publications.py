"""Publications over HTTP: planned once for a key, seen whole, moved, cancelled, decided; the table; dry runs."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from pressroom.model.publication_states import MOVES, STATES, PartState
from pressroom.publishers.ledger.moves import move_part, parts_of
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow, Publication
from tests.fixtures.desk import MadeRun, Person

AT = "2099-12-01T09:00"


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """The domain's tests run on both databases."""
    return desk_sqlite_url


@pytest.fixture
def channel(operators: Database, made_run: MadeRun) -> ChannelRow:
    row = ChannelRow(workspace_id=made_run.workspace_id, platform="x", remote_id="7", name="ada")
    with operators.write() as session:
        session.add(row)
    return row


@pytest.fixture
def draft(editor: Person, made_run: MadeRun) -> str:
    """An approved thread."""
    found = made_run.content[1, "x_thread"]
    done = editor.patch(f"/api/v1/content/{found}", json={"state": "ready"}, headers={"If-Match": '"1"'})
    assert done.status_code == 200, done.text
    return found


def plan(person: Person, draft: str, channel: ChannelRow, *, key: str = "", **more: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    asked = {"content_id": draft, "channel_id": channel.id, "at": AT, **more}
    return person.post("/api/v1/publications", json=asked, headers=headers)


def test_it_is_planned_once_for_a_key_and_seen_whole(
    editor: Person, viewer: Person, draft: str, channel: ChannelRow
) -> None:
    done, again = plan(editor, draft, channel, key="k"), plan(editor, draft, channel, key="k")
    assert (done.status_code, again.json()) == (201, done.json()), done.text
    found = done.json()
    assert done.headers["location"] == f"/api/v1/publications/{found['id']}"
    assert (found["state"], found["planned_wall"], found["channel"]) == ("planned", AT, "ada")
    assert [part["kind"] for part in found["parts"]] == ["post"] * len(found["approved"]["parts"])
    assert {offer["act"] for offer in found["offers"]} == {"move", "publish-now", "cancel"}
    assert found["next_look_at"] == found["planned_at"]
    other = plan(editor, draft, channel)
    assert (other.status_code, other.json()["code"]) == (409, "ALREADY_THERE")

    address = f"/api/v1/publications/{found['id']}"
    shown = viewer.get(address)
    assert (shown.json(), shown.headers["etag"]) == (found, f'"{found["version"]}"')
    assert viewer.get(address, headers={"If-None-Match": shown.headers["etag"]}).status_code == 304
    for query, count in (
        ("state=planned", 1), ("state=missed", 0), (f"channel={channel.id}", 1), (f"content={draft}", 1),
        ("from=2099-01-01T00:00:00Z", 1), ("to=2099-01-01T00:00:00Z", 0), ("fields=id,state", 1),
    ):  # fmt: skip
        assert len(viewer.get(f"/api/v1/publications?{query}").json()["items"]) == count, query


def test_refusals_are_problems(
    editor: Person, viewer: Person, made_run: MadeRun, draft: str, channel: ChannelRow
) -> None:
    other = made_run.content[2, "x_thread"]
    for answer, status, code in (
        (plan(viewer, draft, channel), 403, "FORBIDDEN"),
        (plan(editor, other, channel), 409, "MOVE_REFUSED"),
        (plan(editor, draft, channel, at="2020-01-01T09:00"), 422, "WRONG_INPUT"),
        (plan(editor, draft, channel, at="2099-12-01T09:00Z"), 422, "WRONG_INPUT"),
        (plan(editor, draft, channel, version=9), 412, "VERSION_CONFLICT"),
        (plan(editor, "0" * 32, channel), 404, "NOT_FOUND"),
        (editor.get("/api/v1/publications/" + "0" * 32), 404, "NOT_FOUND"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_a_time_that_is_none_is_told_once_in_the_field_s_own_words(
    editor: Person, draft: str, channel: ChannelRow
) -> None:
    """Each way in which a time can be written had its own error, in words of the library that reads them."""
    clock_time = "Input should be `now`, `next_free`, or a clock time as 2026-12-01T09:00, without a zone."
    table = (("yesterday", clock_time), ("2026-12-01T09:00+02:00", clock_time), (7, clock_time), (None, clock_time),
             ("0001-01-01T00:00", "The year must be between "))  # fmt: skip
    for at, said in table:
        done = plan(editor, draft, channel, at=at).json()
        (error,) = done["errors"]
        assert error["field"] == "body.at", error
        assert error["message"].startswith(said), error


def test_a_time_is_moved_a_plan_cancelled_and_taken_up_again(editor: Person, draft: str, channel: ChannelRow) -> None:
    found = plan(editor, draft, channel).json()
    address = f"/api/v1/publications/{found['id']}"
    stale = editor.patch(address, json={"at": "2099-12-02T09:00"}, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    moved = editor.patch(address, json={"at": "2099-12-02T09:00"}, headers={"If-Match": f'"{found["version"]}"'})
    assert (moved.status_code, moved.json()["planned_wall"]) == (200, "2099-12-02T09:00")
    cancelled = editor.post(f"{address}/cancel")
    assert (cancelled.json()["state"], [offer["act"] for offer in cancelled.json()["offers"]]) == (
        "cancelled",
        ["move", "publish-now"],
    )
    assert editor.post(f"{address}/publish-now").json()["state"] == "planned"
    assert editor.post(f"{address}/accept").json()["code"] == "MOVE_REFUSED"
    assert editor.post(f"{address}/delete").json()["code"] == "MOVE_REFUSED"
    assert editor.post(f"{address}/decide", json={"decision": "there"}).json()["code"] == "MOVE_REFUSED"


def test_a_person_decides_what_is_unclear(editor: Person, operators: Database, draft: str, channel: ChannelRow) -> None:
    found = plan(editor, draft, channel).json()
    with operators.write() as session:
        row = session.exec(select(Publication)).one()
        for state in ("claimed", "preparing", "ready", "armed", "sending", "unknown", "needs_person"):
            move_part(session, row, parts_of(session, row.id)[0], PartState(state), seen=[{"text": "Nearly."}])
    address = f"/api/v1/publications/{found['id']}"
    shown = editor.get(address).json()
    assert [offer["decision"] for offer in shown["offers"] if offer["act"] == "decide"] == ["there", "send", "leave"]
    assert shown["parts"][0]["seen"][0]["text"] == "Nearly."
    bad = editor.post(f"{address}/decide", json={"decision": "there", "url": "javascript:alert(1)"})
    assert (bad.status_code, bad.json()["code"]) == (422, "WRONG_INPUT")
    told = editor.post(f"{address}/decide", json={"decision": "there", "url": "https://x.com/ada/status/1"})
    assert told.json()["parts"][0]["state"] == "published", told.text
    assert told.json()["permalink"] == "https://x.com/ada/status/1"


def test_a_dry_run_changes_nothing_and_the_table_is_whole(
    viewer: Person, operators: Database, draft: str, channel: ChannelRow
) -> None:
    answer = viewer.post(
        "/api/v1/publications/dry-run", json={"content_id": draft, "channel_ids": [channel.id], "at": AT}
    )
    (found,) = answer.json()["channels"]
    assert (found["ready"], found["planned_wall"], found["quota"]) == (True, AT, "It was not asked for.")
    assert found["cost_microusd"] > 0
    with operators.read() as session:
        assert session.exec(select(Publication)).all() == []
    table = viewer.get("/api/v1/publications/states").json()["states"]
    assert [each["state"] for each in table] == [state.value for state in STATES]
    assert sum(len(each["moves"]) for each in table) == len(MOVES)
