"""A post on Threads: a thought told in 500 characters, and one topic tag."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, Field

from pressroom.formats.shared import compose, quoting, rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Material, Part, Violation
from pressroom.platforms import counting, get, tags

PLATFORM = "threads"
THREADS = get(PLATFORM)
MOST_WEIGHT = THREADS.limits["post_weight"].most
GOOD_LENGTH = 250
"""Characters of a message that says enough: a composed one stops there."""

LONGEST_LINK, LONGEST_CLOSING = 100, 140
"""Characters: a composed post goes without a longer link, and doesn't close with a longer sentence."""


class ThreadsPost(BaseModel):
    """What a model answers."""

    message: str = Field(description="What happened or what you think, in a few short sentences, with its link if any.")
    closing: str = Field(description="One question to the reader, or one call to action.")
    topic: str = Field(description="The one topic tag, without the # sign.")


def _prose(body: ThreadsPost) -> str:
    return "\n\n".join(text for text in (body.message, body.closing) if text)


def _text(body: ThreadsPost) -> str:
    return _tagged(_prose(body), body.topic)


def _tagged(prose: str, topic: str) -> str:
    return "\n\n".join(text for text in (prose, tags.written([topic] if topic.strip() else [])) if text)


def _weight(prose: str, topic: str) -> int:
    return counting.threads_length(_tagged(prose, topic))


def _tags(body: ThreadsPost) -> list[str]:
    return [tag for tag in (body.topic, *counting.hashtags(_prose(body))) if tag.strip()]


def _closing(body: ThreadsPost) -> str:
    return body.closing


def _is_short_enough(body: ThreadsPost, assignment: Assignment) -> Iterator[Violation]:
    weight = _weight(_prose(body), body.topic)
    if weight > MOST_WEIGHT:
        message = f"The post has {weight} characters as Threads counts them; at most {MOST_WEIGHT} are allowed."
        yield Violation(code="post_too_long", message=message, where="text", measured=weight, limit=MOST_WEIGHT)


def _has_few_links(body: ThreadsPost, assignment: Assignment) -> Iterator[Violation]:
    """Threads refuses a post with more links; the same address twice is one link there."""
    found, most = len(set(counting.links(_text(body)))), THREADS.links.most if THREADS.links else None
    if most is not None and found > most:
        message = f"The post has {found} links; Threads takes at most {most}."
        yield Violation(code="too_many_links", message=message, where="text", measured=found, limit=most)


def _parts(body: ThreadsPost) -> tuple[Part, ...]:
    return (Part(label="Post", text=_text(body)),)


def _compose(material: Material) -> ThreadsPost:
    """A thought with its reason and its link, an invitation, and the first hashtag as the topic."""
    topic = compose.first_that(tags.usable(material.hashtags), bool)
    link = material.link if material.link and len(material.link) <= LONGEST_LINK else ""
    write = _quoted if material.quotes else _told
    message, closing = write(material, lambda text: _weight(_linked(text, link), topic) <= MOST_WEIGHT)
    return ThreadsPost(message=_linked(message, link), closing=closing, topic=topic)


def _linked(text: str, link: str) -> str:
    return "\n\n".join(part for part in (text, link) if part)


def _told(material: Material, fits: compose.Test) -> tuple[str, str]:
    closing = compose.invitation(material, 30, material.seed)

    def fits_all(text: str) -> bool:
        return fits(_linked(text, closing))

    hook = compose.shortened(compose.turned(material.hooks, material.seed)[0], fits_all)
    insights = compose.turned(material.insights, material.seed // 3)
    return compose.filled(hook, compose.sentences(insights[:2]), fits_all, _is_good), closing


def _quoted(material: Material, fits: compose.Test) -> tuple[str, str]:
    """A document's hook and a few of its key sentences, question or call to action."""
    closing = quoting.invitation(material, lambda text: len(text) <= LONGEST_CLOSING)
    hook, position = quoting.hook(material, lambda text: fits(_linked(text, closing)), bool)
    quotes = [quote for quote in quoting.after(material, position) if quote.text not in closing]
    found = quoting.chosen(
        quotes, lambda text: fits(f"{hook}\n\n{text}\n\n{closing}"), compose.always, lambda text: _is_good(hook + text)
    )
    return _linked(hook, quoting.said(found)), closing


def _is_good(text: str) -> bool:
    return len(text) >= GOOD_LENGTH


FORMAT = Format(
    name="threads_post",
    platform=PLATFORM,
    title="Threads post",
    body=ThreadsPost,
    rules=(
        rules.not_blank("message", "closing", "topic"),
        _is_short_enough,
        _has_few_links,
        rules.invites(_closing, "closing"),
        rules.hashtags_in_range(_tags, PLATFORM, "topic"),
        rules.caller_hashtags_used(_tags, PLATFORM, "topic"),
    ),
    parts=_parts,
    compose=_compose,
    max_output_tokens=350,
    characters=(20, 500),
    signed="closing",
)
