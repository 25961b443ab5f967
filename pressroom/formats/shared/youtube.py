"""The parts that a short and a long video on YouTube have in common: title, description and tags.

Limits are those of the platform's upload interface: the description is measured in bytes of UTF-8, tags as
one list, and angle brackets are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from pressroom.formats.shared import rules
from pressroom.model import Assignment, Part, PartRole, Violation
from pressroom.platforms import limit

PLATFORM = "youtube"


class Video(Protocol):
    """The fields both formats have."""

    title: str
    description: str
    tags: list[str]


def tag_list(found: Sequence[str]) -> str:
    """Tags as YouTube counts them: commas between, and quotes around those with a space."""
    return ",".join(f'"{tag}"' if " " in tag else tag for tag in found)


def about(body: Video, description: str) -> tuple[Part, ...]:
    """The parts to paste beside the video. `description`: as it is pasted."""
    return (
        Part(label="Title", text=body.title, role=PartRole.TITLE),
        Part(label="Description", text=description),
        Part(label="Tags", text=tag_list(body.tags), role=PartRole.TAGS),
    )


def title(body: Video, assignment: Assignment) -> Iterator[Violation]:
    most = limit(PLATFORM, "title_characters")
    yield from rules.out_of_range("characters", "characters", "title", len(body.title), 0, most)
    yield from _no_brackets(body.title, "title")


def description_fits(pasted: str) -> Iterator[Violation]:
    """`pasted`: the description with all that stands in its field on YouTube."""
    size, most = len(pasted.encode("utf-8", "replace")), limit(PLATFORM, "description_bytes")
    yield from rules.out_of_range("bytes", "bytes", "description", size, 0, most)
    yield from _no_brackets(pasted, "description")


def tags_fit(body: Video, assignment: Assignment) -> Iterator[Violation]:
    found, most = tag_list(body.tags), limit(PLATFORM, "tags_characters")
    yield from rules.out_of_range("characters", "characters in all tags", "tags", len(found), 0, most)
    yield from rules.repeated(body.tags, "tag_repeated", "tags")
    yield from _no_brackets(found, "tags")
    for tag in body.tags:
        if "," in tag or '"' in tag or tag.startswith("#"):
            yield Violation(
                code="tag_malformed",
                message=f"{tag!r} is not one tag: no comma, no quote, no # before it.",
                where="tags",
                measured=tag,
                limit="words and spaces",
            )


def _no_brackets(text: str, where: str) -> Iterator[Violation]:
    if found := sum(text.count(bracket) for bracket in "<>"):
        yield Violation(
            code="angle_brackets",
            message="YouTube refuses < and >.",
            where=where,
            measured=found,
            limit=0,
        )
