"""Figures in a text: what they are worth, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from pressroom.gates.grounding.data import primary, rules
from pressroom.gates.grounding.digits import Amount, digital
from pressroom.gates.grounding.kanji import kanji_numbers
from pressroom.gates.grounding.number_words import worded
from pressroom.gates.grounding.spans import Span, blanked
from pressroom.gates.grounding.units import unit_before, unit_behind

_FRACTION = re.compile(r"(?<![\d/.,])(\d{1,2})[/⁄](\d{1,2})(?![\d/])")
_CLOCK = re.compile(r"(?<![\d:.])(\d{1,2})[:h.](\d{2})(?!\d|\.\d|:\d)(?: ?([ap])\.?m\b\.?| ?Uhr)?", re.I)

SHARING = 1000
"""Below this, the first of a range may have the scale of the second: `5-10 million`."""


NEAR = 60
"""Characters between a figure with a currency and the next, which may do without."""

_CURRENCIES = frozenset({"USD", "EUR", "GBP", "JPY", "CHF"})
_SENTENCE_ENDS = re.compile(r"[.!?](?:\s|$)|[。！？\n]")
_NOTHING = re.compile(r" ?(?:[.,;:!?)。、]|\Z|\n)")


@dataclass(frozen=True)
class Figure:
    """What a figure may be worth (`1.234` is read in two ways), and its unit, if it is a known one.

    small: a number in words that is how people talk, or a count of what the draft itself lists.
    """

    span: Span
    values: frozenset[Fraction]
    units: frozenset[str] = frozenset({""})
    small: bool = False
    scale: Fraction = Fraction(1)


def figures(text: str, language: str = "en") -> tuple[Figure, ...]:
    """Every figure of `text`, in reading order, without times of the day and dates (take those out before)."""
    language = primary(language)
    shares = tuple(_shares(text, language))
    text = blanked(text, (share.span for share in shares))
    found = _apart(_figure(text, amount) for amount in _amounts(text, language))
    told = _carried(text, [_on_the_hour(text, figure) for figure in _ranged(text, found)])
    return tuple(sorted((*shares, *told), key=lambda figure: figure.span.start))


def clocks(text: str) -> Iterator[Figure]:
    """Times of the day, in minutes: `9:30`, `9.30 am`, `14h30`, `9.30 Uhr`."""
    for match in _CLOCK.finditer(text):
        hour, minute = int(match[1]), int(match[2])
        if hour > 24 or minute > 59 or ("." in match[0][:3] and not re.search(r"[apAPU]", match[0])):
            continue
        at = (hour % 12 + (12 if match[3] in ("p", "P") else 0) if match[3] else hour) * 60 + minute
        loose = {at} if match[3] else {at, (at + 720) % 1440}
        yield Figure(Span(match[0], *match.span()), frozenset(map(Fraction, loose)), frozenset({"clock"}))


def _amounts(text: str, language: str) -> list[Amount]:
    kanji = [Amount(span, frozenset({value}), worded=True) for span, value in kanji_numbers(text)]
    left = blanked(text, (amount.span for amount in kanji))
    words = [Amount(span, frozenset({value}), worded=True) for span, value in worded(left, language)]
    return sorted((*kanji, *words, *digital(left, language)), key=lambda amount: amount.span.start)


def _apart(found: Iterable[Figure]) -> list[Figure]:
    """Those that don't begin inside the one before, as the `cent` of `pour cent` does."""
    apart: list[Figure] = []
    for figure in found:
        if not apart or figure.span.start >= apart[-1].span.end:
            apart.append(figure)
    return apart


def _figure(text: str, amount: Amount) -> Figure:
    span = amount.span
    before, start = unit_before(text, span.start)
    behind, end = unit_behind(text, span.end)
    unit = before or behind
    small = not unit and (_is_talk(amount) or _counts_its_own(amount, text))
    article = amount.worded and max(amount.values) <= 1 and unit not in ("percent", "share")
    return Figure(Span(text[start:end], start, end), amount.values, frozenset({unit}), small or article, amount.scale)


def _is_talk(amount: Amount) -> bool:
    most: int = rules()["small"]["most"]
    return amount.worded and max(amount.values) <= most


def _counts_its_own(amount: Amount, text: str) -> bool:
    few = max(amount.values, default=Fraction(11)) <= 10
    return few and _counted().match(text, amount.span.end) is not None


def _ranged(text: str, found: Sequence[Figure]) -> Iterator[Figure]:
    """The figures; the two of a range have each other's unit and scale as well: `$5-10 million`, `20 to 30 %`."""
    shared = list(found)
    for at in range(len(shared) - 2, -1, -1):
        one, other = shared[at], shared[at + 1]
        if text[one.span.end : other.span.start].strip().casefold() not in rules()["ranges"]:
            continue
        shared[at], shared[at + 1] = _with_unit(one, other), _with_unit(other, one)
        if one.scale == 1 and other.scale != 1 and max(one.values, default=0) < SHARING:
            grown = frozenset(value * other.scale for value in one.values)
            shared[at] = replace(shared[at], values=one.values | grown)
    yield from shared


def _on_the_hour(text: str, figure: Figure) -> Figure:
    """`7 Uhr`, `um sieben`, `at 7 pm`: as bare as it stands, and the time of the day as well, in minutes."""
    hour = max(figure.values, default=Fraction(25))
    if figure.units != {""} or hour.denominator != 1 or not 0 <= hour <= 24:
        return figure
    before, behind = _hour_words()
    start, end = figure.span.start, figure.span.end
    if not (before.search(text, max(0, start - 12), start) or behind.match(text, end)):
        return figure
    times = {hour * 60, (hour * 60 + 720) % 1440}
    return replace(figure, values=figure.values | times, units=figure.units | {"clock"})


def _carried(text: str, found: Sequence[Figure]) -> Iterator[Figure]:
    """The figures; a large one that nothing is counted with may have the currency of the one before it.

    `1.1 million euros against a budget of 1.4 million.`
    """
    last: Figure | None = None
    for figure in found:
        yield (
            replace(figure, units=figure.units | last.units)
            if last and _shares_currency(text, last, figure)
            else figure
        )
        if figure.scale >= SHARING and figure.units & _CURRENCIES:
            last = figure


def _shares_currency(text: str, last: Figure, figure: Figure) -> bool:
    between = text[last.span.end : figure.span.start]
    bare = figure.units == {""} and figure.scale == last.scale and bool(_NOTHING.match(text, figure.span.end))
    return bare and len(between) <= NEAR and not _SENTENCE_ENDS.search(between)


def _with_unit(one: Figure, other: Figure) -> Figure:
    return replace(one, units=one.units | other.units, small=one.small and other.small) if one.units == {""} else one


def _shares(text: str, language: str) -> Iterator[Figure]:
    """Parts of a whole: `two thirds`, `2/3`, `die Hälfte`."""
    for pattern, worth in _share_patterns(language):
        for match in pattern.finditer(text):
            yield Figure(Span(match[0], *match.span()), frozenset({Fraction(worth)}), frozenset({"share"}))
    for match in _FRACTION.finditer(text):
        if 0 < int(match[1]) < int(match[2]):
            value = frozenset({Fraction(int(match[1]), int(match[2]))})
            yield Figure(Span(match[0], *match.span()), value, frozenset({"share"}))


@lru_cache(maxsize=8)
def _share_patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    own = rules()["shares"].get(language, [])
    edge = "" if language == "ja" else r"(?![\w-])"
    start = "" if language == "ja" else r"(?<![\w-])"
    return tuple((re.compile(rf"{start}(?:{pattern}){edge}", re.I), value) for pattern, value in own)


@lru_cache(maxsize=1)
def _hour_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    before, behind = ("|".join(map(re.escape, rules()["hours"][where])) for where in ("before", "behind"))
    return re.compile(rf"(?<!\w)(?:{before}) $", re.I), re.compile(rf" ?(?:{behind})(?!\w)", re.I)


@lru_cache(maxsize=1)
def _counted() -> re.Pattern[str]:
    return re.compile(rf" ?(?:[a-z]+ )?(?:{'|'.join(rules()['counted'])})(?![A-Za-z])", re.I)
