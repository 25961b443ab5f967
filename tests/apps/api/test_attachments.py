"""Attachments over HTTP: the whole list is replaced, files are sent, and the library shows what suits first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from starlette.testclient import TestClient

from pressroom.platforms import image_size_for
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.desk_tables import Upload
from tests.fixtures.desk import FILM, MadeRun, Person, add_picture, picture_bytes


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """The domain's tests run on both databases."""
    return desk_sqlite_url


@pytest.fixture
def store(client: TestClient) -> ArtifactStore:
    found: ArtifactStore = client.app.state.desk.store
    return found


def put(person: Person, draft: str, attachments: Iterable[dict[str, Any]], version: int | None = 1) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    address = f"/api/v1/content/{draft}/attachments"
    return person.put(address, json={"attachments": list(attachments)}, headers=headers)


def test_the_whole_list_is_replaced_and_its_files_are_sent(
    editor: Person, operators: Database, made_run: MadeRun, store: ArtifactStore
) -> None:
    address = f"/api/v1/content/{made_run.draft}"
    a, b = (add_picture(operators, store, made_run, name=f"{name}.png") for name in "ab")
    done = put(editor, made_run.draft, [{"asset_id": a.id}, {"asset_id": b.id, "alt_text": "B."}])
    assert (done.status_code, done.headers["etag"], done.json()["version"]) == (200, '"2"', 2)
    assert [one["name"] for one in done.json()["attachments"]] == ["a.png", "b.png"]

    listed = editor.get(f"{address}/attachments")
    found = listed.json()
    assert (found["version"], found["most"], listed.headers["etag"]) == (2, 35, '"2"')
    assert editor.get(f"{address}/attachments", headers={"If-None-Match": '"2"'}).status_code == 304
    file = editor.get(found["items"][1]["href"])
    assert (file.content, file.headers["content-type"]) == (store.get(b.key), "image/png")
    assert file.headers["content-disposition"].startswith("inline")

    first, second = found["items"]
    turned = put(editor, made_run.draft, [{"attachment_id": second["id"]}, {"attachment_id": first["id"]}], 2)
    assert [one["alt_text"] for one in turned.json()["attachments"]] == ["B.", "What a.png shows."]
    assert editor.get(address).json()["attachments"] == turned.json()["attachments"]
    text = editor.get(f"{address}/export").text
    assert "\n\n--- Media\n1. b.png (picture, 1200 x 627, made by AI): B.\n2. a.png" in text
    assert put(editor, made_run.draft, [], 3).json()["attachments"] == []
    assert "Media" not in editor.get(f"{address}/export").text


def test_refusals_are_problems(
    editor: Person, viewer: Person, operators: Database, made_run: MadeRun, store: ArtifactStore
) -> None:
    picture = {"asset_id": add_picture(operators, store, made_run).id}
    long = {**picture, "alt_text": "x" * 2001}
    cases = [
        (put(viewer, made_run.draft, [picture]), 403, "FORBIDDEN"),
        (put(editor, made_run.draft, [picture], None), 428, "PRECONDITION_REQUIRED"),
        (put(editor, made_run.draft, [picture], 7), 412, "VERSION_CONFLICT"),
        (put(editor, made_run.draft, [picture] * 36), 422, "WRONG_INPUT"),
        (put(editor, made_run.draft, [long]), 422, "WRONG_INPUT"),
        (put(editor, made_run.draft, [{}]), 422, "WRONG_INPUT"),
        (put(editor, made_run.draft, [{"upload_id": "0" * 32}]), 404, "NOT_FOUND"),
        (put(editor, "0" * 32, [picture]), 404, "NOT_FOUND"),
        (editor.get(f"/api/v1/content/{made_run.draft}/attachments/0/file"), 404, "NOT_FOUND"),
        (editor.get(f"/api/v1/content/{made_run.draft}/attachable?cursor=x"), 422, "WRONG_INPUT"),
        (editor.get(f"/api/v1/content/{made_run.draft}/attachable?cursor=0.x"), 422, "WRONG_INPUT"),
    ]
    for answer, status, code in cases:
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_the_library_shows_what_suits_first_a_page_at_a_time(
    editor: Person, operators: Database, made_run: MadeRun, their_run: MadeRun, store: ArtifactStore
) -> None:
    card = {"provider": "offline", "model": "card"}
    for run, idea, name, about in (
        (made_run, 2, "others-wide.png", {"purpose": "thumbnail", "width": 900, "height": 300}),
        (made_run, 2, "others-fit.png", {}),
        (made_run, 1, "own-wide.png", {"purpose": "thumbnail", "width": 900, "height": 300, **card}),
        (made_run, 1, "own-fit.png", {}),
        (their_run, 1, "theirs.png", {}),
    ):
        add_picture(operators, store, run, idea=idea, name=name, **{"purpose": "linkedin", **about})
    for name, purpose, media_type in (
        ("photo.png", "image", "image/png"), ("notes.txt", "document", "text/plain"),
        ("slides.pdf", "document", "application/pdf"), ("logo.png", "logo", "image/png"),
    ):  # fmt: skip
        about = {"key": name, "sha256": "0" * 64, "size": 1, "uploaded_by": "ada"}
        row = Upload(workspace_id=made_run.workspace_id, name=name, purpose=purpose, media_type=media_type, **about)
        with operators.write() as session:
            session.add(row)

    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = editor.get(f"/api/v1/content/{made_run.draft}/attachable", params=query).json()
        assert len(page["items"]) <= 2
        found, cursor = found + page["items"], page["next_cursor"]
    assert [one["name"] for one in found] == [
        "own-fit.png", "own-wide.png", "others-fit.png", "others-wide.png", "slides.pdf", "photo.png",
    ]  # fmt: skip
    assert [one["kind"] for one in found[-2:]] == ["document", "picture"]
    assert [one["same_idea"] for one in found] == [True, True, False, False, False, False]
    assert [one["made_by_ai"] for one in found] == [True, False, True, True, False, False]
    cut = list(image_size_for("linkedin", 900, 300))
    assert [one["cut_to"] for one in found] == [None, cut, None, cut, None, None]


def test_uploads_are_attached_as_the_platform_takes_them(editor: Person, viewer: Person, made_run: MadeRun) -> None:
    """A file is told by its content, whatever it is called."""
    film = FILM.read_bytes()
    named = {"me.pdf": picture_bytes(640, 640), "deck": b"%PDF-1.7\n%%EOF", "film.png": film}
    files = [("file", (name, data, "text/plain")) for name, data in named.items()]
    kept = editor.post("/api/v1/uploads", files=files)
    assert (kept.status_code, [one["media_type"] for one in kept.json()]) == (
        201, ["image/png", "application/pdf", "video/quicktime"],
    )  # fmt: skip
    done = put(editor, made_run.draft, [{"upload_id": one["id"], "alt_text": "Me."} for one in kept.json()])
    assert done.status_code == 200, done.text
    found = done.json()["attachments"]
    assert [one["kind"] for one in found] == ["picture", "document", "film"]
    assert [found[0]["width"], found[0]["height"]] == list(image_size_for("linkedin", 640, 640))
    kinds = [one["kind"] for one in editor.get(f"/api/v1/content/{made_run.draft}/attachable").json()["items"]]
    assert sorted(kinds) == ["document", "film", "picture"]
    for answer, status in (
        (viewer.post("/api/v1/uploads", files=files), 403),
        (editor.post("/api/v1/uploads", files={"other": b"x"}), 422),
        (editor.post("/api/v1/uploads", files={"file": ("cut.mp4", film[:900])}), 422),
    ):
        assert answer.status_code == status, answer.text
