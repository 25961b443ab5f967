"""Webhooks over the API: made, shown, changed, tried out and forgotten by owners alone."""

from __future__ import annotations

import time

import pytest
from starlette.testclient import TestClient

from pressroom.store import events
from pressroom.store.database import Database
from tests.fixtures.desk import Person

HOOKS = "/api/v1/webhooks"
WISH = {"url": "https://example.com/hook", "events": ["run.", "content.approved"]}


@pytest.fixture
def hook(owner: Person) -> str:
    return str(owner.post(HOOKS, json=WISH).json()["webhook"]["id"])


def test_a_webhook_is_made_and_its_secret_told(owner: Person) -> None:
    answer = owner.post(HOOKS, json=WISH)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["secret"].startswith("whsec_")
    assert made["webhook"] == owner.get(f"{HOOKS}/{made['webhook']['id']}").json()
    assert owner.get(f"{HOOKS}/{made['webhook']['id']}/secret").json() == {"secret": made["secret"]}
    assert owner.get(HOOKS).json() == {"items": [made["webhook"]], "next_cursor": None}
    assert (made["webhook"]["url"], made["webhook"]["events"]) == (WISH["url"], WISH["events"])


@pytest.mark.parametrize(
    "wish",
    [
        {"url": "http://169.254.169.254/latest"},
        {"url": "http://localhost/"},
        {"url": "https://example.com", "events": ["nothing."]},
        {"url": "https://example.com/" + "a" * 2000},
        {"events": []},
        {"url": "https://example.com", "secret": "mine"},
    ],
)
def test_what_can_t_be_one_is_refused(owner: Person, wish: dict[str, object]) -> None:
    answer = owner.post(HOOKS, json=wish)
    assert (answer.status_code, answer.json()["code"]) == (422, "WRONG_INPUT")


def test_a_webhook_is_changed_and_forgotten(owner: Person, hook: str) -> None:
    changed = owner.patch(f"{HOOKS}/{hook}", json={"active": False}).json()
    assert (changed["active"], changed["url"], changed["events"]) == (False, WISH["url"], WISH["events"])
    assert owner.patch(f"{HOOKS}/{hook}", json={"events": [], "active": True}).json()["events"] == []
    assert owner.patch(f"{HOOKS}/{hook}", json={"url": "http://10.0.0.1/"}).status_code == 422
    first = owner.get(f"{HOOKS}/{hook}/secret").json()
    assert owner.post(f"{HOOKS}/{hook}/secret").json() != first

    assert owner.delete(f"{HOOKS}/{hook}").status_code == 204
    assert owner.get(f"{HOOKS}/{hook}").status_code == 404
    assert owner.get(HOOKS).json()["items"] == []


def test_a_webhook_is_tried_out_and_the_log_shows_it(owner: Person, hook: str) -> None:
    answer = owner.post(f"{HOOKS}/{hook}/test")
    assert (answer.status_code, answer.json()["type"], answer.json()["status"]) == (202, "webhook.test", "waiting")
    (entry,) = owner.get(f"{HOOKS}/{hook}/deliveries").json()["items"]
    assert (entry["id"], entry["type"]) == (answer.json()["id"], "webhook.test")
    assert owner.get(f"{HOOKS}/{hook}/deliveries", params={"status": "failed"}).json()["items"] == []
    again = owner.post(f"{HOOKS}/deliveries/{entry['id']}/resend")
    assert (again.status_code, again.json()["event_id"]) == (202, entry["event_id"])
    assert len(owner.get(f"{HOOKS}/{hook}/deliveries", params={"limit": 1}).json()["items"]) == 1


def test_the_desk_sends_what_happens(owner: Person, hook: str, operators: Database) -> None:
    with operators.write() as session:
        events.emit(session, owner.workspace_id, "run.completed", {"run_id": "r1"})
    until = time.monotonic() + 10
    while not (items := owner.get(f"{HOOKS}/{hook}/deliveries").json()["items"]) or not items[0]["attempts"]:
        assert time.monotonic() < until, "the desk's sender did not come to it"
        time.sleep(0.05)
    (entry,) = items
    assert (entry["type"], entry["url"], entry["attempts"]) == ("run.completed", WISH["url"], 1)


def test_callbacks_have_a_secret_and_no_address(owner: Person) -> None:
    secret = owner.get(f"{HOOKS}/callbacks/secret").json()["secret"]
    assert owner.get(f"{HOOKS}/callbacks/secret").json() == {"secret": secret}
    assert owner.post(f"{HOOKS}/callbacks/test").status_code == 422
    assert owner.get(f"{HOOKS}/callbacks/deliveries").json()["items"] == []
    assert owner.get(HOOKS).json()["items"] == []


def test_only_owners_have_to_do_with_webhooks(
    client: TestClient, owner: Person, editor: Person, viewer: Person, hook: str
) -> None:
    assert client.get(HOOKS).status_code == 401
    for person in (editor, viewer):
        assert person.get(HOOKS).status_code == 403
        assert person.post(HOOKS, json=WISH).status_code == 403
        assert person.get(f"{HOOKS}/{hook}/secret").status_code == 403
    assert len(owner.get(HOOKS).json()["items"]) == 1


def test_another_workspace_s_webhook_is_not_there(owner: Person, stranger: Person, hook: str) -> None:
    delivery = owner.post(f"{HOOKS}/{hook}/test").json()["id"]
    tried = [
        stranger.get(f"{HOOKS}/{hook}"),
        stranger.patch(f"{HOOKS}/{hook}", json={"active": False}),
        stranger.delete(f"{HOOKS}/{hook}"),
        stranger.get(f"{HOOKS}/{hook}/secret"),
        stranger.post(f"{HOOKS}/{hook}/secret"),
        stranger.post(f"{HOOKS}/{hook}/test"),
        stranger.get(f"{HOOKS}/{hook}/deliveries"),
        stranger.post(f"{HOOKS}/deliveries/{delivery}/resend"),
    ]
    assert [answer.status_code for answer in tried] == [404] * len(tried)
    assert stranger.get(HOOKS).json()["items"] == []
    assert owner.get(f"{HOOKS}/{hook}").json()["active"]


def test_every_event_type_is_listed_with_what_it_means(owner: Person) -> None:
    assert owner.get(f"{HOOKS}/events").json()["types"] == dict(events.TYPES)
