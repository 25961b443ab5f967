"""A title as it is compared: its words, the pieces of them, its names and its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pressroom.sources.topics.titles import UNSPACED, data, fold, stop_words

MOST = 60
"""Words of a title that are read."""
_WORD = re.compile(rf"([{UNSPACED}]+)|(\d+(?:[.,’ ]\d+)*)|([^\W\d_{UNSPACED}][^\W_{UNSPACED}]*)")
_JOINED = re.compile(r"['’]s\b|(?<=\w)['’](?=\w)|(?<=\b[A-Za-z])\.(?=[A-Za-z]\b)")
_ELIDED = re.compile(r"\b(?:[ldjmntsc]|qu|dell|nell|all|sull|dall)['’](?=\w)", re.IGNORECASE)
_ENDINGS = ("ations", "ation", "ingly", "ings", "ing", "ies", "ied", "ed", "es", "ly", "en", "er", "e", "s")
_THOUSANDS = re.compile(r"\d{1,3}(?:([.,’ ])\d{3})+(?:\1\d{3})*")
_NUMBERED = re.compile(r"([^\W\d]{1,4})(\d{1,4})")
_UNSPACED, _KATAKANA = re.compile(f"[{UNSPACED}]"), re.compile(r"[\u30a0-\u30ff]{3,}")
_AMOUNT = re.compile(r"\d")
NUMBERED = 3000
"""Numbers below belong to a name in front of them: Artemis 3, World Cup 2030."""
NEAR = 3
"""Words between a number and the people it counts."""
Number = tuple[str, float]


@dataclass(frozen=True)
class Words:
    """words: stems of what carries meaning. names: folded words with a capital within the title, and numbers.

    numbers: (the name before it or empty, value) of all that count as facts. Casualties don't: they grow by the hour.
    """

    words: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[Number]


@lru_cache(maxsize=16_384)
def read(title: str, language: str) -> Words:
    """The words of a clean title in a language given by its tag's first part; empty for unknown."""
    found = _WORD.findall(_JOINED.sub("", _ELIDED.sub("", title)))[:MOST]
    parts = [unspaced or number or word for unspaced, number, word in found]
    small = _small().get(language, {})
    plain = [small.get(word, word) for word in map(fold, parts)]
    values = [
        _value(parts[at] if parts[at][0].isdigit() else word, plain[at + 1 : at + 2]) for at, word in enumerate(plain)
    ]
    words = [stemmed for at, word in enumerate(plain) for stemmed in _stems(word, values[at], language)]
    return Words(tuple(words), _names(parts, plain, language), frozenset(_facts(parts, plain, values)))


@lru_cache(maxsize=65_536)
def pieces(word: str) -> tuple[str, ...]:
    """The runs of three and four characters of a word with its edges."""
    framed = f" {word} "
    return tuple(framed[at : at + size] for size in (3, 4) for at in range(len(framed) - size + 1)) or (framed,)


def _stems(word: str, value: float | None, language: str) -> tuple[str, ...]:
    """Nothing for a word without meaning, its pairs of characters for one written without spaces, else its stem."""
    if value is not None:
        return (f"{value:g}",)
    if _UNSPACED.match(word):
        return tuple(word[at : at + 2] for at in range(max(1, len(word) - 1)))
    return () if word in _stops(language) else (stem(word),)


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """A folded word without its ending."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=32)
def _stops(language: str) -> frozenset[str]:
    """Folded words without meaning; those of English too, which all languages borrow in headlines."""
    return frozenset(map(fold, stop_words().get(language, frozenset()) | {*data()["common"].split(), *data()["scale"]}))


def _names(parts: list[str], plain: list[str], language: str) -> frozenset[str]:
    """Words with a capital that aren't the first, where capitals say something; words in katakana; numbers."""
    spaced = [part for part in parts[1:] if part[0].isalpha() and len(part) > 3]
    loud = len(spaced) > 2 and sum(part[0].isupper() for part in spaced) >= 0.7 * len(spaced)
    said = 0 if loud or language == "de" else 1
    names = {
        plain[at]
        for at, part in enumerate(parts)
        if (part[0].isupper() and at >= said and plain[at] not in _stops(language) and len(part) > 1)
        or _KATAKANA.fullmatch(part)
    }
    return frozenset(names)


def _facts(parts: list[str], plain: list[str], values: list[float | None]) -> list[Number]:
    """The numbers of a title, each with the name in front of it."""
    found: list[Number] = []
    for at, (word, value) in enumerate(zip(plain, values, strict=True)):
        if word in _calendar():
            found.append(_calendar()[word])
        elif joined := _NUMBERED.fullmatch(word):
            found.append((joined[1], float(joined[2])))
        elif value is not None and not _counts_people(plain, at):
            named = at > 0 and value < NUMBERED and parts[at - 1][0].isupper()
            found.append((plain[at - 1] if named else "", value))
    return found


def _counts_people(plain: list[str], at: int) -> bool:
    near = plain[max(0, at - NEAR) : at + NEAR + 1]
    return not _casualties().isdisjoint(near) or any(sign in word for word in near for sign in _unspaced_casualties())


@lru_cache(maxsize=1)
def _casualties() -> frozenset[str]:
    return frozenset(map(fold, data()["casualties"].split()))


@lru_cache(maxsize=1)
def _unspaced_casualties() -> tuple[str, ...]:
    return tuple(word for word in sorted(_casualties()) if _UNSPACED.match(word))


def _value(word: str, following: list[str]) -> float | None:
    """The worth of a number, with the `million` behind it; None for a word."""
    if not _AMOUNT.match(word):
        return None
    digits = re.sub(r"[.,’ ]", "", word) if _THOUSANDS.fullmatch(word) else re.sub(r"[,’ ]", ".", word)
    digits = digits if digits.count(".") < 2 else digits.replace(".", "")
    return float(digits) * float(_scales().get((following or [""])[0], 1.0))


@lru_cache(maxsize=1)
def _calendar() -> dict[str, Number]:
    """Names of days and months as numbers."""
    return {
        fold(word): (kind, float(number))
        for kind, languages in data()["calendar"].items()
        for words in languages
        for number, word in enumerate(words.split(), 1)
        if word != "_"
    }


@lru_cache(maxsize=1)
def _scales() -> dict[str, float]:
    return {fold(word): worth for word, worth in data()["scale"].items()}


@lru_cache(maxsize=1)
def _small() -> dict[str, dict[str, str]]:
    """By language, the digits of numbers in words."""
    return {
        language: {fold(word): str(worth) for worth, word in enumerate(words.split(), 2) if word != "_"}
        for language, words in data()["small"].items()
    }
