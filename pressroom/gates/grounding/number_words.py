"""Numbers in words: `twelve hundred`, `dreiundzwanzig`, `quatre-vingt-dix`, `三千二百`.

The words up to 999 are those of num2words; how they are put together is in `rules.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from pressroom.gates.grounding.data import rules
from pressroom.gates.grounding.spans import Span, folded

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 6
"""The most words of a number below 1,000, without joining words: quatre cent quatre vingt dix neuf."""

Said = tuple[Span, Fraction]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word folded, where it stands, and whether only a space or a hyphen parts it from the word before."""

    plain: str
    start: int
    end: int
    adjoins: bool


Words = list[_Word]


def worded(text: str, language: str) -> Iterator[Said]:
    """Numbers in words, in a language that there are rules for."""
    if language not in rules()["number_words"]:
        return
    found, at = _words(text), 0
    while at < len(found):
        value, end = _number(found, at, language) if _may_begin(found[at].plain, language) else (None, at)
        if value is None:
            at += 1
            continue
        start, stop = found[at].start, found[end - 1].end
        yield Span(text[start:stop], start, stop), value
        at = end


def is_ordinal(words: str, language: str) -> bool:
    """True when a number in words is a place in a row: `twenty-first`."""
    last = _WORD.findall(folded(words))[-1:]
    return bool(last) and last[0] in _ordinals(language)


def _words(text: str) -> Words:
    found: Words = []
    end = -1
    for match in _WORD.finditer(text):
        adjoins = end >= 0 and text[end : match.start()] in (" ", "-")
        end = match.end()
        found.append(_Word(folded(match[0]), match.start(), end, adjoins))
    return found


def _may_begin(word: str, language: str) -> bool:
    """True when a number may begin with the folded `word`; for most words the check ends here."""
    return word in _first_words(language) or any(
        joint in word for joint in rules()["number_words"][language].get("glued", ())
    )


@lru_cache(maxsize=8)
def _first_words(language: str) -> frozenset[str]:
    own = rules()["number_words"][language]
    return frozenset((*own["one"], *own.get("bare", ()), *(key.split()[0] for key in _table(language))))


def _number(found: Words, at: int, language: str) -> tuple[Fraction | None, int]:
    """The value of the number that begins at word `at`, and the word after it; None when no number begins there."""
    value, end = _below_thousand(found, at, language)
    if value is None:
        value, end = _implicit_one(found, at, language)
    total, least = Fraction(0), Fraction(10**15)
    while value is not None:
        scale = _scale(found, end, language) if end == at or _adjoins(found, end) else None
        grown = Fraction(0)
        while scale is not None and scale > grown and (scale >= 1000 or scale == 12 or value < 100):
            value, end, grown = value * scale, end + 1, scale
            scale = _scale(found, end, language) if _adjoins(found, end) else None
        least = min(least, grown) if grown else least
        total += value
        start = _past_joins(found, end, language)
        value, after = _below_thousand(found, start, language) if grown and _adjoins(found, start) else (None, end)
        if value is None or not 0 < value < least:
            return total, end
        end = after
    return None, at


def _implicit_one(found: Words, at: int, language: str) -> tuple[Fraction | None, int]:
    """The one that `a hundred` and `mil` begin with, and where its scale stands; None when no scale follows."""
    own, word = rules()["number_words"][language], found[at].plain
    scale = at if word in own.get("bare", ()) else at + 1 if word in own["one"] and _adjoins(found, at + 1) else None
    if scale is None or _scale(found, scale, language) is None:
        return None, at
    return Fraction(1), scale


def _scale(found: Words, at: int, language: str) -> Fraction | None:
    worth = _scales(language).get(found[at].plain) if at < len(found) else None
    return None if worth is None else Fraction(worth)


def _below_thousand(found: Words, at: int, language: str) -> tuple[Fraction | None, int]:
    """The longest number below 1,000 (German: below a million) from word `at` on."""
    table, begun, joins = _table(language), _begun(language), rules()["number_words"][language]["joins"]
    key = ""
    best: tuple[Fraction | None, int] = None, at
    taken = 0
    for position in range(at, min(at + 2 * _LONGEST, len(found))):
        if position > at and not _adjoins(found, position):
            break
        word = found[position].plain
        if word in joins and taken:
            continue
        key, taken = f"{key} {word}".strip(), taken + 1
        if key in table:
            best = Fraction(table[key]), position + 1
        elif taken == 1 and (glued := _glued(word, language)) is not None:
            return Fraction(glued), position + 1
        if key not in begun:
            break
    return best


def _glued(word: str, language: str) -> int | None:
    """`zwölfhundert`, `eintausendzweihundert`: numbers written as one word."""
    for joint, worth in rules()["number_words"][language].get("glued", {}).items():
        left, found, right = word.partition(joint)
        if found and (left or right):
            table: dict[str, int] = _table(language)
            low = _below(right.removeprefix("und"), language)
            high = 1 if not left else table.get(left)
            if high is not None and low is not None and (worth == 1000 or 10 < high < 100):
                return high * int(worth) + low
    return None


def _below(word: str, language: str) -> int | None:
    return 0 if not word else _table(language).get(word)


def _past_joins(found: Words, at: int, language: str) -> int:
    joins = rules()["number_words"][language]["joins"]
    return at + 1 if at + 1 < len(found) and found[at].plain in joins and _adjoins(found, at + 1) else at


def _adjoins(found: Words, at: int) -> bool:
    """True when there is a word here, close to the one before."""
    return 0 < at < len(found) and found[at].adjoins


@lru_cache(maxsize=8)
def _scales(language: str) -> dict[str, float]:
    return {folded(name): worth for name, worth in rules()["scales"][language].items()}


@lru_cache(maxsize=8)
def _begun(language: str) -> frozenset[str]:
    """The beginnings of the table's entries, word by word: other words can't become a number."""
    return frozenset(
        " ".join(words[:length]) for words in map(str.split, _table(language)) for length in range(1, len(words) + 1)
    )


@lru_cache(maxsize=8)
def _ordinals(language: str) -> frozenset[str]:
    """The last words, folded, of ordinals, in a language that there are number words of."""
    if language not in rules()["number_words"]:
        return frozenset()
    return frozenset(_WORD.findall(folded(words))[-1] for words, _ in _ordinal_words(language))


def _ordinal_words(language: str) -> list[tuple[str, int]]:
    from num2words import num2words

    return [(num2words(value, lang=language, to="ordinal"), value) for value in range(4, 32)]


@lru_cache(maxsize=8)
def _table(language: str) -> dict[str, int]:
    """Number words up to 999 and ordinals up to 31, folded, without what joins them."""
    from num2words import num2words  # 60 ms, needed where a document is compared

    own: dict[str, Any] = rules()["number_words"][language]
    table: dict[str, int] = {}
    for value in range(1000):
        _enter(table, num2words(value, lang=language), value, own)
    for words, value in _ordinal_words(language):
        _enter(table, words, value, own)
    for word in own["unsure"]:
        table.pop(word, None)
    return table


def _enter(table: dict[str, int], words: str, value: int, own: dict[str, Any]) -> None:
    key = " ".join(word for word in _WORD.findall(folded(words)) if word not in own["joins"])
    forms = [key, *(re.sub(wrong, right, key) for wrong, right in own["variants"])]
    for form in forms:
        table.setdefault(folded(form), value)
