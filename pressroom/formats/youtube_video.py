"""A YouTube video: title, script, description, tags, and chapters that the description lists.

YouTube shows chapters when the first starts at 0:00, there are at least three, in order, and each lasts ten
seconds; the last one is measured to the spoken end of the script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules, scripts, youtube
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Part, Violation
from pressroom.model.films import Script, Section, Shape
from pressroom.platforms import counting, limit

LEAST_CHAPTERS = limit(youtube.PLATFORM, "chapters")
CHAPTER_SECONDS = limit(youtube.PLATFORM, "chapter_seconds")
MANY = float("inf")
_CLOCK = re.compile(r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)")


class Chapter(BaseModel):
    """A line of the list under the video."""

    start: str = Field(description="When it begins, as minutes:seconds, e.g. 1:05.")
    title: str = Field(description="A few words.")


class YouTubeVideo(BaseModel):
    """The model's answer."""

    title: str = Field(description="What the viewer will know afterwards.")
    script: str = Field(description="Every spoken word, in paragraphs parted by blank lines.")
    description: str = Field(description="What the video is about, without the chapters.")
    tags: list[str] = Field(description="Search terms, a few words each, without the # sign.")
    chapters: list[Chapter] = Field(description="In order, the first at 0:00; 150 spoken words last a minute.")


def _seconds(clock: str) -> int | None:
    """`1:05` or `1:00:05` in seconds; None for anything else."""
    found = _CLOCK.fullmatch(clock.strip())
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _chapters(body: YouTubeVideo) -> list[Chapter]:
    return body.chapters


def _pasted(body: YouTubeVideo) -> str:
    lines = "\n".join(f"{chapter.start} {chapter.title}" for chapter in body.chapters)
    return f"{body.description}\n\n{lines}".strip()


def _description_fits(body: YouTubeVideo, assignment: Assignment) -> Iterator[Violation]:
    return youtube.description_fits(_pasted(body))


def _chapters_are_lines(body: YouTubeVideo, assignment: Assignment) -> Iterator[Violation]:
    for number, chapter in enumerate(body.chapters, 1):
        where = f"chapter {number}"
        if _seconds(chapter.start) is None:
            yield Violation(
                code="chapter_time_malformed",
                message=f"{chapter.start!r} is no time; write minutes:seconds.",
                where=where,
                measured=chapter.start,
                limit="m:ss",
            )
        if not chapter.title.strip():
            yield Violation(code="blank", message=f"{where} has no title.", where=where, measured=0, limit=1)


def _chapters_start_at_zero(body: YouTubeVideo, assignment: Assignment) -> Iterator[Violation]:
    first = body.chapters[0].start if body.chapters else ""
    if body.chapters and _seconds(first) not in (0, None):
        yield Violation(
            code="chapters_start_late",
            message=f"The first chapter starts at {first}; it has to start at 0:00.",
            where="chapter 1",
            measured=first,
            limit="0:00",
        )


def _chapters_last(body: YouTubeVideo, assignment: Assignment) -> Iterator[Violation]:
    """Each lasts long enough; one that starts before the one ahead of it lasts less than nothing."""
    starts = [_seconds(chapter.start) for chapter in body.chapters]
    ends = [*starts[1:], counting.spoken_seconds(body.script)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=False), 1):
        if start is None or end is None or end - start >= CHAPTER_SECONDS:
            continue
        ordered = end > start or number == len(starts)
        yield Violation(
            code="chapter_too_short" if ordered else "chapters_out_of_order",
            message=f"Chapter {number} lasts {end - start:.1f} s; each lasts at least {CHAPTER_SECONDS} s.",
            where=f"chapter {number}",
            measured=round(end - start, 1),
            limit=CHAPTER_SECONDS,
        )


def _parts(body: YouTubeVideo) -> tuple[Part, ...]:
    about = youtube.about(body, _pasted(body))
    return (about[0], *scripts.timed([("Script", body.script)]), *about[1:])


def _film(body: YouTubeVideo) -> Script:
    """Each paragraph is a section; a chapter begins with the paragraph that is spoken nearest to its time."""
    paragraphs = scripts.paragraphs(body.script)
    titles = _titles(paragraphs, [(_seconds(each.start), each.title) for each in body.chapters])
    sections = [
        Section(label=titles.get(place, ""), words=words, chapter=place in titles)
        for place, words in enumerate(paragraphs)
    ]
    closing = paragraphs[-1] if paragraphs else ""
    return Script(title=body.title, sections=tuple(sections), closing=closing, shape=Shape.WIDE)


def _titles(paragraphs: Sequence[str], chapters: Iterable[tuple[int | None, str]]) -> dict[int, str]:
    """The title of the chapter that begins with a paragraph, by the paragraph's place."""
    starts = list(accumulate(map(counting.spoken_seconds, paragraphs), initial=0.0))[:-1]
    found: dict[int, str] = {}
    for seconds, title in chapters:
        if seconds is not None and starts:
            place = min(range(len(starts)), key=lambda each: abs(starts[each] - seconds))
            found.setdefault(place, title)
    return found


FORMAT = Format(
    name="youtube_video",
    platform=youtube.PLATFORM,
    title="YouTube video",
    body=YouTubeVideo,
    rules=(
        rules.not_blank("title", "script", "description", "tags"),
        youtube.title,
        _description_fits,
        youtube.tags_fit,
        rules.items_between(_chapters, "chapters", LEAST_CHAPTERS, MANY),
        _chapters_are_lines,
        _chapters_start_at_zero,
        _chapters_last,
    ),
    parts=_parts,
    script=_film,
    max_output_tokens=1800,
    characters=(200, 40000),
)
