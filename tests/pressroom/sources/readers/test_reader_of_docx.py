"""Word: structure by style, and no word that its author took out or hid."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO

import docx
import pytest

from pressroom.errors import SourceEmpty, SourceNoArticle, SourceTooLarge, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.sources.readers import get
from pressroom.sources.readers.shared import archive
from pressroom.sources.shared.declare import Content
from tests.data.documents import written

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def read(data: bytes) -> Document:
    return get("docx").read(Content(data, "report.docx"))


@pytest.fixture(scope="module")
def report() -> Document:
    return read(written.word())


def saved(made: docx.document.Document) -> bytes:
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def test_title_comes_from_its_style_and_headings_from_theirs(report: Document) -> None:
    assert report.title == "Why the bakery counts"
    assert [section.heading for section in report.sections] == ["", "What the notebook said"]


def test_properties(report: Document) -> None:
    assert (report.author, report.date) == ("Marta Ruiz", dt.date(2024, 3, 11))


def test_hidden_and_deleted_words_are_left_out_and_inserted_ones_kept(report: Document) -> None:
    assert report.sections[0].text == ("For eleven years we baked 120 loaves a day. Nobody asked. It was inserted.")


def test_lists_links_and_tables(report: Document) -> None:
    assert report.sections[1].text.split("\n\n") == [
        "- Rain costs us 30 loaves.",
        "- Holidays cost nothing.",
        "See the list",
        "- Month: May; Baked: 3,100",
        "- Month: June; Baked: 2,950",
    ]
    assert report.links == ("https://example.net/list",)


def test_title_from_the_properties_else_the_first_heading() -> None:
    made = docx.Document()
    made.add_heading("A heading", level=1)
    made.add_paragraph("Some words below it.")
    made.core_properties.title = ""
    assert read(saved(made)).title == "A heading"
    made.core_properties.title = "A property"
    assert read(saved(made)).title == "A property"


def test_heading_by_a_style_based_on_one() -> None:
    made = docx.Document()
    own = made.styles.add_style("House chapter", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = made.styles["Heading 1"]
    made.add_paragraph("Before.")
    made.add_paragraph("Chapter", style=own)
    made.add_paragraph("After.")
    assert [section.heading for section in read(saved(made)).sections] == ["", "Chapter"]


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b"plain text", b"\x00" * 300])
def test_damaged(data: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="damaged"):
        read(data)


def test_damaged_halfway_through() -> None:
    whole = bytearray(written.word())
    whole[200:2000] = b"x" * 1800
    with pytest.raises(SourceUnreadable):
        read(bytes(whole))


def test_another_archive_is_no_word_document() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("hello.txt", "hello")
    with pytest.raises(SourceUnreadable, match="no Word document"):
        read(out.getvalue())


def test_a_password_and_an_old_format_are_told_apart() -> None:
    with pytest.raises(SourceUnreadable, match="protected by a password"):
        read(OLE + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(SourceUnreadable, match="before 2007"):
        read(OLE + b"\x00" * 512)


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", b" " * (archive._MOST_XML + 1))
    assert len(out.getvalue()) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(SourceTooLarge, match="unpack"):
        read(out.getvalue())


def test_empty() -> None:
    with pytest.raises(SourceEmpty):
        read(b"")
    with pytest.raises(SourceNoArticle):
        read(saved(docx.Document()))
