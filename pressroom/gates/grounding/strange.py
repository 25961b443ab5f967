"""Finds the figures and dates of a draft that its source lacks, except those that need no source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pressroom.gates.grounding.data import rules
from pressroom.gates.grounding.dates import Day
from pressroom.gates.grounding.figure import Figure
from pressroom.gates.grounding.roles import BARE, DAY, LABEL, ORDINAL, YEAR
from pressroom.gates.grounding.source import Source
from pressroom.gates.grounding.spans import Span

LAST_DAY = 31

_LISTED = re.compile(r"^[ \t>*•-]*\(?#?\d{1,2}(?:[.):/]|\u20e3| ?[–—-])(?=\s)", re.M)
_STAMP = re.compile(
    r"(?:^[ \t(\[]*+|(?<=[(\[])[ \t]*+)\d{1,2}:\d{2}(?::\d{2})?(?: ?[–—-] ?\d{1,2}:\d{2}(?::\d{2})?)?", re.M
)
_CHAPTERS = re.compile(r"^[ \t(\[]*0?0:00\b[^\n]*", re.M)
_CHAPTER = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])")
_SECONDS = re.compile(r"^[ \t(\[]*\d{1,3}(?:[–—-]\d{1,3})? ?s\b", re.M)
_THREAD = re.compile(r"(?:^\W{0,2}|\s\(?)(\d{1,2})/(\d{1,2})\)?\W{0,2}(?=$|\s)", re.M)


def structure(text: str, parts: int) -> Iterator[Span]:
    """Numbers that order a draft and state nothing: of a list, a chapter, a thread of `parts` posts."""
    for pattern in (_STAMP, _SECONDS, _LISTED, _labels(), _idioms()):
        for match in pattern.finditer(text):
            yield Span(match[0], *match.span())
    for line in _CHAPTERS.finditer(text):
        for match in _CHAPTER.finditer(text, *line.span()):
            yield Span(match[0], *match.span())
    for match in _THREAD.finditer(text):
        if int(match[2]) == parts and int(match[1]) <= parts:
            yield Span(match[0], *match.span())


def strange_figures(found: Iterable[Figure], source: Source) -> Iterator[Figure]:
    """The figures of a draft that are neither small nor in the source, in a unit and a part that agree."""
    years = {day.year for day in source.days} - {None}
    days = {day.day for day in source.days} - {None}
    for figure in found:
        if figure.small or figure.within or source.grounding(figure):
            continue
        if figure.units == {""} and _told_by_date(figure, years, days):
            continue
        if figure.values == {0} and "percent" not in figure.units and source.words & set(rules()["nothing"]):
            continue
        if not figure.values and figure.span.text in source.text:
            continue
        if LABEL in figure.roles and _linked(figure, source):
            continue
        yield figure


def _told_by_date(figure: Figure, years: set[int | None], days: set[int | None]) -> bool:
    """A year that a date of the source has; a day of the month only as one: `the 11th`."""
    return bool(
        (figure.roles & {YEAR, BARE} and figure.values & years and max(figure.values) > LAST_DAY)
        or (figure.roles & {ORDINAL, DAY} and figure.values & days)
    )


def _linked(figure: Figure, source: Source) -> bool:
    """True when the number of a label is in the address of a link: `#132047` in `.../pull/132047`."""
    number = figure.span.text.lstrip("#")
    return any(number in re.split(r"\W", link) for link in source.links)


def strange_days(found: Iterable[Day], source: Source) -> Iterator[Day]:
    """The dates of a draft that neither one date of the source nor several together support."""
    years = {day.year for day in source.days} | {int(max(f.values)) for f in source.told if f.values}
    for day in found:
        if any(day.told_by(known) or _completed(day, known, years) for known in source.days):
            continue
        if day.month is None and day.weekday is None and day.year in years:
            continue
        yield day


def _completed(day: Day, known: Day, years: set[int | None]) -> bool:
    """A day the source tells without its year, and a year that it tells elsewhere."""
    if day.year not in years or known.year is not None or day.month is None:
        return False
    return (day.month, day.day) == (known.month, known.day)


def is_year(figure: Figure) -> bool:
    """True when a figure means a year."""
    return YEAR in figure.roles


@lru_cache(maxsize=1)
def _labels() -> re.Pattern[str]:
    labels = _one_of(rules()["labels"])
    seconds = r" ?\(\d{1,3}(?: ?[–—-] ?\d{1,3})? ?(?:s|sec|secs|seconds|sek|sekunden|seg|segundos|secondes|秒)\.?\)"
    ends = r" ?[.:)–—-]|つ|[^\S\n]*$"
    return re.compile(rf"^\W{{0,3}}(?:{labels}) ?#?\d{{1,2}}(?![\d,.%]\d)(?:{seconds}|(?={ends}))", re.I | re.M)


@lru_cache(maxsize=1)
def _idioms() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_one_of(rules()['idioms'])})(?!\w)", re.I)


def _one_of(forms: Sequence[str]) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
