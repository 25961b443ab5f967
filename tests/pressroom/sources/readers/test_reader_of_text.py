"""Plain text: what its white space says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressroom.errors import SourceEmpty, SourceNoArticle, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.sources.readers import get
from pressroom.sources.shared.declare import Content

LETTER = Path(__file__).parents[3] / "data" / "documents" / "letter.txt"


def read(text: str | bytes, charset: str = "") -> Document:
    data = text.encode() if isinstance(text, str) else text
    return get("text").read(Content(data, "letter.txt", charset=charset))


def test_a_letter() -> None:
    letter = read(LETTER.read_bytes())
    assert letter.title == "A letter about counting"
    assert [section.heading for section in letter.sections] == ["", "What we saw"]
    assert letter.sections[0].text == (
        "Dear neighbours, for eleven years we baked 120 loaves a day and threw away 19 of them."
    )
    assert letter.sections[1].text.split("\n\n") == [
        "- Rain costs us 30 loaves.",
        "- Holidays cost nothing.",
        "- Nobody knew.",
        "See https://example.org/notebook. Write to us before Sunday.",
    ]
    assert letter.links == ("https://example.org/notebook",)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Loaves\n\nSome words.", "Loaves"),
        ("Loaves\n======\nSome words.", "Loaves"),
        ("Why do we bake?\n\nSome words.", "Why do we bake?"),
        ("パンを数える\n\n雨の日は三十個が売れ残ります。", "パンを数える"),
        ("A sentence that ends.\n\nSome words.", ""),
        ("Dear neighbours,\n\nSome words.", ""),
        ("Loaves\nand rolls\n\nSome words.", ""),
        ("Only this", ""),
        ("- an item\n\nSome words.", ""),
        (f"{'word ' * 30}\n\nSome words.", ""),
    ],
)
def test_title(text: str, title: str) -> None:
    document = read(text)
    assert document.title == title
    assert document.text.strip()


def test_line_ends_of_every_system() -> None:
    assert read("Loaves\r\n\r\nOne\r\ntwo.\r\rThree.").text == "One two.\n\nThree."


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("élève à la crèche où ça va", "cp1252"),
        ("Zażółć gęślą jaźń w piekarni, codziennie rano i wieczorem", "cp1250"),
        ("Мы каждый день пекли сто двадцать хлебов и выбрасывали девятнадцать", "cp1251"),
        ("雨の日は三十個のパンが売れ残りますが、休みの日は変わりません", "shift_jis"),
        ("Loaves — “quoted”", "utf-16"),
        ("Plain words without a mark", "utf-16-le"),
    ],
)
def test_undeclared_encodings(text: str, charset: str) -> None:
    assert read(f"{text}\n\n{text}".encode(charset)).title == text


def test_quotes_and_joiners_stay_as_they_are() -> None:
    text = "„So“ « ainsi » ‘so’ “so” 「そう」 می\u200cخواهم 👩\u200d💻"
    assert read(f"{text}.").text == f"{text}."


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", SourceEmpty),
        (b" \n", SourceEmpty),
        (b"--- ...", SourceNoArticle),
        (bytes(range(256)) * 9, SourceUnreadable),
    ],
)
def test_nothing_to_read(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(data)
