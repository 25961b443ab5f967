"""The facts of a title that two of one event share and two of different events don't: numbers, names, directions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
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
NEAR = 2
"""Words between a reversal and what it turns round, at most, and one: "lifts its ban"."""
PREFIX = 4
"""Names that begin with as many equal letters are one: Norway and Norwegian."""

Side = tuple[str, int]


@dataclass(frozen=True)
class Facts:
    """numbers: what figures and dates of a title are worth. sides: (axis, 0 or 1) of opposites such as rise and fall.

    names: words with a capital, folded; first: those whose capital says nothing, as they open the title.
    capitals: True when nearly every word has one: then each word that isn't common may be a name.
    """

    numbers: tuple[frozenset[tuple[str, Fraction]], ...]
    names: frozenset[str]
    first: frozenset[str]
    capitals: bool
    words: frozenset[str]
    sides: frozenset[Side]
    negated: bool
    reversed: bool


@lru_cache(maxsize=8192)
def facts(title: str) -> Facts:
    """The facts of one title."""
    text = one_form(in_single_words(title))
    words = [(_POSSESSIVE.sub("", match[0]), match.start()) for match in _WORD.finditer(text)]
    capitals = _in_capitals(words)
    names, first = (_uncommon(words), frozenset[str]()) if capitals else _names(text, words)
    in_order = [folded(word) for word, _ in words]
    plain = frozenset(in_order)
    sides, turned = _sides_of(in_order)
    return Facts(
        numbers=tuple(_numbers(text, plain)),
        names=names,
        first=first,
        capitals=capitals,
        words=plain,
        sides=sides,
        negated=bool(plain & frozenset(_data()["negations"].split())),
        reversed=bool(plain & _reversals() - turned),
    )


def agreement(a: str, b: str, alike: float) -> float:
    """Factor of the alikeness of two titles: below 1 where facts differ, above where all agree.

    alike: share of their words that both have in one order; the more, the more a negation or a number in one of them
    tells them apart.
    """
    one, other, weigh = facts(a), facts(b), _data()["factors"]
    factor = 1.0
    lacking, more = _unmatched(one, other), _unmatched(other, one)
    if lacking and more:
        factor *= weigh["numbers_differ"]
    elif lacking or more:
        factor *= weigh["number_missing"] ** (2 * alike)
    elif one.numbers:
        factor *= weigh["numbers_agree"]
    if _strange(one, other) and _strange(other, one):
        factor *= weigh["names_differ"] ** (alike * alike if one.capitals and other.capitals else 1.0)
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
    return same_names().get(name, name)[:PREFIX]


@lru_cache(maxsize=1)
def same_names() -> dict[str, str]:
    """For the adjectives and other names of a place or firm, the one that stands for all: `denmark` for `danish`."""
    return {name: group.split()[0] for group in _data()["same_names"] for name in group.split()}


@lru_cache(maxsize=8192)
def in_single_words(title: str) -> str:
    """`title` with each phrase that has a single word for it replaced by that word: `resigns` for `steps down`."""
    if _phrase_words().isdisjoint(title.casefold().split()):
        return title
    return _phrases().sub(lambda match: str(_data()["phrases"][match[0].casefold()]), title)


@lru_cache(maxsize=1)
def _phrases() -> re.Pattern[str]:
    longest_first = sorted(_data()["phrases"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _phrase_words() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in _data()["phrases"])


@lru_cache(maxsize=1)
def _reversals() -> frozenset[str]:
    return frozenset(_data()["reversals"].split())


def _sides_of(words: Sequence[str]) -> tuple[frozenset[Side], frozenset[str]]:
    """The sides that words take, and the reversals that turned one round: to end a ban is to allow."""
    turning = {at: _turning(words, at) for at, word in enumerate(words) if word in _turnable()}
    turned = frozenset[str]().union(*turning.values())
    return frozenset(
        (axis, 1 - side if turning.get(at) else side)
        for at, word in enumerate(words)
        if word not in turned
        for axis, side in _sides().get(word, ())
    ), turned


def _turning(words: Sequence[str], at: int) -> frozenset[str]:
    """The reversals near a word."""
    return frozenset(words[max(0, at - NEAR) : at + NEAR + 1]) & _reversals() - {words[at]}


@lru_cache(maxsize=1)
def _turnable() -> frozenset[str]:
    return frozenset(_data()["turnable"].split())


def _names(text: str, words: list[tuple[str, int]]) -> tuple[frozenset[str], frozenset[str]]:
    """Words with a capital inside a sentence, and at its start."""
    general = listed("openers", "en") | listed("small", "en")
    names: set[str] = set()
    first: set[str] = set()
    for at, (word, start) in enumerate(words):
        if word[0].isupper() and (word.isupper() or folded(word) not in general):
            opens = at == 0 or _ENDS.search(text[max(0, start - 4) : start])
            (first if opens else names).add(folded(word))
    return frozenset(names), frozenset(first)


def _in_capitals(words: list[tuple[str, int]]) -> bool:
    """True for a title with a capital at nearly every word, which says nothing about names then."""
    long = [word for word, _ in words if len(word) > 3 and word.isalpha()]
    return len(long) > 3 and sum(word[0].isupper() for word in long) >= 0.8 * len(long)


def _uncommon(words: list[tuple[str, int]]) -> frozenset[str]:
    return frozenset(folded(word) for word, _ in words if len(word) > 1 and word[0].isupper()) - _common()


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Words of headlines that are no names: all that the lists know."""
    lists = ("same", "stop_words", "genre_words")
    pairs = [side for pair in _data()["opposites"] for side in pair]
    known = [*(line for name in lists for line in _data()[name]), *_data()["phrases"].values(), *pairs]
    said = frozenset(folded(word) for line in known for word in line.split())
    return said | listed("openers", "en") | listed("small", "en") | _reversals()


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
