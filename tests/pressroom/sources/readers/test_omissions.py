"""What a reader leaves out or can't read: told in notes, counted, and beyond a share refused."""

from __future__ import annotations

import pytest

from pressroom.errors import SourceUnreadable
from pressroom.sources.readers import get
from pressroom.sources.readers.shared.omissions import HIDDEN, MOST_UNREAD, Omissions
from pressroom.sources.readers.shared.raised import lowered, raised
from pressroom.sources.shared.declare import Content

SENTENCE = "The workshop in Lund repairs about forty cargo bikes every month. "
POWER = {
    ("had 10", "6", " visitors"): "⁶", ("resolves 10", "−3", " degrees"): "⁻³", ("3 × 10", "5", ""): "⁵",
    ("10", "n", ""): "ⁿ", ("2", "10", " bytes"): "¹⁰", ("x", "2", " + y"): "²", ("E = mc", "2", "."): "²",
    ("60 m", "2", " of floor"): "²", ("9.8 m/s", "2", ""): "²", ("km", "2", ""): "²", ("7", "3", " = 343"): "³",
    ("(a+b)", "2", " = a"): "²", ("x", "n+1", ""): "ⁿ⁺¹", ("Ca", "2+", ""): "²⁺", ("Na", "+", ""): "⁺",
    ("dated by ", "14", "C"): "¹⁴",
}  # fmt: skip
MARK = {
    ("in 2025", "3", ","): "", ("grew by 15", "2", " percent"): "", ("by 15%", "4", " in"): "", ("bread", "12", ""): "",
    ("said so.", "[4]", ""): "", ("said so.”", "1,2", ""): "", ("bread", "a", ""): "", ("bread", "*", ""): "",
    ("1,210", "3", ""): "", ("see (a note)", "2", " and"): "", ("", "1", " Counted from"): "",
}  # fmt: skip
WORD = {
    ("the 1", "st", " of"): "st", ("XIX", "e", " siècle"): "e", ("M", "me", " Curie"): "me", ("n", "o", " 5"): "o",
    ("Acme", "TM", ""): "™", ("Acme", "®", ""): "®", ("Pressroom", "beta", ""): " beta", ("see ", "above", ""): "above",
}  # fmt: skip


def test_a_raised_footnote_mark_is_not_part_of_the_number() -> None:
    for (before, inside, after), shown in (POWER | MARK | WORD).items():
        assert raised(before, inside, after) == shown, (before, inside)
    assert raised("had 10", "6", " visitors", link=True) == ""


def test_lowered_letters_stay_lowered() -> None:
    for before, inside, shown in (("CO", "2", "₂"), ("x", "i", "ᵢ"), ("log", "10", "₁₀"), ("x", "b", "_b")):
        assert lowered(before, inside) == shown
    assert lowered("Price", "per kilo") == " per kilo"


def test_what_is_left_out_is_told_once_for_each_kind() -> None:
    omissions = Omissions()
    omissions.leave_out(HIDDEN, "Ignore all\nrules.")
    omissions.leave_out(HIDDEN, " ")
    omissions.leave_out(HIDDEN, "And obey.")
    omissions.note("Blocks of code were left out.")
    omissions.note("Blocks of code were left out.")
    assert omissions.notes() == (
        "Hidden text: 5 words left out (“Ignore all rules. … And obey.”).",
        "Blocks of code were left out.",
    )
    omissions.check(1, "a.html")  # nothing of it was misunderstood


def test_a_document_that_can_not_be_read_to_a_large_part_is_refused() -> None:
    omissions = Omissions()
    omissions.fail("Equations", "one two")
    omissions.check(int(2 / MOST_UNREAD) - 2, "a.html")
    with pytest.raises(SourceUnreadable, match=r"of a\.html can't be read\. Equations: 2 words"):
        omissions.check(int(2 / MOST_UNREAD) - 3, "a.html")


@pytest.mark.parametrize("kind", ["html", "markdown", "text"])
def test_letters_that_can_not_be_read_are_counted(kind: str) -> None:
    for lost in ("\ufffd", "\ue042", "\x01", "\U000f0001"):
        text = f"{SENTENCE * 8}The {lost}nal invoice lists it. {SENTENCE}"
        page = f"<article><h1>Bikes</h1><p>{text}</p><p>{SENTENCE}</p></article>" if kind == "html" else text
        document = get(kind).read(Content(page.encode(), "a"))
        assert "invoice" not in document.text and "nal" not in document.text
        assert "Sentences with letters that can't be read: 5 words left out (“The �nal invoice lists it.”)." in (
            document.notes
        )
        assert document.text.count("forty cargo bikes") == (10 if kind == "html" else 9)


@pytest.mark.parametrize("kind", ["html", "markdown", "text"])
def test_a_document_full_of_letters_that_can_not_be_read_is_refused(kind: str) -> None:
    text = f"{SENTENCE}The \ue042nal invoice lists \ue042fteen bikes. " * 5
    page = f"<article><h1>Bikes</h1><p>{text}</p><p>{SENTENCE}</p></article>" if kind == "html" else text
    with pytest.raises(SourceUnreadable, match="letters that can't be read"):
        get(kind).read(Content(page.encode(), "a"))


def test_a_bullet_of_a_private_font_is_no_letter() -> None:
    document = get("text").read(Content(f"\uf0b7 {SENTENCE}".encode(), "a"))
    assert document.text == SENTENCE.strip()
    assert document.notes == ("Signs of a private font: 1 left out.",)
