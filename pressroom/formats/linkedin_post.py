"""A LinkedIn post: a hook, two or three insights, a takeaway, three to five hashtags."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, Field

from pressroom import counting
from pressroom.formats.shared import rules
from pressroom.formats.shared.declare import Format
from pressroom.formats.shared.limits import hashtag_range
from pressroom.model import Assignment, Material, Part, Violation

LEAST_WORDS, MOST_WORDS = 150, 300
MOST_CHARACTERS = 3000


class LinkedInPost(BaseModel):
    """What a model answers."""

    hook: str = Field(description="One or two short lines that make a reader stop.")
    insights: list[str] = Field(description="Two or three paragraphs, one insight each, concrete and specific.")
    takeaway: str = Field(
        description="What the reader can do or remember; when a document is repurposed, a call to action."
    )
    hashtags: list[str] = Field(description="Three to five, without the # sign.")


def _prose(body: LinkedInPost) -> str:
    return "\n\n".join([body.hook, *body.insights, body.takeaway])


def _text(body: LinkedInPost) -> str:
    return _prose(body) + "\n\n" + " ".join(f"#{tag.lstrip('#')}" for tag in body.hashtags)


def _two_or_three_insights(body: LinkedInPost, assignment: Assignment) -> Iterator[Violation]:
    return rules.out_of_range("insights", "insights", "insights", len(body.insights), 2, 3)


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


def _tags(body: LinkedInPost) -> list[str]:
    return [*body.hashtags, *counting.hashtags(_prose(body))]


def _parts(body: LinkedInPost) -> tuple[Part, ...]:
    return (Part(label="Post", text=_text(body)),)


def _compose(material: Material) -> LinkedInPost:
    """Hook, insights with their details until the post is long enough, takeaway and question."""
    insights: list[str] = []
    takeaway = f"{material.takeaway} {material.question}"
    for insight in material.insights[:3]:
        insights.append(f"{insight.point} {insight.detail}")
    spare = material.insights[3:]
    body = LinkedInPost(hook=material.hooks[0], insights=insights, takeaway=takeaway, hashtags=[])
    for position, insight in enumerate(spare):
        if counting.words(_prose(body)) >= LEAST_WORDS + 10:
            break
        insights[position % 3] += f" {insight.point} {insight.detail}"
        body = body.model_copy(update={"insights": list(insights)})
    return body.model_copy(update={"hashtags": list(material.hashtags[: hashtag_range("linkedin")[1]])})


FORMAT = Format(
    name="linkedin_post",
    platform="linkedin",
    title="LinkedIn post",
    body=LinkedInPost,
    rules=(
        rules.not_blank("hook", "insights", "takeaway"),
        _two_or_three_insights,
        rules.words_between(_prose, LEAST_WORDS, MOST_WORDS),
        rules.characters_at_most(_text, MOST_CHARACTERS),
        _paragraph_break,
        rules.hashtags_in_range(_tags, "linkedin"),
        rules.no_cliches(_prose),
    ),
    parts=_parts,
    compose=_compose,
    max_output_tokens=500,
)
