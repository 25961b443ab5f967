"""Measures of text in many scripts."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.platforms import counting, tags


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n\t ", 0),
        ("…!? — 🚀", 0),
        ("❤️ 👩‍💻 1️⃣", 1),
        ("Don't count well-known words twice.", 5),
        ("It costs 1,000.50 today", 4),
        ("#one tag", 2),
        ("see https://example.com/a/long/path?of=links now", 3),
        ("今天开始", 4),
        ("コーヒー", 4),
        ("日本語のtext", 5),
        ("葛󠄀城", 2),
        ("か\u3099", 1),
        ("한국어 문장", 2),
        ("שלום עולם", 2),
        ("كَتَبَ الوَلَدُ", 2),
        ("می\u200cخواهم", 1),
        ("नमस्ते दुनिया", 2),
        ("cafe\u0301 au lait", 3),
        ("สวัสดีครับ", 2),
    ],
)
def test_words(text: str, words: int) -> None:
    assert counting.words(text) == words


PLAIN = st.text(
    st.sampled_from("aZß9é—–’'\u2019-.,_#@:/ \n\u00a0\u2028\u2026жΩ🚀½²") | st.characters(max_codepoint=0x2FF),
    max_size=60,
)


@given(PLAIN)
def test_words_of_plain_text_are_counted_like_those_of_any(text: str) -> None:
    """A run of Thai after it, which stands alone, has the whole text counted the long way."""
    assert counting.words(f"{text}\n\u0e01") == counting.words(text) + 1


def test_no_character_counted_the_short_way_is_a_mark_a_joiner_or_unspaced() -> None:
    plain = [chr(point) for point in range(sys.maxunicode + 1) if counting._PLAIN.fullmatch(chr(point))]
    assert not [char for char in plain if unicodedata.category(char).startswith("M") or counting.is_unspaced(char)]
    assert not {"\u00ad", "\u200c", "\u200d"} & set(plain)
    assert {"a", "é", "я", "Ω", "’", "—", "€", "→", "🚀"} <= set(plain)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("nothing here", []),
        ("#one two #three", ["one", "three"]),
        ("#one #one", ["one", "one"]),
        ("#one,#two.", ["one", "two"]),
        ("＃全角 #日本語", ["全角", "日本語"]),
        ("#हिन्दी and #ภาษาไทย", ["हिन्दी", "ภาษาไทย"]),
        ("#cafe\u0301", ["café"]),
        ("#1 is no tag, #1st is", ["1st"]),
        ("C# and a&#39;b", []),
        ("https://example.com/page#top https://example.com/?q=#x", []),
        ("#️⃣ #snake_case", ["snake_case"]),
    ],
)
def test_hashtags(text: str, tags: list[str]) -> None:
    assert counting.hashtags(text) == tags


def test_a_hashtag_keeps_the_marks_and_dots_of_its_script() -> None:
    whole = (
        *("กรุงเทพ", "ភ្នំពេញ", "ရန်ကုန်", "ລາວ", "ירושלים־תל", "col·legi", "レディー・ガガ", "हिन्दी", "তথ্যপ্রযুক্তি"),
        *("தமிழ்", "བོད་ཡིག", "العَرَبِيَّة", "می‌خواهم", "naïve", "ﾚﾃﾞｨｰ･ｶﾞｶﾞ", "שב״כ", "２０２６年"),
    )
    cut = [tag for tag in whole if counting.hashtags(f"one #{tag}, two") != [unicodedata.normalize("NFC", tag)]]
    assert cut == []
    assert [tag for tag in whole if tags.as_tag(tag) != unicodedata.normalize("NFC", tag)] == []
    assert counting.hashtags("#tag· #१२३ #· #́") == ["tag"]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [("", 0), ("\n \n", 0), ("a", 1), ("a\nb", 1), ("a\n\nb", 2), ("a\n \t\n\n\nb\n\n", 2), ("a\r\n\r\nb", 2)],
)
def test_paragraphs(text: str, paragraphs: int) -> None:
    assert counting.paragraphs(text) == paragraphs


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", 0), ("word " * 150, 60), ("字" * 300, 60), ("字" * 5 + " two words", 1.8), ("🚀" * 40, 0)],
)
def test_spoken_seconds(text: str, seconds: float) -> None:
    assert counting.spoken_seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("a" * 280, 280),
        ("日本語", 6),
        ("한국어", 6),
        ("🚀", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("cafe\u0301", 4),
        ("שלום", 4),
        ("see https://example.com/" + "a" * 200, 27),
        ("example.com", 23),
        ("half a pair \ud83d", 14),
    ],
)
def test_x_length(text: str, weight: int) -> None:
    assert counting.x_length(text) == weight


@given(st.text("ab 1.:/@#-&\n‘’“”–—…é\ufe0f\u20e3", max_size=60))
@settings(max_examples=300, deadline=None)
def test_x_length_is_what_twitter_text_says(text: str) -> None:
    assert counting.x_length(text) == counting._parser()(text).weightedLength


@pytest.mark.parametrize(
    ("text", "refused"),
    [("fine 🚀", ""), ("a\ufeffb", "U+FEFF"), ("\uffff\ufffe", "U+FFFE, U+FFFF"), ("\ud83d", "U+D83D")],
)
def test_x_refuses(text: str, refused: str) -> None:
    assert counting.x_refuses(text) == refused


@pytest.mark.parametrize(
    ("text", "graphemes"),
    [
        ("", 0),
        ("plain\r\n", 6),
        ("cafe\u0301", 4),
        ("👩‍👩‍👧‍👦🇯🇵👍🏽1️⃣", 4),
        ("日本語", 3),
        ("한국어", 3),
        ("नमस्ते", 3),
        ("\ud83d", 1),
    ],
)
def test_graphemes(text: str, graphemes: int) -> None:
    assert counting.graphemes(text) == graphemes


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("plain", 5),
        ("日本語", 3),
        ("🚀", 4),
        ("❤️", 6),
        ("👩‍👩‍👧‍👦", 25),
        ("© 2026", 6),
        ("cafe\u0301", 5),
        ("\ud83d", 1),
    ],
)
def test_threads_length(text: str, length: int) -> None:
    assert counting.threads_length(text) == length


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://example.com/", "see example.com"),
        ("https://example.com/short?a=1", "example.com/short?a=1"),
        ("https://example.com/a/much/longer/path.", "example.com/a/much/longe...."),
        ("(http://example.com:8080/a)", "(example.com:8080/a)"),
        ("https://example.com/wiki/Press_(journal)", "example.com/wiki/Press_(..."),
        ("example.com/a/much/longer/path", "example.com/a/much/longer/path"),
        ("https://[broken/a/much/longer/path", "https://[broken/a/much/longer/path"),
    ],
)
def test_bluesky_shown(text: str, shown: str) -> None:
    assert counting.bluesky_shown(text) == shown


@pytest.mark.parametrize(
    ("text", "unspaced"), [("plain", False), ("שלום", False), ("한국어", False), ("a字", True), ("ไทย", True)]
)
def test_is_unspaced(text: str, unspaced: bool) -> None:
    assert counting.is_unspaced(text) is unspaced


def test_the_rules_of_x_are_loaded_when_first_asked_for() -> None:
    code = "import sys, pressroom.formats as f; list(f.REGISTRY); sys.exit('twitter_text' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
