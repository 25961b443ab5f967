"""A Facebook post: short and conversational, closed by a question or a call to action."""

from __future__ import annotations

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Part
from pressroom.platforms import counting, tags

PLATFORM = "facebook"
LEAST_WORDS, MOST_WORDS = 40, 120


class FacebookPost(BaseModel):
    """The model's answer."""

    message: str = Field(description="A few conversational sentences, as told to a friend over coffee.")
    closing: str = Field(description="One question to the reader, or one call to action.")
    hashtags: list[str] = Field(description="Without the # sign; may be empty.")


def _prose(body: FacebookPost) -> str:
    return f"{body.message}\n\n{body.closing}"


def _text(body: FacebookPost) -> str:
    return "\n\n".join(text for text in (_prose(body), tags.written(body.hashtags)) if text)


def _closing(body: FacebookPost) -> str:
    return body.closing


def _tags(body: FacebookPost) -> list[str]:
    return [*body.hashtags, *counting.hashtags(_prose(body))]


def _parts(body: FacebookPost) -> tuple[Part, ...]:
    return (Part(label="Post", text=_text(body)),)


FORMAT = Format(
    name="facebook_post",
    platform=PLATFORM,
    title="Facebook post",
    body=FacebookPost,
    rules=(
        rules.not_blank("message", "closing"),
        rules.words_between(_prose, LEAST_WORDS, MOST_WORDS),
        rules.invites(_closing, "closing"),
        rules.hashtags_in_range(_tags, PLATFORM),
        rules.caller_hashtags_used(_tags, PLATFORM),
    ),
    parts=_parts,
    max_output_tokens=400,
    characters=(40, 1500),
    signed="closing",
)
