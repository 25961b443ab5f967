"""Media of a draft without a script: chosen in the library, described, moved, removed, shown in the preview."""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from pressroom.model import Role, State
from pressroom.review import reading
from pressroom.review.values import ContentDetail
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.tables import Content
from tests.apps.web.test_pages import Entered, entered, send  # noqa: F401
from tests.fixtures.desk import FILM, MadeRun, add_picture, picture_bytes
from tests.pressroom.review.review_desk import person


@pytest.fixture
def store(client: TestClient) -> ArtifactStore:
    found: ArtifactStore = client.app.state.desk.store
    return found


def detail(operators: Database, draft: str, caller: Any) -> ContentDetail:
    return reading.get_content(operators, caller, draft)


def test_media_are_chosen_described_moved_and_removed(
    entered: Entered, operators: Database, made_run: MadeRun, store: ArtifactStore
) -> None:
    client, editor = entered(Role.EDITOR), person(operators, Role.EDITOR, "ed")
    page = f"/content/{made_run.draft}"
    own, other = (add_picture(operators, store, made_run, name=name) for name in ("own.png", "other.png"))
    assert "No media attached." in client.get(page).text
    library = client.get(f"{page}/media").text
    assert library.index(own.id) and f"/images/files/{other.id}" in library

    chosen = [f"asset:{own.id}", f"asset:{other.id}"]
    answer = send(client, page, f"{page}/media/add", version=1, chosen=chosen)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}#media")
    shown = client.get(page).text
    assert "What own.png shows." in shown
    assert shown.count(f"{page}/media/0?{own.sha256[:12]}") == 2, "in the list and in the preview"
    file = client.get(f"{page}/media/0")
    assert file.content == store.get(own.key)
    assert client.get(f"{page}/media/0", headers={"If-None-Match": file.headers["etag"]}).status_code == 304

    trace = client.get(f"{page}/trace").text
    assert trace.index("own.png</a>") < trace.index("other.png</a>")

    ids = [one.id for one in detail(operators, made_run.draft, editor).attachments]
    texts = ["A quay.", "A ship."]
    moved = send(client, page, f"{page}/media", version=2, id=ids, alt=texts, act="down-0")
    assert moved.headers["location"] == f"{page}#media"
    found = detail(operators, made_run.draft, editor)
    assert [(one.name, one.alt_text) for one in found.attachments] == [("other.png", "A ship."), ("own.png", "A quay.")]
    for act, names in (("up-0", ["other.png", "own.png"]), ("off-0", ["own.png"]), ("off-0", [])):
        found = detail(operators, made_run.draft, editor)
        listed = {"id": [one.id for one in found.attachments], "alt": [one.alt_text for one in found.attachments]}
        send(client, page, f"{page}/media", version=found.version, act=act, **listed)
        assert [one.name for one in detail(operators, made_run.draft, editor).attachments] == names


def test_a_file_that_is_handed_in_is_attached(
    entered: Entered, operators: Database, made_run: MadeRun, store: ArtifactStore
) -> None:
    client, editor = entered(Role.EDITOR), person(operators, Role.EDITOR, "ed")
    page = f"/content/{made_run.draft}"
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', client.get(page).text)
    assert token
    about = {"csrf": token[1], "version": "1", "whole": "on"}
    named = {"me.png": picture_bytes(640, 320), "deck.pdf": b"%PDF-1.7\n%%EOF", "film.mov": FILM.read_bytes()}
    files = [("file", each) for each in named.items()]
    answer = client.post(f"{page}/media/add", data=about, files=files)
    assert answer.status_code == 303, answer.text
    found = detail(operators, made_run.draft, editor).attachments
    assert [(one.kind, one.width, one.height) for one in found] == [
        ("picture", 640, 320), ("document", None, None), ("film", 54, 96),
    ]  # fmt: skip
    shown = client.get(page).text
    assert "no alternative text" in shown
    library = client.get(f"{page}/media").text
    assert f"{page}/media/uploads/{found[0].upload_id}" in library
    assert client.get(f"{page}/media/uploads/{found[0].upload_id}").content == picture_bytes(640, 320)


def test_a_picture_is_cropped_to_the_part_that_was_chosen(
    entered: Entered, operators: Database, made_run: MadeRun
) -> None:
    client, editor = entered(Role.EDITOR), person(operators, Role.EDITOR, "ed")
    page, drawn = f"/content/{made_run.draft}", BytesIO()
    picture = Image.new("RGB", (1200, 1200), "#9b2318")
    picture.paste("#1d6240", (600, 0, 1200, 1200))
    picture.save(drawn, "PNG")
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', client.get(page).text)
    assert token
    client.post(
        f"{page}/media/add", data={"csrf": token[1], "version": "1"}, files=[("file", ("a.png", drawn.getvalue()))]
    )
    [before] = detail(operators, made_run.draft, editor).attachments
    form = f"{page}/media/0/crop"
    assert f'href="{form}"' in client.get(page).text
    for wrong in (
        {"shape": "0x0"},
        {"shape": "x"},
        {"shape": "1200x627", "x": "2"},
        {"shape": "1200x627", "zoom": "a"},
    ):
        assert send(client, form, form, version=2, **wrong).status_code == 422, wrong
    answer = send(client, form, form, version=2, shape="1200x627", x="1", y="0", zoom="2")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}#media")
    [after] = detail(operators, made_run.draft, editor).attachments
    assert (after.width, after.height, after.upload_id) == (1200, 627, before.upload_id)
    with Image.open(BytesIO(client.get(f"{page}/media/0").content)) as cut:
        colours = {cut.convert("RGB").getpixel(at)[1] > 80 for at in ((20, 20), (1180, 600))}
    assert colours == {True}, "the right half alone"
    assert send(client, form, form, version=2, shape="1200x627").headers["location"] == page
    assert client.get(f"{page}/media/7/crop").status_code == 404


def test_refusals_are_told_where_they_are_met(
    entered: Entered, operators: Database, made_run: MadeRun, their_run: MadeRun, store: ArtifactStore
) -> None:
    client = entered(Role.EDITOR)
    page = f"/content/{made_run.draft}"
    theirs = add_picture(operators, store, their_run)
    nothing = send(client, page, f"{page}/media/add", version=1)
    assert (nothing.status_code, "Nothing was chosen." in nothing.text) == (422, True)
    foreign = send(client, page, f"{page}/media/add", version=1, chosen=f"asset:{theirs.id}")
    assert (foreign.status_code, "There is no picture" in foreign.text) == (422, True)
    own = add_picture(operators, store, made_run)
    stale = send(client, page, f"{page}/media/add", version=7, chosen=f"asset:{own.id}")
    assert stale.headers["location"] == f"{page}/media"
    assert "The draft was changed meanwhile" in client.get(f"{page}/media").text
    assert send(client, page, f"{page}/media", version=1, act="drop-0").status_code == 422
    assert client.get(f"{page}/media/0").status_code == 404


def test_what_may_not_be_edited_shows_its_media_without_a_form(
    entered: Entered, operators: Database, made_run: MadeRun, store: ArtifactStore
) -> None:
    client = entered(Role.EDITOR)
    page = f"/content/{made_run.draft}"
    own = add_picture(operators, store, made_run)
    send(client, page, f"{page}/media/add", version=1, chosen=f"asset:{own.id}")
    with operators.write() as session:
        row = session.get_one(Content, made_run.draft)
        row.state = State.PUBLISHED
        session.add(row)
    shown = client.get(page).text
    assert "What picture.png shows." in shown
    assert f'action="{page}/media"' not in shown
