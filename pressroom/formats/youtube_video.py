"""A YouTube video: title, script, description, tags, and chapters that the description lists.

YouTube shows chapters when the first starts at 0:00, there are at least three, in order, and each lasts ten
seconds; the last one is measured to the spoken end of the script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, Field

from pressroom.formats.shared import compose, quoting, rules, scripts, youtube
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Material, Part, Violation
from pressroom.platforms import counting, limit

LEAST_CHAPTERS = limit(youtube.PLATFORM, "chapters")
CHAPTER_SECONDS = limit(youtube.PLATFORM, "chapter_seconds")
MANY = float("inf")
QUOTED_SECONDS = (25, 150, 210)
"""What is spoken of a document: at least, if possible, at most."""
_CLOCK = re.compile(r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)")


class Chapter(BaseModel):
    """A line of the list under the video."""

    start: str = Field(description="When it begins, as minutes:seconds, e.g. 1:05.")
    title: str = Field(description="A few words.")


class YouTubeVideo(BaseModel):
    """What a model answers."""

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


def _compose(material: Material) -> YouTubeVideo:
    """Sections of one insight or more, ten seconds each at least, and a closing one; a chapter for each."""
    if material.quotes:
        return _quoted(material)
    closing = _section(compose.join(material.takeaway, material.question, material.call_to_action), compose.STOCK[:5])
    sections = [*_sections(material), closing]
    titles = [*(_headline(material, section) for section in sections[:-1]), "What to do next"]
    return _assembled(material, titles, sections)


def _assembled(material: Material, titles: Sequence[str], sections: Sequence[str]) -> YouTubeVideo:
    chapters, start = [], 0.0
    for title, section in zip(titles, sections, strict=True):
        chapters.append(Chapter(start=scripts.clock(start), title=youtube.unbracketed(title)))
        start += counting.spoken_seconds(section)
    script = "\n\n".join(sections)
    return YouTubeVideo(
        title=youtube.unbracketed(material.title),
        script=script,
        description=youtube.composed_description(material, script),
        tags=youtube.composed_tags(material),
        chapters=chapters,
    )


def _long_enough(text: str) -> bool:
    return counting.spoken_seconds(text) >= CHAPTER_SECONDS


def _section(text: str, stock: Sequence[str]) -> str:
    return compose.filled(text, stock, compose.always, _long_enough)


def _sections(material: Material) -> list[str]:
    """The hook and every insight, in at least one section less than chapters are needed."""
    done: list[str] = []
    text = compose.turned(material.hooks, material.seed)[0]
    for insight in material.insights:
        own = [one for one in (insight.point, insight.detail) if not any(one in other for other in (text, *done))]
        text = compose.join(text, *own)
        if _long_enough(text):
            done, text = [*done, text], ""
    stock = list(compose.STOCK[5:])
    while text or len(done) < LEAST_CHAPTERS - 1:
        if text and len(done) >= LEAST_CHAPTERS - 1:
            return [*done[:-1], compose.join(done[-1], text)]
        done, text = [*done, _section(text, stock)], ""
        stock = [sentence for sentence in stock if sentence not in done[-1]]
    return done


def _headline(material: Material, section: str) -> str:
    """The point a section makes, short enough for a list."""
    point = next((insight.point for insight in material.insights if insight.point in section), material.title)
    return compose.shortened(point.rstrip("."), lambda text: len(text) <= 60) or material.title


def _quoted(material: Material) -> YouTubeVideo:
    """A document's key sentences in its order, in three to six chapters, with an invitation at the end."""
    hook, position = quoting.hook(material, *compose.lasting(2, 10), compose.lasting(QUOTED_SECONDS[0], MANY)[1])
    closing = scripts.closing(material, 5, 15)
    quotes = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    least, good, most = QUOTED_SECONDS
    fits, enough = compose.lasting(least, most)
    found = quoting.chosen(quotes, fits, enough, compose.lasting(good, most)[1])
    pieces = [quoting.ended(hook), *(quote.text for quote in found), closing]
    sections = [
        quoting.stretched(material, quoting.joined(group), compose.always, _long_enough) for group in _chaptered(pieces)
    ]
    return _assembled(material, _titles(material, sections), sections)


def _chaptered(pieces: list[str]) -> list[list[str]]:
    """As many chapters, up to six, as last 20 seconds each; at least three, if need be short ones."""
    count = int(counting.spoken_seconds(quoting.joined(pieces)) // (2 * CHAPTER_SECONDS))
    for number in range(min(max(count, LEAST_CHAPTERS), 6), LEAST_CHAPTERS, -1):
        groups = quoting.grouped(pieces, number, counting.spoken_seconds)
        if all(_long_enough(quoting.joined(group)) for group in groups):
            return groups
    return quoting.grouped(pieces, LEAST_CHAPTERS, counting.spoken_seconds)


def _titles(material: Material, sections: Sequence[str]) -> list[str]:
    """For each section the heading its sentences stand below, a short sentence of it, or a term; none twice."""
    titles: list[str] = []
    for section in sections:
        quotes = [quote for quote in material.quotes if quote.text in section]
        weighty = sorted(quotes, key=lambda quote: -quote.weight)
        short = [quoting.shortened(quote.text, _is_short, True) for quote in weighty]
        terms = [term[:1].upper() + term[1:] for term in material.terms if term in section]
        sayings = [text.rstrip(".。") for text in short if text in section] + [text for text in short if text]
        options = [*(quote.heading for quote in quotes), *sayings, *terms, material.title]
        if not quotes:
            options = [material.phrases.ending, *options]
        titles.append(
            next((text for text in options if text and len(text) <= 90 and text not in titles), material.title)
        )
    return titles


def _is_short(text: str) -> bool:
    return len(text) <= (30 if counting.is_unspaced(text) else 60)


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
    compose=_compose,
    max_output_tokens=1800,
    characters=(200, 40000),
)
