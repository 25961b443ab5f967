"""The facts of a title that two of one event share and two of different events don't: numbers, names, directions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pressroom.gates.grounding.data import senses
from pressroom.gates.grounding.reading import read
from pressroom.gates.grounding.spans import folded, one_form
from pressroom.gates.grounding.tokens import listed

_WORD = re.compile(r"[^\W_]+(?:['’&.\-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_ENDS = re.compile(r"[.!?:–—]\s*[\"“„«(]*$")
PREFIX = 4
"""Names that begin with as many equal letters are one: Norway and Norwegian."""

Side = tuple[str, int]


@dataclass(frozen=True)
class Facts:
    """numbers: what figures and dates of a title are worth. sides: (axis, 0 or 1) of opposites such as rise and fall.

    names: words with a capital, folded; first: those whose capital says nothing, as they open the title.
    """

    numbers: tuple[frozenset[tuple[str, Fraction]], ...]
    names: frozenset[str]
    first: frozenset[str]
    words: frozenset[str]
    sides: frozenset[Side]
    negated: bool
    reversed: bool


@lru_cache(maxsize=8192)
def facts(title: str) -> Facts:
    """The facts of one title."""
    text = one_form(title)
    words = [(_POSSESSIVE.sub("", match[0]), match.start()) for match in _WORD.finditer(text)]
    names, first = _names(text, words)
    plain = frozenset(folded(word) for word, _ in words)
    return Facts(
        numbers=tuple(_numbers(text, plain)),
        names=names,
        first=first,
        words=plain,
        sides=frozenset(side for word in plain for side in _sides().get(word, ())),
        negated=bool(plain & frozenset(_data()["negations"].split())),
        reversed=bool(plain & frozenset(_data()["reversals"].split())),
    )


def agreement(a: str, b: str, alike: float) -> float:
    """Factor of the alikeness of two titles: below 1 where facts differ, above where all agree.

    alike: share of their words that both have in one order; the more, the more a negation in one of them turns it.
    """
    one, other, weigh = facts(a), facts(b), _data()["factors"]
    factor = 1.0
    lacking, more = _unmatched(one, other), _unmatched(other, one)
    if lacking and more:
        factor *= weigh["numbers_differ"]
    elif lacking or more:
        factor *= weigh["number_missing"]
    elif one.numbers:
        factor *= weigh["numbers_agree"]
    if _strange(one, other) and _strange(other, one):
        factor *= weigh["names_differ"]
    if _opposite(one, other):
        factor *= weigh["opposite"]
    turned = (one.negated != other.negated, one.reversed != other.reversed)
    for differs, name in zip(turned, ("negation", "reversal"), strict=True):
        factor *= weigh[name] ** alike if differs else 1.0
    return float(factor)


def most() -> float:
    """The largest factor there is."""
    return float(_data()["factors"]["numbers_agree"])


def _unmatched(one: Facts, other: Facts) -> bool:
    """True when a number of `one` isn't in `other`."""
    return any(not any(mine & theirs for theirs in other.numbers) for mine in one.numbers)


def _opposite(one: Facts, other: Facts) -> bool:
    return any(
        (axis, 1 - side) in other.sides and (axis, side) not in other.sides for axis, side in one.sides - other.sides
    )


def _strange(one: Facts, other: Facts) -> frozenset[str]:
    """Names of `one` that are no words of `other`, nor its first word."""
    known = {_short(name) for name in other.words}
    sure = {name for name in one.names if _short(name) not in known}
    if not sure and one.first and other.first and one.words - one.first == other.words - other.first:
        sure = {name for name in one.first if _short(name) not in known}
    return frozenset(sure)


def _short(name: str) -> str:
    same: dict[str, str] = _data()["same_names"]
    return same.get(name, name)[:PREFIX]


def _names(text: str, words: list[tuple[str, int]]) -> tuple[frozenset[str], frozenset[str]]:
    """Words with a capital inside a sentence, and at its start; both empty for a title in capitals throughout."""
    general = listed("openers", "en") | listed("small", "en")
    long = [word for word, _ in words if len(word) > 3 and word.isalpha()]
    if len(long) > 3 and sum(word[0].isupper() for word in long) >= 0.8 * len(long):
        return frozenset(), frozenset()
    names: set[str] = set()
    first: set[str] = set()
    for at, (word, start) in enumerate(words):
        if word[0].isupper() and (word.isupper() or folded(word) not in general):
            opens = at == 0 or _ENDS.search(text[max(0, start - 4) : start])
            (first if opens else names).add(folded(word))
    return frozenset(names), frozenset(first)


def _numbers(text: str, words: frozenset[str]) -> Iterator[frozenset[tuple[str, Fraction]]]:
    said = read(text, "en")
    for figure in said.figures:
        if not figure.within:
            yield frozenset((kind if kind in ("time", "months") else "", value) for value, kind in figure.measures)
    for day in said.days:
        told = ((name, getattr(day, name)) for name in ("year", "month", "day", "weekday"))
        yield from (frozenset({(name, Fraction(one))}) for name, one in told if one)
    yield from (frozenset({("", Fraction(worth))}) for word, worth in _data()["numbers"].items() if word in words)


@lru_cache(maxsize=1)
def _sides() -> dict[str, tuple[Side, ...]]:
    """For each word of an opposite: its axis and side."""
    found: dict[str, tuple[Side, ...]] = {}
    axes = [(f"{language} {axis['name']}", axis) for language, own in senses()["opposites"].items() for axis in own]
    axes += [
        (f"title {at}", dict(zip(("one", "other"), pair, strict=True))) for at, pair in enumerate(_data()["opposites"])
    ]
    for name, axis in axes:
        for side, key in enumerate(("one", "other")):
            for word in axis.get(key, "").split():
                found[folded(word)] = (*found.get(folded(word), ()), (name, side))
    return found


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("pressroom.gates").joinpath("similarity.json").read_text("utf-8"))
    return data
