"""PDF: paragraphs out of lines, without what printing put between them."""

from __future__ import annotations

import datetime as dt

import pytest

from pressroom.errors import SourceEmpty, SourceNoArticle, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.sources.readers import pdf
from pressroom.sources.readers.shared import pdf_page
from pressroom.sources.shared.declare import Content
from tests.data.documents import written


def read(data: bytes) -> Document:
    return pdf.READER.read(Content(data, "report.pdf"))


@pytest.fixture(scope="module")
def report() -> Document:
    return read(written.report())


def test_headings_are_told_by_their_size(report: Document) -> None:
    assert report.title == "Why the bakery counts"
    assert [section.heading for section in report.sections] == ["", "What the notebook said"]


def test_words_broken_at_a_lines_end_are_mended(report: Document) -> None:
    assert "threw away nineteen of them" in report.text
    assert "the market takes the place" in report.text


def test_a_hyphen_that_belongs_to_the_word_stays(report: Document) -> None:
    assert "looks like a well-known law" in report.text
    assert "called Berlin-Mitte." in report.text


def test_headers_footers_and_page_numbers_are_gone(report: Document) -> None:
    assert "spring edition" not in report.text
    assert "Page" not in report.text.replace("over the page", "")
    assert "of 3" not in report.text


def test_a_paragraph_goes_on_over_the_page_and_others_do_not(report: Document) -> None:
    paragraphs = report.sections[-1].text.split("\n\n")
    assert paragraphs[0].endswith(
        "goes on over the page and ends only here, after its second line has been read as well by everybody."
    )
    assert paragraphs[1].startswith("Another paragraph begins")
    assert paragraphs[-1] == "The last page holds one sentence that ends the whole report."


def test_what_the_file_says_about_itself(report: Document) -> None:
    assert (report.author, report.date, report.language) == ("Marta Ruiz", dt.date(2024, 3, 11), "en-GB")
    assert report.links == ("https://example.net/waste",)
    assert report.notes == ("Headers and footers that repeat: 5 words left out (“The Long Table, spring edition”).",)


def test_a_declared_title_is_taken() -> None:
    rows = [(11.0, 700.0 - 14 * at, f"Line {at} of a page that holds enough words to be read.") for at in range(5)]
    assert read(written.pdf([rows], info="/Title (A title of its own)")).title == "A title of its own"


def test_a_password_is_asked_for_only_when_there_is_one() -> None:
    with pytest.raises(SourceUnreadable, match="protected by a password") as refused:
        read(written.locked(written.report(), "secret"))
    assert "without the password" in refused.value.hint
    assert read(written.locked(written.report(), "")).title == "Why the bakery counts"


def test_pages_without_text_are_pictures() -> None:
    with pytest.raises(SourceNoArticle) as refused:
        read(written.pdf([[], []]))
    assert "OCR" in refused.value.hint


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\nnonsense" * 50, b"not a PDF at all", b"\x00" * 500])
def test_damaged(data: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="damaged"):
        read(data)


def test_empty() -> None:
    with pytest.raises(SourceEmpty):
        read(b"")


def test_pages_beyond_the_limit_are_left_out_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 5)
    rows = [(11.0, 800.0 - 14 * at, f"Line {at} holds some words to be read by all.") for at in range(3)]
    document = read(written.pdf([rows] * (pdf.MOST_PAGES + 20)))
    assert document.text.count("Line 2 holds") == pdf.MOST_PAGES
    assert document.notes == (f"Only the first {pdf.MOST_PAGES} of {pdf.MOST_PAGES + 20} pages were read.",)


def test_reading_ends_when_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = iter(range(10_000))
    monkeypatch.setattr(pdf.time, "process_time", lambda: float(next(steps)))
    monkeypatch.setattr(pdf, "MOST_SECONDS", 1.5)
    document = read(written.report())
    assert document.notes == ("Only the first 1 of 3 pages were read.",)


def test_a_page_with_too_much_on_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_page, "MOST_CHARACTERS", 350)
    document = read(written.report())
    assert document.notes == ("Page 1 holds 458 characters (350 are taken) and was left out.",)
    assert "eleven years" not in document.text
