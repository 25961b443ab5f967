"""A Facebook post: short and conversational, closed by a question or a call to action."""

from __future__ import annotations

from pydantic import BaseModel, Field

from pressroom.formats.shared import compose, quoting, rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Material, Part
from pressroom.platforms import counting, hashtag_range, tags

PLATFORM = "facebook"
LEAST_WORDS, MOST_WORDS = 40, 120


class FacebookPost(BaseModel):
    """What a model answers."""

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


def _compose(material: Material) -> FacebookPost:
    """Hook, insights until there are words enough for half a minute, question or call to action."""
    if material.quotes:
        return _quoted(material)
    closing = compose.invitation(material, 30, material.seed)

    def fits(text: str) -> bool:
        return counting.words(f"{text} {closing}") <= MOST_WORDS - 5

    hook = compose.shortened(compose.turned(material.hooks, material.seed)[0], lambda text: counting.words(text) <= 50)
    own = [*compose.sentences(compose.turned(material.insights, material.seed // 3)), material.takeaway]
    message = compose.composed(hook, own, fits, lambda text: counting.words(f"{text} {closing}") >= LEAST_WORDS + 20)
    found = tags.usable(material.hashtags)[: hashtag_range(PLATFORM)[1]]
    return FacebookPost(message=message, closing=closing, hashtags=found)


def _quoted(material: Material) -> FacebookPost:
    """A document's hook and a few of its key sentences, question or call to action."""
    closing = quoting.invitation(material, lambda text: counting.words(text) <= 30)
    hook, position = quoting.hook(material, lambda text: counting.words(text) <= 30, bool)

    def words(text: str) -> int:
        return counting.words(f"{hook} {text} {closing}")

    quotes = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    found = quoting.chosen(
        quotes,
        lambda text: words(text) <= MOST_WORDS - 5,
        lambda text: words(text) >= LEAST_WORDS,
        lambda text: words(text) >= LEAST_WORDS + (50 if counting.is_unspaced(hook) else 30),
    )
    message = "\n\n".join(text for text in (hook, quoting.said(found)) if text)
    tagged = tags.usable(material.hashtags)[: hashtag_range(PLATFORM)[1]]
    return FacebookPost(message=message, closing=closing, hashtags=tagged)


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
    compose=_compose,
    max_output_tokens=400,
    characters=(40, 1500),
    signed="closing",
)
