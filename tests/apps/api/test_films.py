"""Films over HTTP: what a draft has, parts of its file, changes as jobs, and who may ask for them."""

from __future__ import annotations

import pytest

from pressroom.store.database import Database
from pressroom.store.tables import Content
from tests.fixtures.desk import MadeRun, Person
from tests.fixtures.desk_rows import MARK, add_everything

BODY = {
    "hook": "Your night shift knows your system better than your diagrams do.",
    "value": "Ask them what they dread. Then build it right beside the old one.",
    "call_to_action": "Save this for your next planning day.",
    "scenes": ["A quiet office", "Two people with coffee", "A hand on a switch"],
}


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """The domain's tests run on both databases."""
    return desk_sqlite_url


@pytest.fixture
def filmed(owner: Person, operators: Database, made_run: MadeRun) -> str:
    """Address of the film of a reel."""
    add_everything(operators, owner, made_run)
    with operators.write() as session:
        row = session.get_one(Content, made_run.draft)
        row.format, row.platform, row.body, row.variant = "instagram_reel", "instagram", BODY, 7
        session.add(row)
    return f"/api/v1/content/{made_run.draft}/film"


def test_a_film_is_shown_with_its_scenes_and_sent_in_the_parts_that_players_ask_for(owner: Person, filmed: str) -> None:
    found = owner.get(filmed).json()
    assert (found["film"]["title"], found["is_current"], found["job_id"]) == (MARK, False, None)
    assert [scene["scene"] for scene in found["scenes"]] == [1]
    address, whole = found["files"]["film"], MARK.encode()
    for wanted, status, data, told in (
        (None, 200, whole, None),
        ("bytes=0-", 206, whole, "bytes 0-7/8"),
        ("bytes=2-4", 206, whole[2:5], "bytes 2-4/8"),
        ("bytes=6-99", 206, whole[6:], "bytes 6-7/8"),
        ("bytes=-3", 206, whole[-3:], "bytes 5-7/8"),
        ("bytes=8-", 416, b"", "bytes */8"),
        ("bytes=-0", 416, b"", "bytes */8"),
        ("bytes=0-1,4-5", 200, whole, None),
        ("lines=1-2", 200, whole, None),
    ):
        answer = owner.get(address, headers={"Range": wanted} if wanted else {})
        assert (answer.status_code, answer.content, answer.headers.get("content-range")) == (status, data, told), wanted
    assert owner.get(address).headers["accept-ranges"] == "bytes"
    assert owner.get(f"{filmed}/files/srt").status_code == 404


def test_changes_of_a_film_are_jobs_that_begin_with_what_it_was_asked_for(owner: Person, filmed: str) -> None:
    tiers = owner.get(f"{filmed}/costs").json()["tiers"]
    assert list(tiers) == ["budget", "balanced", "premium"] and tiers["budget"]["picture_usd"] == 0
    for number, beyond in ((9, 422), (0, 422)):
        assert owner.post(f"{filmed}/scenes/{number}/redo", json={}).status_code == beyond
    assert owner.post(filmed, json={"voice": "nightingale"}).json()["detail"].startswith("There is no voice")
    assert owner.put(f"{filmed}/captions", json={"captions": {}}).status_code == 422
    job = owner.post(f"{filmed}/scenes/1/redo", json={"what": "picture"}, headers={"Idempotency-Key": "once"})
    assert job.status_code in {202, 503}, job.text  # 503: no Prefect here, and the job is kept
    rows = owner.get("/api/v1/jobs").json()["items"]
    (asked,) = [row for row in rows if row["kind"] == "film"]
    detail = owner.get(f"/api/v1/jobs/{asked['id']}").json()
    assert "picture_take" in str(detail) and detail["content_id"] in filmed


def test_viewers_watch_films_and_strangers_know_nothing_of_them(viewer: Person, stranger: Person, filmed: str) -> None:
    assert viewer.get(filmed).status_code == viewer.get(f"{filmed}/files/film").status_code == 200
    for ask in (
        lambda who: who.post(filmed, json={}),
        lambda who: who.post(f"{filmed}/scenes/1/redo", json={}),
        lambda who: who.put(f"{filmed}/scenes/1/picture", json={}),
        lambda who: who.put(f"{filmed}/captions", json={"captions": {"1": "x"}}),
    ):
        assert ask(viewer).status_code == 403
        assert ask(stranger).status_code == 404
    assert stranger.get(filmed).status_code == stranger.get(f"{filmed}/files/film").status_code == 404
