"""A post on Bluesky: 300 graphemes, in which links and tags are facets of the text and count as they are shown.

Bounds of the text: `app.bsky.feed.post` (https://docs.bsky.app/docs/advanced-guides/posts). A link is shown without
its scheme and with a shortened path, as the app writes it: https://docs.bsky.app/docs/advanced-guides/post-richtext.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, Field

from pressroom.formats.shared import compose, quoting, rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Material, Part, Violation
from pressroom.platforms import counting, hashtag_range, limit, tags

PLATFORM = "bluesky"
MOST_GRAPHEMES, MOST_BYTES = limit(PLATFORM, "post_graphemes"), limit(PLATFORM, "post_bytes")
MOST_LINK = 60
"""Characters as shown. A composed post leaves a link out that would take more."""


class BlueskyPost(BaseModel):
    """What a model answers."""

    message: str = Field(description="One to three sentences; the link, if there is one, on a line of its own below.")
    hashtags: list[str] = Field(description="Without the # sign.")


def _text(body: BlueskyPost) -> str:
    return "\n\n".join(text for text in (body.message, tags.written(body.hashtags)) if text)


def _tags(body: BlueskyPost) -> list[str]:
    return [*body.hashtags, *counting.hashtags(body.message)]


def _size(text: str) -> tuple[int, int]:
    """Characters and bytes of `text` as Bluesky keeps it."""
    shown = counting.bluesky_shown(text)
    return counting.graphemes(shown), len(shown.encode("utf-8", "replace"))


def _is_short_enough(body: BlueskyPost, assignment: Assignment) -> Iterator[Violation]:
    characters, size = _size(_text(body))
    if characters > MOST_GRAPHEMES:
        message = f"The post shows {characters} characters, hashtags included; at most {MOST_GRAPHEMES} are allowed."
        yield Violation(code="post_too_long", message=message, where="text", measured=characters, limit=MOST_GRAPHEMES)
    if size > MOST_BYTES:
        message = f"The post takes {size} bytes, many of them for emoji; at most {MOST_BYTES} are allowed."
        yield Violation(code="post_too_heavy", message=message, where="text", measured=size, limit=MOST_BYTES)


def _parts(body: BlueskyPost) -> tuple[Part, ...]:
    """The link is whole in it: the app shortens what it shows."""
    return (Part(label="Post", text=_text(body)),)


def _compose(material: Material) -> BlueskyPost:
    """A thought or two, the link unless it is long even as shown, and hashtags."""
    found = tags.usable(material.hashtags)[: hashtag_range(PLATFORM)[1]]
    link = material.link if material.link and _size(material.link)[0] <= MOST_LINK else ""

    def fits(text: str) -> bool:
        characters, size = _size(_text(BlueskyPost(message=_linked(text, link), hashtags=found)))
        return characters <= MOST_GRAPHEMES and size <= MOST_BYTES

    message = _quoted(material, fits) if material.quotes else _told(material, fits)
    return BlueskyPost(message=_linked(message, link), hashtags=found)


def _linked(text: str, link: str) -> str:
    return "\n\n".join(part for part in (text, link) if part)


def _told(material: Material, fits: compose.Test) -> str:
    hook = compose.shortened(compose.turned(material.hooks, material.seed)[0], fits)
    points = [insight.point for insight in compose.turned(material.insights, material.seed // 3)]
    return compose.filled(hook, points, fits, lambda text: len(text) > len(hook))


def _quoted(material: Material, fits: compose.Test) -> str:
    """A document's hook, and what of its key sentences there is room for."""
    hook, position = quoting.hook(material, fits, bool)
    found = quoting.chosen(
        quoting.after(material, position), lambda text: fits(f"{hook}\n\n{text}"), compose.always, compose.never
    )
    return _linked(hook, quoting.said(found))


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
    compose=_compose,
    max_output_tokens=250,
    characters=(10, 3000),
)
