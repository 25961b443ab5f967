"""Finds the facts of a text that can be looked up: addresses, dates and figures, each blanked before the next."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from pressroom.gates.grounding.data import rules
from pressroom.gates.grounding.dates import Day, dates
from pressroom.gates.grounding.figure import Figure
from pressroom.gates.grounding.figures import clocks, figures
from pressroom.gates.grounding.links import links
from pressroom.gates.grounding.roles import DAY
from pressroom.gates.grounding.spans import Span, blanked

_ENDLESS = re.compile(r"\d{31,}")
"""So many digits in a row are a key or a sum to check by, no figure."""


NEAR = 9
"""Characters between the two ends of a range, at most."""


@dataclass(frozen=True)
class Read:
    """The facts in a text, and `rest`: the text with them blanked out, everything else in its place."""

    links: tuple[Span, ...]
    days: tuple[Day, ...]
    figures: tuple[Figure, ...]
    rest: str


def read(text: str, language: str) -> Read:
    """The facts in `text`, which is in one form, read as `language`."""
    addresses = tuple(links(text))
    rest = blanked(text, addresses)
    rest = _ENDLESS.sub(lambda digits: " " * len(digits[0]), rest)
    days = tuple(sorted(dates(rest), key=lambda day: day.span.start))
    rest = blanked(rest, (day.span for day in days))
    times = tuple(clocks(rest))
    rest = blanked(rest, (time.span for time in times))
    numbers = (*times, *(_of_a_date(one, text, days) for one in figures(rest, language)))
    return Read(addresses, days, numbers, blanked(rest, (number.span for number in numbers)))


def _of_a_date(figure: Figure, text: str, days: tuple[Day, ...]) -> Figure:
    """`figure`; a bare one that makes a range with a date is a day of it: the 3 of `3 to 11 December`."""
    if figure.units != {""}:
        return figure
    at = bisect_left(days, figure.span.start, key=lambda day: day.span.start)
    gaps = [text[day.span.end : figure.span.start] for day in days[max(0, at - 1) : at]]
    gaps += [text[figure.span.end : day.span.start] for day in days[at : at + 1]]
    of_date = any(len(gap) <= NEAR and gap.strip().casefold() in rules()["ranges"] for gap in gaps)
    return replace(figure, roles=frozenset({DAY})) if of_date else figure
