"""Sections of what is spoken in front of a camera, with their times."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pressroom.model import Part, PartRole
from pressroom.model.films import Script, Section
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


def paragraphs(script: str) -> list[str]:
    """The paragraphs of a script, without blank ones."""
    return [found for part in re.split(r"\n\s*\n", script) if (found := " ".join(part.split()))]


def film(
    title: str,
    sections: Sequence[tuple[str, str]],
    *,
    shows: Sequence[str] = (),
    lines: Sequence[str] = (),
    closing: str = "",
) -> Script:
    """An upright film of sections, each (label, words); shows, lines, closing: as in `Script`."""
    return Script(
        title=" ".join(title.split()),
        sections=tuple(Section(label=label, words=" ".join(words.split())) for label, words in sections),
        shows=tuple(filter(None, (" ".join(each.split()) for each in shows))),
        lines=tuple(filter(None, (" ".join(each.split()) for each in lines))),
        closing=" ".join(closing.split()),
    )
