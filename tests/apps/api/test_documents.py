"""Handing files in: told by their content, harmless in name and answer, kept once, seen by their workspace alone."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlmodel import col, delete, select, update

from apps.desk.dependencies import Desk
from apps.desk.intake import File, harmless, take_in
from pressroom.model import Caller, Role
from pressroom.settings import settings
from pressroom.store.database import Database
from pressroom.store.desk_tables import Event, Upload
from pressroom.store.tables import Content, DocumentRow, Revision, SubjectRow
from tests.fixtures.desk import MadeRun, Person

DOCUMENTS = "/api/v1/documents"
PAGE = b"<!doctype html><title>Bees</title><script>alert(1)</script><p>" + b"Bees live in cities now. " * 20
MEGABYTE = 1024 * 1024


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    return desk_sqlite_url


def test_a_document_is_what_its_content_says(editor: Person, operators: Database) -> None:
    kept = hand_in(editor, "holiday.png", PAGE, "image/png")

    assert kept.status_code == 201, kept.text
    told = kept.json()
    assert (told["media_type"], told["name"], told["size"]) == ("text/html; charset=utf-8", "holiday.png", len(PAGE))
    assert told["source"] == f"upload:{told['id']}"
    with operators.read() as session:
        (row,) = session.exec(select(Upload)).all()
        (event,) = session.exec(select(Event)).all()
    assert row.key == f"uploads/{row.workspace_id}/{row.sha256[:2]}/{row.sha256}.html"
    assert (event.type, event.data["upload_id"]) == ("document.uploaded", row.id)


def test_a_page_that_was_handed_in_is_saved_and_never_opened(editor: Person) -> None:
    told = hand_in(editor, 'a"\r\nX: y/../<b>.html', PAGE).json()
    answer = editor.get(told["href"])

    assert answer.content == PAGE
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert "x" not in answer.headers


def test_the_same_bytes_are_kept_once_and_a_deleted_one_comes_back(editor: Person, operators: Database) -> None:
    first = hand_in(editor, "a.html", PAGE).json()
    assert hand_in(editor, "a.html", PAGE).json()["id"] == first["id"]
    other = hand_in(editor, "b.html", PAGE).json()
    assert (other["id"] != first["id"], other["sha256"]) == (True, first["sha256"])
    assert len(list(Path(settings().resolved_store_url).rglob("*.html"))) == 1

    assert editor.delete(f"/api/v1/uploads/{first['id']}").status_code == 204
    assert editor.get(f"/api/v1/uploads/{first['id']}").status_code == 404
    assert [each["id"] for each in listed(editor)] == [other["id"]]
    assert hand_in(editor, "a.html", PAGE).json()["id"] == first["id"]
    assert editor.get(first["href"]).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.txt", b"", "SOURCE_EMPTY"),
        ("page.html", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "SOURCE_UNREADABLE"),
        ("words.docx", b"PK\x03\x04 and nothing more", "SOURCE_UNREADABLE"),
        ("feed.xml", b"<rss><channel><title>x</title></channel></rss>", "SOURCE_UNREADABLE"),
        ("program.pdf", b"\x7fELF" + b"\0" * 100, "SOURCE_UNREADABLE"),
        ("long.txt", b"bees " * (9 * MEGABYTE // 5), "SOURCE_TOO_LARGE"),
    ],
)
def test_what_is_no_document_is_refused_with_why(editor: Person, name: str, content: bytes, code: str) -> None:
    refused = hand_in(editor, name, content)

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert listed(editor) == []


def test_a_large_document_is_never_held_whole(editor: Person, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    large.write_bytes(b"%PDF-1.7\n" + bytes(45 * MEGABYTE))
    desk: Desk = editor.app.state.desk  # type: ignore[attr-defined]
    caller = Caller(workspace_id=editor.workspace_id, workspace="ours", role=Role.EDITOR, name=editor.email)
    database = desk.database.within(editor.workspace_id)
    tracemalloc.start()
    try:
        with large.open("rb") as file:
            kept = take_in(desk, database, caller, File("large.pdf", file), "document")
        assert sum(len(chunk) for chunk in desk.store.stream(kept.key)) == kept.size == large.stat().st_size
        assert tracemalloc.get_traced_memory()[1] < 20 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_more_than_may_be_handed_in_is_refused(editor: Person) -> None:
    assert hand_in(editor, "huge.pdf", b"%PDF-1.7\n" + b"0" * 50_000_001).status_code == 413


def test_words_can_be_pasted(editor: Person) -> None:
    told = editor.post(DOCUMENTS, json={"text": "# Bees\n\nThey live in cities.", "title": "Bees/in: cities"}).json()

    assert (told["name"], told["media_type"]) == ("Bees in cities.md", "text/markdown; charset=utf-8")
    assert editor.post(DOCUMENTS, json={"text": ""}).status_code == 422
    assert editor.post(DOCUMENTS, json=[]).status_code == 422
    assert editor.post(DOCUMENTS, files={"other": ("a.txt", b"x")}).status_code == 422


def test_only_who_may_hands_in_and_nobody_else_sees_it(editor: Person, viewer: Person, stranger: Person) -> None:
    told = hand_in(editor, "a.html", PAGE).json()

    assert hand_in(viewer, "b.html", PAGE).status_code == 403
    assert viewer.get(told["href"]).status_code == 200
    for path in (told["href"], told["href"].removesuffix("/file")):
        assert stranger.get(path).status_code == 404
    assert stranger.delete(f"/api/v1/uploads/{told['id']}").status_code == 404
    assert listed(stranger) == []
    asked = {"sources": [told["source"]]}
    assert stranger.post("/api/v1/content", json=asked).status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\Report 2026.pdf", "Report 2026.pdf"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("\u202efdp.exe", "fdp.exe"),
        ("...", "upload"),
        ("", "upload"),
        ("Jahresbericht für die Börse.docx", "Jahresbericht für die Börse.docx"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("\ud800.txt", "txt"),
    ],
)
def test_a_name_can_do_no_harm(given: str, kept: str) -> None:
    assert harmless(given) == kept


def test_a_docx_is_known_by_what_it_holds(editor: Person) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("word/document.xml", "<w:document/>")

    assert hand_in(editor, "notes", packed.getvalue()).json()["media_type"].endswith("wordprocessingml.document")


def test_a_picture_is_judged_when_it_is_handed_in(editor: Person, operators: Database) -> None:
    small = picture(100, 100)
    refused = editor.post("/api/v1/optimize/image", files={"file": ("a.jpg", small)})
    assert (refused.status_code, refused.json()["code"]) == (422, "IMAGE_TOO_SMALL")
    refused = editor.post("/api/v1/optimize/image", files={"file": ("a.jpg", PAGE)})
    assert (refused.status_code, refused.json()["code"]) == (422, "INVALID_IMAGE_FORMAT")
    assert listed(editor, "image") == []


def test_a_document_goes_when_nothing_is_left_that_was_made_of_it(
    editor: Person, viewer: Person, operators: Database, made_run: MadeRun
) -> None:
    kept = DocumentRow(workspace_id=editor.workspace_id, hash="1" * 64, source="s", kind="text", title="t",
                       language="en", words=20)  # fmt: skip
    with operators.write() as session:
        session.add(kept)
        session.flush()
        session.execute(update(SubjectRow).where(col(SubjectRow.id) == made_run.ideas[0]).values(document_id=kept.id))
    address = f"/api/v1/documents/{kept.id}"

    assert viewer.delete(address).status_code == 403
    refused = editor.delete(address)
    assert (refused.status_code, refused.json()["code"]) == (409, "MOVE_REFUSED")
    with operators.write() as session:
        session.execute(delete(Revision))
        session.execute(delete(Content))
    assert editor.delete(address).status_code == 204
    assert editor.get(address).status_code == 404


def hand_in(person: Person, name: str, content: bytes, media_type: str = "application/octet-stream") -> Any:
    return person.post(DOCUMENTS, files={"file": (name, content, media_type)})


def listed(person: Person, purpose: str = "document") -> list[dict[str, Any]]:
    return list(person.get("/api/v1/uploads", params={"purpose": purpose}).json()["items"])


def picture(width: int, height: int) -> bytes:
    kept = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(kept, "JPEG")
    return kept.getvalue()
