"""The part that a figure plays in its sentence: a count, an amount in a unit, a label, a year, a place in a row.

A figure is grounded by one of a part that fits: the 11 of `11 December` is no `eleven bugs`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pressroom.gates.grounding.data import primary, rules
from pressroom.gates.grounding.spans import folded
from pressroom.gates.grounding.tokens import listed
from pressroom.gates.grounding.units import unit_behind

BARE, COUNT, AMOUNT, LABEL, ORDINAL, YEAR, DAY = "bare", "count", "amount", "label", "ordinal", "year", "day"

FITS: dict[str, frozenset[str]] = {
    BARE: frozenset({BARE, COUNT, AMOUNT, LABEL, ORDINAL, YEAR}),
    COUNT: frozenset({COUNT, BARE}),
    AMOUNT: frozenset({AMOUNT, BARE}),
    LABEL: frozenset({LABEL, BARE, ORDINAL}),
    ORDINAL: frozenset({ORDINAL, BARE, LABEL, DAY}),
    YEAR: frozenset({YEAR, BARE}),
    DAY: frozenset({DAY, BARE, ORDINAL}),
}
"""For a figure of a draft: the parts in which the source may have it."""

BEHIND = 3
"""So many words behind a figure are looked at for what it counts."""

_REACH = 80
_ORDINAL_MARK = re.compile(r"\d(?:st|nd|rd|th|er|re|e|ème|eme|º|ª|\.º)$", re.I)
_CAPITAL = re.compile(r"([^\W\d_][\w+.\-]{0,40})[ \u00a0]$")
_WORD = re.compile(r"(?:[ \-]|[ ](?:[\"'“„«(]))([^\W\d_]+(?:[-'’][^\W\d_]+)*)")
_PARTITIVE = re.compile(
    r" (?:of (?:the|its|their|our|all|these)|of|der|des|von|de|de los|de las|de la|des|de nos) ", re.I
)
_COUNTER = re.compile(r"([一-龯ァ-ヺー]{1,6}|つ)")
_GOES_ON = re.compile(r"\d{1,30}(?:[.,]\d+)* [^\W\d_]")
_OPENS = re.compile(r"(?:^|[.!?:。！？\n]|[-–•*>] )[\"“„«(\s]{0,8}$")
_TELLING = re.compile(r"[a-z][A-Z]|^[A-Z]{2,}$")


def year_like(said: str, text: str, start: int, end: int) -> bool:
    """True when a bare number of four digits means a year: by the word before it, or because no word follows."""
    if not re.fullmatch(r"1[5-9]\d\d|20\d\d", said):
        return False
    before = re.search(r"([^\W\d_]{1,20})[.,]? ?$", text[max(0, start - 24) : start])
    after = text[end : end + 3].lstrip(" ")
    return bool(before and before[1].casefold() in rules()["year_cues"]) or not after[:1].isalpha()


def roles_of(
    text: str, start: int, end: int, language: str, *, ordinal: bool, counted: tuple[str, ...]
) -> frozenset[str]:
    """The parts that a figure without a unit may play; more than one where its sentence leaves it open.

    counted: see `counted_behind`.
    """
    said = text[start:end]
    if label_before(text, start) is not None or (counted and counted[0] in rules()["versions"]):
        return frozenset({LABEL})
    if ordinal or _ORDINAL_MARK.search(said):
        return frozenset({ORDINAL})
    found = {YEAR} if year_like(said, text, start, end) else set()
    if named := _capital_before(text, start, language, counted):
        return frozenset(found | named)
    return frozenset(found | ({COUNT} if counted else set() if found else {BARE}))


def label_before(text: str, start: int) -> int | None:
    """Where the label of an identifier in front of a number begins: the `#` of `#132047`; None for none."""
    before = text[max(0, start - 24) : start].casefold()
    if before.endswith("#"):
        return start - 1
    words, japanese = _labels()
    last = before.rstrip(" \u00a0").split(" ")[-2:]
    pair = [word.lstrip("([\"'“„«") for word in last]
    if pair[-1:] and (pair[-1] in words or " ".join(pair) in words):
        return start
    return start if before.rstrip("はが:").endswith(japanese) else None


def counted_behind(text: str, end: int, language: str) -> tuple[str, ...]:
    """The words, folded, that a figure ending at `end` counts: of `12 new volunteers came`, `new volunteers came`."""
    if primary(language) == "ja":
        found = _COUNTER.match(text, end)
        return (found[1],) if found else ()
    stop = listed("small", language) | listed("openers", language)
    if not listed("small", language):
        return ()
    if of := _PARTITIVE.match(text, end):
        end = of.end() - 1
    words: list[str] = []
    while len(words) < BEHIND and (match := _WORD.match(text, end, end + _REACH)):
        word = folded(match[1])
        if word in stop or (words and language == "en" and word.endswith("ed")):
            break
        words.append(word)
        end = match.end()
        if len(words) > 1 and language in ("es", "fr"):
            break
        if language == "de" and match[1][0].isupper():
            break
    return tuple(words)


def unit_further(text: str, end: int, language: str) -> str:
    """A unit that stands behind one or two other words: `27 long minutes`; `""` for none."""
    at = end
    stop = listed("small", language) | listed("openers", language)
    for _ in range(2):
        match = _WORD.match(text, at, at + _REACH)
        if match is None or folded(match[1]) in stop:
            return ""
        at = match.end()
        unit, after = unit_behind(text, at)
        if unit and after - at > 3:
            return unit
    return ""


def _capital_before(text: str, start: int, language: str, counted: tuple[str, ...]) -> set[str]:
    """The parts of a number behind a word with a capital: `Windows 11`. German nouns have one anyway."""
    found = _CAPITAL.search(text, max(0, start - 40), start)
    if found is None or not found[1][0].isupper() or folded(found[1]) in listed("openers", language):
        return set()
    if _TELLING.search(found[1]):
        return {LABEL}
    if primary(language) == "de":
        return set()
    if not _OPENS.search(text, max(0, found.start() - 8), found.start()):
        return {LABEL, COUNT} if counted else {LABEL}
    if found[1].endswith("ly"):
        return set()
    goes_on = _GOES_ON.match(text, start) is not None
    return {LABEL, COUNT} if counted and not counted[0].endswith("ed") else {LABEL} if goes_on else {LABEL, BARE}


@lru_cache(maxsize=1)
def _labels() -> tuple[frozenset[str], tuple[str, ...]]:
    """Words that stand before an identifier, as they stand; and those of Japanese, with no space around them."""
    words = rules()["identifiers"]
    return frozenset(word for word in words if word[0] < "\u3000"), tuple(word for word in words if word[0] >= "\u3000")
