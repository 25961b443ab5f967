"""An Instagram caption, with its hashtags apart for the first comment."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, Field

from pressroom.formats.shared import compose, quoting, rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Material, Part, Violation
from pressroom.platforms import counting, get, hashtag_range, limit, tags

PLATFORM = "instagram"
MOST_CHARACTERS = limit(PLATFORM, "caption_characters")
GOOD_CHARACTERS = 650
FEW_HASHTAGS = 3
"""More than the least that are taken from a document; the further down its terms, the less they say."""


class InstagramCaption(BaseModel):
    """What a model answers."""

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
    return (Part(label="Caption", text=body.caption), Part(label="First comment", text=_first_comment(body)))


def _compose(material: Material) -> InstagramCaption:
    """Hook, two insights, takeaway and question, a paragraph each, as long as there is room."""
    if material.quotes:
        return _quoted(material)
    hooks = compose.turned(material.hooks, material.seed)
    insights = compose.some(material.insights, 2, material.seed // 3)
    blocks = [hooks[0], *(compose.join(one.point, one.detail) for one in insights), material.takeaway]
    caption = ""
    for block in (*blocks, compose.join(material.question, material.call_to_action)):
        longer = f"{caption}\n\n{block}".strip()
        caption = longer if block not in caption and len(longer) <= MOST_CHARACTERS else caption
    found = tags.usable(material.hashtags)[: get(PLATFORM).hashtags.most_for(material.own_hashtags)]
    return InstagramCaption(caption=caption, hashtags=found)


def _quoted(material: Material) -> InstagramCaption:
    """A document's hook and key sentences in short paragraphs, question and call to action; fewer hashtags."""
    closing = quoting.invitation(material, lambda text: len(text) <= 200, lambda text: counting.words(text) >= 10)
    hook, position = quoting.hook(material, lambda text: len(text) <= 125, bool)
    dense = 2 if counting.is_unspaced(material.title) else 1
    quotes = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    found = quoting.chosen(
        quotes, lambda text: len(text) <= MOST_CHARACTERS / 2, lambda text: len(text) >= GOOD_CHARACTERS / dense
    )
    groups = quoting.grouped([quote.text for quote in found], 3, len)
    caption = "\n\n".join(text for text in (hook, *map(quoting.joined, groups), closing) if text)
    wanted = max(hashtag_range(PLATFORM)[0] + FEW_HASHTAGS, material.own_hashtags)
    return InstagramCaption(
        caption=caption,
        hashtags=tags.usable(material.hashtags)[: min(wanted, get(PLATFORM).hashtags.most_for(material.own_hashtags))],
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
    compose=_compose,
    max_output_tokens=400,
    characters=(40, 4000),
    signed="caption",
)
