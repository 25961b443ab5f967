"""Line breaks and the wording of a card."""

from __future__ import annotations

import pytest

from pressroom.media.cards.breaking import Piece, balanced, hyphenated, line, pieces
from pressroom.media.cards.cutting import shorter
from pressroom.media.cards.wording import clean, quoted, unquoted


def broken(text: str, width: float) -> list[str]:
    """Lines of `text` where a wide character is 2 and every other 1 wide."""
    run = pieces(text)

    def wide(words: str) -> float:
        return sum(2 if char >= "\u2e80" else 1 for char in words)

    stops = balanced(
        [wide(one.text) for one in run], [wide(one.gap) for one in run], [wide(one.end) for one in run],
        [one.price for one in run], width,
    )  # fmt: skip
    assert stops is not None
    return [line(run[start:stop]) for start, stop in zip([0, *stops], stops, strict=False)]


def test_lines_are_even_and_no_word_is_alone() -> None:
    assert broken("the people who answer at night know best", 34) == ["the people who answer", "at night know best"]


def test_as_few_lines_as_can_be() -> None:
    assert broken("short enough for one", 20) == ["short enough for one"]


def test_a_line_does_not_end_in_a_single_letter() -> None:
    assert broken("Хороший инструмент незаметен в работе", 28) == ["Хороший инструмент", "незаметен в работе"]


def test_a_word_longer_than_the_line_is_not_forced() -> None:
    assert balanced([12.0], [0.0], [0.0], [0.0], 10) is None


@pytest.mark.parametrize("width", range(8, 60, 2))
def test_japanese_marks_neither_begin_nor_end_lines_wrongly(width: int) -> None:
    text = "「良い道具は、仕事の中で見えなくなり（そして）、悪い道具は仕事を決めてしまう。」チームのルール"
    lines = broken(text, width)
    assert "".join(lines) == text
    assert not [one for one in lines if one[0] in "、。」）ーッ" or one[-1] in "「（"]


def test_latin_words_in_japanese_stay_whole() -> None:
    assert all("Prefect" in one or not set(one) & set("Prefct") for one in broken("毎朝はPrefectで動かす仕事です", 14))


def test_short_hyphenated_words_stay_whole_and_long_ones_may_break() -> None:
    assert [one.text for one in pieces("on-call machine-readable")] == ["on-call", "machine-", "readable"]


def test_an_overlong_word_is_cut_between_syllables() -> None:
    parts = hyphenated(Piece("Energieversorgungssicherheit", " "))
    assert "".join(one.text for one in parts) == "Energieversorgungssicherheit"
    assert len(parts) > 3 and all(len(one.text) >= 4 for one in parts)
    assert [one.end for one in parts] == ["-"] * (len(parts) - 1) + [""] and parts[-1].gap == " "


def test_a_german_compound_is_cut_after_the_s_that_links_its_words() -> None:
    for word, joint in (
        ("Rindfleischetikettierungsüberwachungsaufgabe", "etikettierungs-überwachungs-aufgabe"),
        ("Donaudampfschifffahrtsgesellschaftskapitän", "gesellschafts-kapitän"),
        ("Informationssicherheitsbeauftragte", "informations-sicherheits-beauftragte"),
    ):
        ends = {"".join(word.lower().split("-")).index(part) for part in joint.split("-")[1:]}
        cuts, at = set(), 0
        for part in hyphenated(Piece(word))[:-1]:
            at += len(part.text)
            cuts.add(at)
        assert ends <= cuts and not {end - 1 for end in ends} & cuts, word


def test_a_number_stays_with_what_it_counts() -> None:
    assert broken("За год сервис обработал 3,4 млн заявок", 28) == ["За год сервис обработал", "3,4 млн заявок"]
    text = "Durch die Umstellung sparte das Werk im ersten Jahr 1,2 Mio. € an Energiekosten."
    assert not [one for width in range(24, 60) for one in broken(text, width) if one.startswith("€")]


@pytest.mark.parametrize(
    ("text", "language", "becomes"),
    [
        ("Ship 🚀 it\u200b 👩‍💻 now 🇩🇪", "en", "Ship it now"),
        ('He said "don\'t" twice', "en", "He said “don’t” twice"),
        ('Er sagte "nein" dazu', "de", "Er sagte „nein“ dazu"),
        ('Она сказала "нет"', "ru", "Она сказала «нет»"),
        ("Vraiment ? Oui !", "fr", "Vraiment\u202f? Oui\u202f!"),
        ("50 % of 3 €", "en", "50\u202f% of 3\u202f€"),
        ("one - two — three", "en", "one - two\u00a0— three"),
        ("line\none\ttab", "en", "line one tab"),
        ("e\u0301a \ufb01n ① © 1986", "en", "éa fin 1 © 1986"),
    ],
)
def test_wording(text: str, language: str, becomes: str) -> None:
    assert clean(text, language) == becomes


@pytest.mark.parametrize(
    ("language", "whole"),
    [
        ("en", "“Yes.”"),
        ("de", "„Yes.“"),
        ("fr", "«\u202fYes.\u202f»"),
        ("ru", "«Yes»."),
        ("sv", "”Yes.”"),
        ("xx", "“Yes.”"),
    ],
)
def test_quotation_marks(language: str, whole: str) -> None:
    assert "".join(quoted("Yes.", language)) == whole


def test_a_quotation_in_a_quotation() -> None:
    assert "".join(quoted("She said “no” twice.", "en")) == "“She said ‘no’ twice.”"
    assert "".join(quoted("Она сказала «нет»", "ru")) == "«Она сказала „нет“»"


def test_a_quotation_is_not_quoted_twice() -> None:
    assert [unquoted(text) for text in ('"Yes."', "„Ja.“", "“Yes,” he said.", "«Да».")] == [
        "Yes.",
        "Ja.",
        "“Yes,” he said.",
        "«Да».",
    ]


def test_a_cut_prefers_the_end_of_a_sentence() -> None:
    forms = shorter("One thing is true. Another thing, said often, is not true at all.")
    assert "One thing is true." in forms and forms[-1] == "One…"
    assert all(form.endswith(("…", ".")) for form in forms) and forms == sorted(forms, key=len, reverse=True)
