"""What a text says that can be looked up: addresses, dates and figures, each taken out before the next is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pressroom.gates.grounding.dates import Day, dates
from pressroom.gates.grounding.figures import Figure, clocks, figures
from pressroom.gates.grounding.links import links
from pressroom.gates.grounding.spans import Span, blanked

_ENDLESS = re.compile(r"\d{31,}")
"""So many digits in a row are a key or a sum to check by, no figure."""


@dataclass(frozen=True)
class Read:
    """What is in a text, and `rest`: the text without it, everything else where it was."""

    links: tuple[Span, ...]
    days: tuple[Day, ...]
    figures: tuple[Figure, ...]
    rest: str


def read(text: str, language: str) -> Read:
    """What `text`, in one form, says in `language`."""
    addresses = tuple(links(text))
    rest = blanked(text, addresses)
    rest = _ENDLESS.sub(lambda digits: " " * len(digits[0]), rest)
    days = tuple(dates(rest))
    rest = blanked(rest, (day.span for day in days))
    times = tuple(clocks(rest))
    rest = blanked(rest, (time.span for time in times))
    numbers = (*times, *figures(rest, language))
    return Read(addresses, days, numbers, blanked(rest, (number.span for number in numbers)))
