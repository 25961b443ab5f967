"""A post on Bluesky: 300 graphemes, in which links and tags are facets of the text and count as they are shown.

Bounds of the text: `app.bsky.feed.post` (https://docs.bsky.app/docs/advanced-guides/posts). A link is shown without
its scheme and with a shortened path, as the app writes it: https://docs.bsky.app/docs/advanced-guides/post-richtext.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Part, Violation
from pressroom.platforms import counting, limit, tags

PLATFORM = "bluesky"
MOST_GRAPHEMES, MOST_BYTES = limit(PLATFORM, "post_graphemes"), limit(PLATFORM, "post_bytes")


class BlueskyPost(BaseModel):
    """The model's answer."""

    message: str = Field(description="One to three sentences; the link, if there is one, on a line of its own below.")
    hashtags: list[str] = Field(description="Without the # sign.")


def text(body: BlueskyPost) -> str:
    return "\n\n".join(text for text in (body.message, tags.written(body.hashtags)) if text)


def _tags(body: BlueskyPost) -> list[str]:
    return [*body.hashtags, *counting.hashtags(body.message)]


def size(text: str) -> tuple[int, int]:
    """Characters and bytes of `text` as Bluesky keeps it."""
    shown = counting.bluesky_shown(text)
    return counting.graphemes(shown), len(shown.encode("utf-8", "replace"))


def _is_short_enough(body: BlueskyPost, assignment: Assignment) -> Iterator[Violation]:
    characters, weight = size(text(body))
    if characters > MOST_GRAPHEMES:
        message = f"The post shows {characters} characters, hashtags included; at most {MOST_GRAPHEMES} are allowed."
        yield Violation(code="post_too_long", message=message, where="text", measured=characters, limit=MOST_GRAPHEMES)
    if weight > MOST_BYTES:
        message = f"The post takes {weight} bytes, many of them for emoji; at most {MOST_BYTES} are allowed."
        yield Violation(code="post_too_heavy", message=message, where="text", measured=weight, limit=MOST_BYTES)


def _parts(body: BlueskyPost) -> tuple[Part, ...]:
    """The link is whole in it: the app shortens what it shows."""
    return (Part(label="Post", text=text(body)),)


FORMAT = Format(
    name="bluesky_post",
    platform=PLATFORM,
    title="Bluesky post",
    body=BlueskyPost,
    rules=(
        rules.not_blank("message"),
        _is_short_enough,
        rules.hashtags_in_range(_tags, PLATFORM),
        rules.caller_hashtags_used(_tags, PLATFORM),
    ),
    parts=_parts,
    max_output_tokens=250,
    characters=(10, 3000),
)
