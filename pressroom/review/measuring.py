"""How long a part of a draft is, as its platform counts, and how long it may be: for counters beside an editor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pressroom import counting
from pressroom.formats.shared.limits import limit
from pressroom.model import Part
from pressroom.review.values import CheckedPart

_TIMED = re.compile(r" \(\d+:\d\d–\d+:\d\d\)$")
ANY = ""


@dataclass(frozen=True)
class Measure:
    """unit: what is counted. limit: its name in `platforms.json`; empty where nobody says."""

    unit: str
    count: Callable[[str], float]
    limit: str = ""


def _shown(text: str) -> int:
    return counting.graphemes(counting.bluesky_shown(text))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


PLAIN = Measure("characters", len)
SPOKEN = Measure("seconds when spoken", counting.spoken_seconds)

MEASURES: Mapping[tuple[str, str], Measure] = MappingProxyType(
    {
        ("x", ANY): Measure("weighted characters", counting.x_length, "post_weight"),
        ("bluesky", ANY): Measure("characters as shown", _shown, "post_graphemes"),
        ("threads", ANY): Measure("characters as counted", counting.threads_length, "post_weight"),
        ("linkedin", ANY): Measure("characters", len, "post_characters"),
        ("instagram", "Caption"): Measure("characters", len, "caption_characters"),
        ("instagram", "First comment"): Measure("characters", len, "caption_characters"),
        ("tiktok", "Caption"): Measure("characters", len, "caption_characters"),
        ("youtube", "Title"): Measure("characters", len, "title_characters"),
        ("youtube", "Description"): Measure("bytes", _bytes, "description_bytes"),
        ("youtube", "Tags"): Measure("characters", len, "tags_characters"),
        ("pinterest", "Title"): Measure("characters", len, "title_characters"),
        ("pinterest", "Description"): Measure("characters", len, "description_characters"),
    }
)
"""By platform and the part's label; `ANY` label for all of a platform's. Others are plain, or spoken if timed."""


def measured(platform: str, parts: Sequence[Part]) -> tuple[CheckedPart, ...]:
    """The parts with their counts and limits."""
    return tuple(_measured(platform, part) for part in parts)


def _measured(platform: str, part: Part) -> CheckedPart:
    measure = _measure(platform, part.label)
    return CheckedPart(
        label=part.label,
        text=part.text,
        count=round(measure.count(part.text)),
        limit=limit(platform, measure.limit) if measure.limit else None,
        unit=measure.unit,
        words=counting.words(part.text),
    )


def _measure(platform: str, label: str) -> Measure:
    if _TIMED.search(label):
        return SPOKEN
    return MEASURES.get((platform, label)) or MEASURES.get((platform, ANY)) or PLAIN
