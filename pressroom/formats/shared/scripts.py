"""Sections of what is spoken in front of a camera, with their times."""

from __future__ import annotations

from collections.abc import Sequence

from pressroom.model import Part, PartRole
from pressroom.platforms import counting


def clock(seconds: float) -> str:
    """Seconds as `m:ss`, or `h:mm:ss` from an hour on; fractions are dropped."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def timed(sections: Sequence[tuple[str, str]]) -> tuple[Part, ...]:
    """(label, text) of each section, one after the other, as parts labelled with when they are spoken."""
    parts, start = [], 0.0
    for label, text in sections:
        end = start + counting.spoken_seconds(text)
        parts.append(Part(label=f"{label} ({clock(start)}–{clock(end)})", text=text, role=PartRole.SCRIPT))
        start = end
    return tuple(parts)
