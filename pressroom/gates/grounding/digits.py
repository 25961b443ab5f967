"""Numbers in digits: `1,200`, `1 200`, `1.200`, `1.2k`, `3 Mio.`; what may be read in two ways is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from pressroom.gates.grounding.data import rules
from pressroom.gates.grounding.spans import Span

_LETTER = "A-Za-z\u00c0-\u024f"
_NUMBER = re.compile(
    rf"(?<![{_LETTER}\d.,_@])(?<![A-Za-z\d_&]#)(?<![{_LETTER}][-+])"
    r"(?:\d{1,3}(?:[,.'’ ]\d{3}(?!\d)){1,9}(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)*)"
)
_GROUPED = re.compile(r"\d{1,3}(?:[,.'’ ]\d{3})+")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|e|ème|eme|º|ª|o|a)(?![^\W\d_])|\.º")
_DECADE = re.compile(r"s(?![^\W\d_])")
_OF_A_DECADE = re.compile(r"(?:\d\d|(?:\b(?:the|early|late|mid|los|die|les|her|his)[ -]|['’]))\d0$", re.I)
_NAME_GOES_ON = re.compile(rf"[{_LETTER}]|-[{_LETTER}]{{2,}}-")

_ONE = Fraction(1)
_UNSCALED = (_ONE,)

SHARING = 1000
"""Below this, the first of a range may have the scale of the second: `5-10 million`."""

LARGEST = 10**18
"""No further scale is read behind one of this worth: `million million million`."""


@dataclass(frozen=True)
class Amount:
    """A number before its unit. scale: what of its worth came from a word or letter behind it.

    unit: one that is part of its words, as in `half an hour`.
    """

    span: Span
    values: frozenset[Fraction]
    scale: Fraction = Fraction(1)
    worded: bool = False
    unit: str = ""
    ordinal: bool = False


def digital(text: str, language: str) -> Iterator[Amount]:
    """Numbers in digits with their scales; digits inside a name (`GPT4`, `4chan`) don't count as numbers."""
    for match in _NUMBER.finditer(text):
        values, end = readings(match[0]), match.end()
        scale, end = _scaled(text, end, language)
        if end == match.end():
            ordinal = _ORDINAL.match(text, end) or (_OF_A_DECADE.search(text[:end][-10:]) and _DECADE.match(text, end))
            if ordinal:
                end = ordinal.end()
            elif _NAME_GOES_ON.match(text, end) and not _unit_follows(text, end):
                continue
        span = Span(text[match.start() : end], match.start(), end)
        scaled = values if scale == _UNSCALED else frozenset(value * one for value in values for one in scale)
        yield Amount(span, scaled, max(scale))


def readings(number: str) -> frozenset[Fraction]:
    """The values that digits with separators may have: `1.200` is 1200; `1.234` is 1234 or 1.234; `3.8.1` has none."""
    separators = set(re.sub(r"\d", "", number))
    plain = re.sub(r"[,.'’ ]", "", number)
    if not separators:
        return frozenset({Fraction(number)})
    if _GROUPED.fullmatch(number) and len(separators) == 1:
        whole = frozenset({Fraction(plain)})
        decimal = separators <= {",", "."} and number.count(min(separators)) == 1 and number[-1] != "0"
        return whole | ({Fraction(number.replace(",", "."))} if decimal else frozenset())
    last = max(number.rfind("."), number.rfind(","))
    before, after = number[:last], number[last + 1 :]
    if set(re.sub(r"\d", "", before)) and not _GROUPED.fullmatch(before):
        return frozenset()
    return frozenset({Fraction(re.sub(r"[,.'’ ]", "", before) + "." + after)})


def _scaled(text: str, end: int, language: str) -> tuple[tuple[Fraction, ...], int]:
    """The scales that stand behind a number, multiplied, and where they end. `m` may be a unit as well."""
    worth = _ONE
    attached = _attached().match(text, end)
    if attached:
        worth = Fraction(rules()["scales"]["any"][attached[1]])
        return ((Fraction(1), worth) if attached[1] in "mbT" else (worth,)), attached.end()
    while worth < LARGEST and (found := _worded(language).match(text, end)):
        worth *= _scale_words(language)[found[1].lower()]
        end = found.end()
    return (worth,), end


@lru_cache(maxsize=1)
def _attached() -> re.Pattern[str]:
    forms = sorted(rules()["scales"]["any"], key=len, reverse=True)
    return re.compile(rf"({'|'.join(forms)})(?![{_LETTER}\d²])")


@lru_cache(maxsize=8)
def _scale_words(language: str) -> dict[str, Fraction]:
    own = rules()["scales"].get(language) or rules()["scales"]["en"]
    return {name.lower(): Fraction(worth) for name, worth in own.items()}


@lru_cache(maxsize=8)
def _worded(language: str) -> re.Pattern[str]:
    forms = "|".join(re.escape(form) for form in sorted(_scale_words(language), key=len, reverse=True))
    end = "" if language == "ja" else rf"(?![{_LETTER}])\.?(?!\.)" if language == "de" else rf"(?![{_LETTER}])"
    return re.compile(rf"[ -]?({forms}){end}", re.I)


def _unit_follows(text: str, end: int) -> bool:
    from pressroom.gates.grounding.units import unit_behind

    return unit_behind(text, end)[0] != ""
