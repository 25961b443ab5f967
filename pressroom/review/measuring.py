"""How long a part of a draft is, as its platform counts, and how long it may be: for counters beside an editor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pressroom import platforms
from pressroom.model import Part
from pressroom.platforms import counting
from pressroom.platforms.measures import MEASURES
from pressroom.review.values import CheckedPart

_TIMED = re.compile(r" \(\d+:\d\d–\d+:\d\d\)$")


def measured(platform: str, parts: Sequence[Part]) -> tuple[CheckedPart, ...]:
    """The parts with their counts and limits."""
    return tuple(_measured(platform, part) for part in parts)


def _measured(platform: str, part: Part) -> CheckedPart:
    known = platforms.find(platform)
    spoken = _TIMED.search(part.label) is not None
    limit = known.limit_of_part(part.label) if known and not spoken else None
    measure = limit.measured if limit else MEASURES["spoken_seconds" if spoken else "characters"]
    return CheckedPart(
        label=part.label,
        text=part.text,
        count=round(measure.count(part.text)),
        limit=limit.most if limit else None,
        unit=measure.unit,
        words=counting.words(part.text),
    )
