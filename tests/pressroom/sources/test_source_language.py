"""The language of a document: declared, found, contradicted, mixed."""

from __future__ import annotations

import pytest

from pressroom.model import Document, Section
from pressroom.sources.language import settled

ENGLISH = "For eleven years we baked a hundred loaves a day and threw away nineteen of them every single evening."
GERMAN = "Elf Jahre lang haben wir jeden Tag hundert Brote gebacken und davon jeden Abend neunzehn weggeworfen."
JAPANESE = (
    "私たちは十一年間、毎日百二十個のパンを焼き、そのうち十九個を毎晩捨てていました。雨の日は三十個が売れ残ります。"
)


def document(*paragraphs: str, language: str = "") -> Document:
    text = "\n\n".join(paragraphs)
    return Document(source="text", kind="text", sections=(Section(text=text),), language=language)


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (GERMAN, "de"), (JAPANESE, "ja")])
def test_found(text: str, language: str) -> None:
    found = settled(document(text))
    assert (found.language, found.notes) == (language, ())


def test_declared() -> None:
    found = settled(document(GERMAN, GERMAN, GERMAN, GERMAN, GERMAN, language="de-AT"))
    assert (found.language, found.notes) == ("de-AT", ())


def test_contradicted() -> None:
    found = settled(document(*[GERMAN] * 6, language="fr"))
    assert found.language == "fr"
    assert found.notes == ("It is declared to be in fr, and reads like de.",)


def test_too_short_to_contradict() -> None:
    assert settled(document(GERMAN, language="fr")).notes == ()


@pytest.mark.parametrize(("declared", "language"), [("", "de"), ("en", "de"), ("de-CH", "de-CH")])
def test_mixed(declared: str, language: str) -> None:
    found = settled(document(*[GERMAN] * 4, *[ENGLISH] * 3, language=declared))
    assert found.language == language
    assert found.notes == ("Its text is in several languages: most of it in de, some in en.",)


def test_a_quotation_makes_nothing_mixed() -> None:
    assert settled(document(*[GERMAN] * 9, ENGLISH)).notes == ()
