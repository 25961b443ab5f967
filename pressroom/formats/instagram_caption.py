"""An Instagram caption, with its hashtags apart for the first comment."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Part, PartRole, Violation
from pressroom.platforms import counting, limit, tags

PLATFORM = "instagram"
MOST_CHARACTERS = limit(PLATFORM, "caption_characters")


class InstagramCaption(BaseModel):
    """The model's answer."""

    caption: str = Field(
        description="Short paragraphs parted by blank lines; the first line stands alone; no hashtags."
    )
    hashtags: list[str] = Field(description="For the first comment, without the # sign, most specific first.")


def _caption(body: InstagramCaption) -> str:
    return body.caption


def _first_comment(body: InstagramCaption) -> str:
    return tags.written(body.hashtags)


def _tags(body: InstagramCaption) -> list[str]:
    return body.hashtags


def _hashtags_apart(body: InstagramCaption, assignment: Assignment) -> Iterator[Violation]:
    if inside := counting.hashtags(body.caption):
        yield Violation(
            code="hashtags_in_caption",
            message=f"Hashtags belong in the first comment, not in the caption: {tags.written(inside)}.",
            where="caption",
            measured=len(inside),
            limit=0,
        )


def _parts(body: InstagramCaption) -> tuple[Part, ...]:
    return (
        Part(label="Caption", text=body.caption),
        Part(label="First comment", text=_first_comment(body), role=PartRole.FIRST_COMMENT),
    )


FORMAT = Format(
    name="instagram_caption",
    platform=PLATFORM,
    title="Instagram caption",
    body=InstagramCaption,
    rules=(
        rules.not_blank("caption"),
        rules.characters_at_most(_caption, MOST_CHARACTERS, "caption"),
        rules.characters_at_most(_first_comment, MOST_CHARACTERS, "first comment"),
        _hashtags_apart,
        rules.hashtags_in_range(_tags, PLATFORM),
        rules.caller_hashtags_used(_tags, PLATFORM),
    ),
    parts=_parts,
    max_output_tokens=400,
    characters=(40, 4000),
    signed="caption",
)
