"""Settings of a workspace: seen by all its people, changed by its owners, never over each other unseen."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from pressroom.store.account_tables import AuditEvent
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event
from pressroom.store.tables import Workspace
from tests.fixtures.desk import Person

SCHEDULE, PREFERENCES, VOICES = (f"/api/v1/config/{name}" for name in ("schedule", "preferences", "voices"))
MORNING = {"time": "07:15", "zone": "Europe/Berlin", "days": ["mon", "fri"], "request": {"ideas": 3}}
HOUSE = {"name": "house", "description": "Dry and short.", "banned": ["synergy"]}


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    return desk_sqlite_url


@pytest.fixture
def deployed(prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from deployments import declared

    monkeypatch.setenv("PREFECT_API_URL", prefect_api)
    (entry,) = [entry for entry in declared.declarations() if entry["name"] == "desk"]
    declared.deployment({**entry, "work_pool": None}).apply(_sync=True)  # type: ignore[call-arg]


def test_a_schedule_is_set_here_and_in_prefect(owner: Person, deployed: None, operators: Database) -> None:
    shown = owner.get(SCHEDULE).json()
    assert (shown["time"], shown["zone"], shown["active"], shown["is_own"]) == ("06:00:00", "UTC", False, False)

    kept = owner.put(SCHEDULE, json=MORNING)
    assert (kept.status_code, kept.json()["days"], kept.json()["is_own"]) == (200, ["mon", "fri"], True)
    cron, zone, parameters = schedule_in_prefect()
    assert (cron, zone) == ("15 7 * * mon,fri", "Europe/Berlin")
    assert parameters == {"request": {"ideas": 3, "focus": "", "workspace": "ours"}}
    with operators.read() as session:
        assert session.get_one(Workspace, owner.workspace_id).schedule["zone"] == "Europe/Berlin"
        (noted,) = session.exec(select(AuditEvent).where(AuditEvent.action == "settings.changed")).all()
        (told,) = session.exec(select(Event)).all()
    assert (noted.subject_kind, told.type, told.data) == ("schedule", "settings.changed", {"what": "schedule"})

    seen = owner.get(SCHEDULE).headers["etag"]
    assert owner.put(SCHEDULE, json={**MORNING, "time": "08:00"}, headers={"If-Match": seen}).status_code == 200
    late = owner.put(SCHEDULE, json=MORNING, headers={"If-Match": seen})
    assert (late.status_code, late.json()["code"]) == (412, "VERSION_CONFLICT")
    assert schedule_in_prefect()[0] == "0 8 * * mon,fri"

    assert owner.delete(SCHEDULE).status_code == 204
    assert schedule_in_prefect() is None


def test_a_schedule_that_prefect_can_t_be_told_is_not_kept(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    refused = owner.put(SCHEDULE, json=MORNING)

    assert (refused.status_code, refused.json()["code"]) == (503, "PREFECT_UNREACHABLE")
    assert owner.get(SCHEDULE).json()["is_own"] is False


WRONG: list[dict[str, Any]] = [
    {"zone": "Mars/Olympus"},
    {"zone": "Europe"},
    {"zone": "../../etc/passwd"},
    {"time": "25:00"},
    {"time": "06:00Z"},
    {"days": []},
    {"days": ["someday"]},
    {"request": {"ideas": 0}},
    {"request": {"workspace": "theirs"}},
    {"nonsense": 1},
]


def test_a_schedule_that_makes_no_sense_is_refused(owner: Person) -> None:
    answers = {str(wrong): owner.put(SCHEDULE, json={**MORNING, **wrong}).status_code for wrong in WRONG}
    assert answers == dict.fromkeys(answers, 422)
    assert owner.get(SCHEDULE).json()["is_own"] is False


def test_preferences_are_not_overwritten_unseen(owner: Person, editor: Person) -> None:
    read = editor.get(PREFERENCES)
    changed = {**read.json(), "topics": ["bees"], "hashtags": ["#bees"]}
    assert editor.put(PREFERENCES, json=changed).status_code == 403

    seen = {"If-Match": read.headers["etag"]}
    kept = owner.put(PREFERENCES, json=changed, headers=seen)
    assert (kept.status_code, kept.json()["topics"], kept.json()["hashtags"]) == (200, ["bees"], ["bees"])
    assert owner.put(PREFERENCES, json=changed, headers=seen).status_code == 412
    assert owner.put(PREFERENCES, json=changed, headers={"If-Match": kept.headers["etag"]}).status_code == 200
    assert editor.get(PREFERENCES, headers={"If-None-Match": kept.headers["etag"]}).status_code == 304
    assert owner.put(PREFERENCES, json={**changed, "topics": []}).status_code == 422
    assert owner.put(PREFERENCES, json={**changed, "voice": "nobody"}).status_code == 404


def test_voices_come_and_go_by_name(owner: Person, stranger: Person) -> None:
    assert owner.put(f"{VOICES}/house", json=HOUSE).status_code == 200
    assert owner.put(f"{VOICES}/house", json={**HOUSE, "name": "other"}).status_code == 422
    seen = owner.get(f"{VOICES}/house").headers["etag"]
    assert owner.put(f"{VOICES}/house", json={**HOUSE, "do": ["Say it once."]}, headers={"If-Match": seen}).is_success
    assert owner.put(f"{VOICES}/house", json=HOUSE, headers={"If-Match": seen}).status_code == 412
    assert [each["do"] for each in owner.get(VOICES).json()["items"]] == [["Say it once."]]
    assert stranger.get(f"{VOICES}/house").status_code == 404

    assert owner.delete(f"{VOICES}/house").status_code == 204
    assert owner.delete(f"{VOICES}/house").status_code == 404


def test_formats_come_with_their_platforms_limits(editor: Person) -> None:
    found = {each["name"]: each for each in editor.get("/api/v1/config/formats").json()["items"]}

    assert found["x_thread"]["limits"]["limits"]["post_weight"] == 280
    assert found["linkedin_post"]["body"]["properties"]


def schedule_in_prefect() -> Any:
    """Cron, zone and parameters of the workspace's schedule, if it has one."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        found = client.read_deployment_by_name("daily/desk").schedules
    mine = next((each for each in found if each.slug == "workspace-ours"), None)
    return mine and (mine.schedule.cron, mine.schedule.timezone, mine.parameters)  # type: ignore[union-attr]


def test_where_trends_come_from_is_set_by_owners_and_checked(owner: Person, viewer: Person) -> None:
    at, wish = "/api/v1/config/trends", {"regions": ["DE"], "feeds": ["https://example.com/f.xml"], "share": 0.3}
    assert viewer.put(at, json=wish).status_code == 403
    done = owner.put(at, json=wish)
    assert (done.status_code, done.json()) == (200, {**wish, "sources": None})
    assert viewer.get(at).headers["etag"] == done.headers["etag"]
    assert owner.put(at, json={}, headers={"If-Match": '"another"'}).status_code == 412
    for wrong in ({"regions": ["XX"]}, {"sources": ["telex"]}, {"feeds": ["file:///etc/passwd"]}, {"share": 2}):
        assert owner.put(at, json=wrong).status_code == 422, wrong


def test_pronunciations_are_set_by_owners_and_checked(owner: Person, viewer: Person) -> None:
    at, wish = "/api/v1/config/pronunciations", {"words": {"SQL": " sequel "}}
    assert viewer.put(at, json=wish).status_code == 403
    done = owner.put(at, json=wish)
    assert (done.status_code, done.json()) == (200, {"words": {"SQL": "sequel"}})
    assert viewer.get(at).headers["etag"] == done.headers["etag"]
    assert owner.put(at, json={"words": {}}, headers={"If-Match": '"another"'}).status_code == 412
    for wrong in ({"two words": "x"}, {"SQL": "..."}, {"": "x"}):
        assert owner.put(at, json={"words": wrong}).status_code == 422, wrong


def test_voices_of_speech_say_what_is_missing(viewer: Person) -> None:
    found = {one["name"]: one for one in viewer.get("/api/v1/voices-of-speech?language=en-GB").json()["items"]}
    assert found["heart"]["usable"] and found["heart"]["timed"] == "model" and found["heart"]["usd_a_minute"] == 0
    assert not found["nova"]["usable"] and "OPENAI_API_KEY" in found["nova"]["reason"]
    assert "de-DE-KatjaNeural" not in found
    assert viewer.get("/api/v1/voices-of-speech?language=??").status_code == 422
