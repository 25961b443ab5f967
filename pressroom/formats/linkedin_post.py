"""A LinkedIn post: a hook, two or three insights, a takeaway, and hashtags below it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Part, Violation
from pressroom.platforms import counting, limit, tags

PLATFORM = "linkedin"
LEAST_WORDS, MOST_WORDS = 150, 300
LEAST_INSIGHTS, MOST_INSIGHTS = 2, 3
MOST_CHARACTERS = limit(PLATFORM, "post_characters")


class LinkedInPost(BaseModel):
    """The model's answer."""

    hook: str = Field(description="One or two short lines that make a reader stop.")
    insights: list[str] = Field(description="Paragraphs, one insight each, concrete and specific.")
    takeaway: str = Field(
        description="What the reader can do or remember; when a document is repurposed, a call to action."
    )
    hashtags: list[str] = Field(description="Without the # sign.")


def _prose(body: LinkedInPost) -> str:
    return "\n\n".join([body.hook, *body.insights, body.takeaway])


def _text(body: LinkedInPost) -> str:
    return "\n\n".join(text for text in (_prose(body), tags.written(body.hashtags)) if text)


def _insights(body: LinkedInPost) -> list[str]:
    return body.insights


def _paragraph_break(body: LinkedInPost, assignment: Assignment) -> Iterator[Violation]:
    found = counting.paragraphs(_prose(body))
    if found < 2:
        yield Violation(
            code="paragraph_break_missing",
            message="The post is one block; part it with a blank line.",
            where="text",
            measured=found,
            limit=2,
        )


def _repurposed_calls_to_action(body: LinkedInPost, assignment: Assignment) -> Iterator[Violation]:
    if assignment.from_document:
        yield from rules.invites(_takeaway, "takeaway")(body, assignment)


def _takeaway(body: LinkedInPost) -> str:
    return body.takeaway


def _tags(body: LinkedInPost) -> list[str]:
    return [*body.hashtags, *counting.hashtags(_prose(body))]


def _parts(body: LinkedInPost) -> tuple[Part, ...]:
    return (Part(label="Post", text=_text(body)),)


FORMAT = Format(
    name="linkedin_post",
    platform=PLATFORM,
    title="LinkedIn post",
    body=LinkedInPost,
    rules=(
        rules.not_blank("hook", "insights", "takeaway"),
        rules.items_between(_insights, "insights", LEAST_INSIGHTS, MOST_INSIGHTS),
        rules.words_between(_prose, LEAST_WORDS, MOST_WORDS),
        rules.characters_at_most(_text, MOST_CHARACTERS),
        _paragraph_break,
        _repurposed_calls_to_action,
        rules.hashtags_in_range(_tags, PLATFORM),
        rules.caller_hashtags_used(_tags, PLATFORM),
        rules.no_cliches(_prose),
    ),
    parts=_parts,
    max_output_tokens=500,
    characters=(200, 3000),
    signed="takeaway",
)
