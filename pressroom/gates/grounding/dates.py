"""Dates in a text, as far as they go: a day, a month, a year, a weekday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pressroom.gates.grounding.data import rules
from pressroom.gates.grounding.kanji import worth
from pressroom.gates.grounding.spans import Span, folded

_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_GAP = r"(?:,? (?:de |del |of |den |le |the )?|\. ?|-)"


@dataclass(frozen=True)
class Day:
    """A date as far as it is known; None: a part that is left open. `either`: day and month in the other order."""

    span: Span
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    either: bool = False

    def told_by(self, other: Day) -> bool:
        """True when `other` contains everything that this date says."""
        if any(
            mine is not None and mine != theirs
            for mine, theirs in ((self.year, other.year), (self.weekday, other.weekday))
        ):
            return False
        wanted, known = (self.month, self.day), (other.month, other.day)
        if _fits(wanted, known):
            return True
        return (self.either or other.either) and _fits((self.day, self.month), known)


def _fits(wanted: tuple[int | None, int | None], known: tuple[int | None, int | None]) -> bool:
    return all(mine is None or mine == theirs for mine, theirs in zip(wanted, known, strict=True))


def dates(text: str) -> Iterator[Day]:
    """The dates of `text`, none inside another."""
    taken = bytearray(len(text))  # 1 for each character of a date that was found
    seen = text.lower()
    for pattern in (pattern for hints, pattern in _patterns() if any(hint in seen for hint in hints)):
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            if (day := _day(match)) is not None:
                taken[day.span.start : day.span.end] = b"\1" * (day.span.end - day.span.start)
                yield day


def _day(match: re.Match[str]) -> Day | None:
    parts = {name: value for name, value in match.groupdict().items() if value is not None}
    name = parts.get("name") or ""
    month = _months().get(folded(name).rstrip(".")) if name else _number(parts.get("month"))
    day = _number(parts.get("day"))
    weekday = _weekdays().get(folded(parts["weekday"])) if "weekday" in parts else None
    year = _number(parts.get("year"))
    if (month is not None and not 1 <= month <= 31) or (day is not None and not 1 <= day <= 31):
        return None
    whole = "span" in parts
    start, end = match.span("span") if whole else match.span()
    return Day(Span(match.string[start:end], start, end), year, month, day, weekday, either="slash" in parts)


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits) if digits.isdecimal() else int(worth(digits))


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    tables = rules()["dates"]["months"].values()
    return {folded(name): number for names in tables for number, name in enumerate(names, 1)}


@lru_cache(maxsize=1)
def _weekdays() -> dict[str, int]:
    tables = rules()["dates"]["weekdays"].values()
    return {folded(name): number for names in tables for number, name in enumerate(names, 1)}


def _any(names: Iterator[str] | list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """The fullest forms first, each with what is in any text that it can match, one of them at least."""
    tables = rules()["dates"]
    full = [name for language, names in tables["months"].items() if language != "short" for name in names]
    short = tables["months"]["short"]
    name = rf"(?P<name>{_any([*full, *short, *(f'{month}.' for month in short)])})(?!\w)"
    year, cues = r"(?P<year>1[5-9]\d\d|20\d\d)(?![\d%]|[.,]\d)", _any(tables["before_month"])
    kanji, kanji_year = (
        r"\d{1,2}|[一二三四五六七八九十]{1,3}",
        r"(?<!\d)(?P<year>(?:1[5-9]|20)\d\d|[一二][〇一二三四五六七八九]{3})",
    )
    days = [day for language, names in tables["weekdays"].items() if language != "ja" for day in names]
    months, digits = _hints([*full, *short]), tuple("0123456789")
    forms = [
        (digits, rf"(?<!\d){year}[-/.年 ]{{1,2}}(?P<month>\d{{1,2}})[-/.月 ]{{1,2}}(?P<day>\d{{1,2}})(?!\d)日?"),
        (digits, rf"(?<![\d/.])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{year}"),
        (digits, rf"(?<![\d/])(?P<day>\d{{1,2}})(?P<slash>/)(?P<month>\d{{1,2}})/{year}"),
        (("年",), rf"{kanji_year}年 ?(?P<month>{kanji})月 ?(?P<day>{kanji})日"),
        (("年",), rf"{kanji_year}年 ?(?P<month>{kanji})月"),
        (("月",), rf"(?<!\d)(?P<month>{kanji})月 ?(?P<day>{kanji})日"),
        (months, rf"(?<![\d.,])(?<!\w){_DAY}{_GAP}{name}{_GAP}{year}"),
        (months, rf"(?<!\w){name} {_DAY}(?!\d),? {year}"),
        (months, rf"(?<!\w){name}{_GAP}{year}"),
        (months, rf"(?<![\d.,])(?<!\w){_DAY}{_GAP}{name}"),
        (months, rf"(?<!\w){name} {_DAY}(?![\d:%]|[.,]\d| ?%)"),
        (("月",), rf"(?<![\dか])(?P<month>{kanji})月(?![間日])"),
        (_hints(days), rf"(?<!\w)(?P<weekday>{_any(days)})(?:s|nachmittag|abend|morgen)?(?!\w)"),
        (("曜",), r"(?P<weekday>" + _any(tables["weekdays"]["ja"]) + ")日?"),
        (months, rf"(?<!\w)(?:{cues}) (?P<span>{name})"),
        (("年",), rf"{kanji_year}年"),
    ]
    return tuple((hints, re.compile(form, re.I)) for hints, form in forms)


def _hints(names: list[str]) -> tuple[str, ...]:
    return tuple({name[:3].lower() for name in names})
