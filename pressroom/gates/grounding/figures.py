"""Figures in a text: what they are worth, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from pressroom.gates.grounding.data import primary, rules
from pressroom.gates.grounding.digits import SHARING, Amount, digital
from pressroom.gates.grounding.figure import Figure
from pressroom.gates.grounding.kanji import kanji_numbers
from pressroom.gates.grounding.number_words import is_ordinal, worded
from pressroom.gates.grounding.roles import AMOUNT, COUNT, counted_behind, label_before, roles_of, unit_further
from pressroom.gates.grounding.shares import ratios, set_amounts, shares
from pressroom.gates.grounding.spans import Span, blanked
from pressroom.gates.grounding.units import unit_before, unit_behind

_CLOCK = re.compile(r"(?<![\d:.])(\d{1,2})[:h.](\d{2})(?!\d|\.\d|:\d)(?: ?([ap])\.?m\b\.?| ?Uhr)?", re.I)

NEAR = 60
"""Characters between a figure with a currency and the next, which may do without."""

_CURRENCIES = frozenset({"USD", "EUR", "GBP", "JPY", "CHF"})
_SENTENCE_ENDS = re.compile(r"[.!?](?:\s|$)|[。！？\n]")


def figures(text: str, language: str = "en") -> tuple[Figure, ...]:
    """Every figure of `text`, in reading order, without times of the day and dates (take those out before)."""
    language = primary(language)
    parts = list(ratios(text, language))
    amounts = tuple(set_amounts(blanked(text, (part.span for part in parts)), language))
    parts += shares(blanked(text, _spans(parts, amounts)), language)
    left = blanked(text, _spans(parts, amounts))
    found = _apart(_figure(text, amount, language) for amount in _amounts(left, language, amounts))
    told = _carried(text, [_on_the_hour(text, figure) for figure in _ranged(text, found)])
    return tuple(sorted((*parts, *told), key=lambda figure: figure.span.start))


def _spans(parts: Sequence[Figure], amounts: Sequence[Amount]) -> list[Span]:
    return [*(part.span for part in parts), *(amount.span for amount in amounts)]


def clocks(text: str) -> Iterator[Figure]:
    """Times of the day, in minutes: `9:30`, `9.30 am`, `14h30`, `9.30 Uhr`."""
    for match in _CLOCK.finditer(text):
        hour, minute = int(match[1]), int(match[2])
        if hour > 24 or minute > 59 or ("." in match[0][:3] and not re.search(r"[apAPU]", match[0])):
            continue
        at = (hour % 12 + (12 if match[3] in ("p", "P") else 0) if match[3] else hour) * 60 + minute
        loose = {at} if match[3] else {at, (at + 720) % 1440}
        yield Figure(Span(match[0], *match.span()), frozenset(map(Fraction, loose)), frozenset({"clock"}))


def _amounts(text: str, language: str, known: Sequence[Amount]) -> list[Amount]:
    kanji = [Amount(span, frozenset({value}), worded=True) for span, value in kanji_numbers(text)]
    left = blanked(text, (amount.span for amount in kanji))
    words = [
        Amount(span, frozenset({value}), worded=True, ordinal=is_ordinal(span.text, language))
        for span, value in worded(left, language)
    ]
    return sorted((*known, *kanji, *words, *digital(left, language)), key=lambda amount: amount.span.start)


def _apart(found: Iterable[Figure]) -> list[Figure]:
    """The figures that don't begin inside the one before, as the `cent` of `pour cent` does."""
    apart: list[Figure] = []
    for figure in found:
        if not apart or figure.span.start >= apart[-1].span.end:
            apart.append(figure)
    return apart


def _figure(text: str, amount: Amount, language: str) -> Figure:
    before, start = unit_before(text, amount.span.start)
    more, end = _added(text, amount.span.end)
    behind, end = unit_behind(text, end)
    if behind and not more:
        more, end = _added(text, end)
    unit = before or amount.unit or behind
    if not unit and (label := label_before(text, start)) is not None:
        start = label
    small = unit in ("", "times") and (_is_talk(amount) or _counts_its_own(amount, text))
    article = amount.worded and max(amount.values) <= 1 and unit not in ("percent", "share")
    figure = Figure(
        Span(text[start:end], start, end),
        frozenset(value + more * amount.scale for value in amount.values) if more else amount.values,
        frozenset({unit}),
        small or article,
        amount.scale,
    )
    return figure if unit else _placed(figure, text, amount, language)


def _placed(figure: Figure, text: str, amount: Amount, language: str) -> Figure:
    """A bare figure with the parts it may play, and what it counts."""
    end = figure.span.end
    counted = counted_behind(text, end, language)
    roles = roles_of(text, amount.span.start, end, language, ordinal=amount.ordinal, counted=counted)
    further = unit_further(text, end, language) if COUNT in roles else ""
    return replace(
        figure,
        roles=roles | {AMOUNT} if further else roles,
        units=figure.units | {further},
        counted=counted,
    )


def _added(text: str, end: int) -> tuple[Fraction, int]:
    """The half or quarter that stands behind a number or its unit, and where it ends: `two and a half hours`."""
    found = _fraction_words().match(text, end)
    if found is None:
        return Fraction(0), end
    return Fraction(1, 2) if found[1] else Fraction(1, 4), found.end()


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
    return replace(figure, values=figure.values | times, units=figure.units | {"clock"}, roles=figure.roles | {AMOUNT})


def _carried(text: str, found: Sequence[Figure]) -> Iterator[Figure]:
    """The figures; a large one that nothing is counted with may have the currency of the one before it.

    `1.1 million euros against a budget of 1.4 million.`
    """
    last: Figure | None = None
    for figure in found:
        yield (
            replace(figure, units=figure.units | last.units, roles=figure.roles | {AMOUNT})
            if last and _shares_currency(text, last, figure)
            else figure
        )
        if figure.scale >= SHARING and figure.units & _CURRENCIES:
            last = figure


def _shares_currency(text: str, last: Figure, figure: Figure) -> bool:
    between = text[last.span.end : figure.span.start]
    counts = figure.counted or figure.units != {""}
    bare = not counts and figure.scale >= SHARING and last.scale >= SHARING
    return bare and len(between) <= NEAR and not _SENTENCE_ENDS.search(between)


def _with_unit(one: Figure, other: Figure) -> Figure:
    if one.units != {""}:
        return one
    small = one.small and other.small
    return replace(
        one, units=one.units | other.units, small=small, roles=one.roles | other.roles, counted=other.counted
    )


@lru_cache(maxsize=1)
def _hour_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    before, behind = ("|".join(map(re.escape, rules()["hours"][where])) for where in ("before", "behind"))
    return re.compile(rf"(?<!\w)(?:{before}) $", re.I), re.compile(rf" ?(?:{behind})(?!\w)", re.I)


@lru_cache(maxsize=1)
def _counted() -> re.Pattern[str]:
    return re.compile(rf" ?(?:[a-z]+ )?(?:{'|'.join(rules()['counted'])})(?![A-Za-z])", re.I)


@lru_cache(maxsize=1)
def _fraction_words() -> re.Pattern[str]:
    halves, quarters = ("|".join(map(re.escape, rules()[name])) for name in ("halves", "quarters"))
    return re.compile(rf" ?(?:({halves})|(?:{quarters}))(?![\w/])", re.I)
