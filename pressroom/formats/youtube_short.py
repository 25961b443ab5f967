"""A YouTube Short: title, a script of up to a minute, description, tags."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules, scripts, youtube
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Part, Violation
from pressroom.model.films import Script

TOTAL_SECONDS = (15, 60)


class YouTubeShort(BaseModel):
    """The model's answer."""

    title: str = Field(description="What the viewer will know afterwards.")
    script: str = Field(description="Every spoken word, from the hook to the call to action.")
    description: str = Field(description="Two or three sentences about the video.")
    tags: list[str] = Field(description="Search terms, a few words each, without the # sign.")


def _script(body: YouTubeShort) -> str:
    return body.script


def _description_fits(body: YouTubeShort, assignment: Assignment) -> Iterator[Violation]:
    return youtube.description_fits(body.description)


def _parts(body: YouTubeShort) -> tuple[Part, ...]:
    about = youtube.about(body, body.description)
    return (about[0], *scripts.timed([("Script", body.script)]), *about[1:])


def _film(body: YouTubeShort) -> Script:
    paragraphs = scripts.paragraphs(body.script)
    return scripts.film(body.title, [("", each) for each in paragraphs], closing=paragraphs[-1] if paragraphs else "")


FORMAT = Format(
    name="youtube_short",
    platform=youtube.PLATFORM,
    title="YouTube Short",
    body=YouTubeShort,
    rules=(
        rules.not_blank("title", "script", "description", "tags"),
        youtube.title,
        rules.spoken_between(_script, *TOTAL_SECONDS),
        _description_fits,
        youtube.tags_fit,
    ),
    parts=_parts,
    script=_film,
    max_output_tokens=700,
    characters=(40, 9000),
)
