"""A post on Threads: a thought told in 500 characters, and one topic tag."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Part, Violation
from pressroom.platforms import counting, get, tags

PLATFORM = "threads"
THREADS = get(PLATFORM)
MOST_WEIGHT = THREADS.limits["post_weight"].most


class ThreadsPost(BaseModel):
    """The model's answer."""

    message: str = Field(description="What happened or what you think, in a few short sentences, with its link if any.")
    closing: str = Field(description="One question to the reader, or one call to action.")
    topic: str = Field(description="The one topic tag, without the # sign.")


def _prose(body: ThreadsPost) -> str:
    return "\n\n".join(text for text in (body.message, body.closing) if text)


def _text(body: ThreadsPost) -> str:
    return _tagged(_prose(body), body.topic)


def _tagged(prose: str, topic: str) -> str:
    return "\n\n".join(text for text in (prose, tags.written([topic] if topic.strip() else [])) if text)


def weight(prose: str, topic: str) -> int:
    """Characters of the whole post as Threads counts them."""
    return counting.threads_length(_tagged(prose, topic))


def _tags(body: ThreadsPost) -> list[str]:
    return [tag for tag in (body.topic, *counting.hashtags(_prose(body))) if tag.strip()]


def _closing(body: ThreadsPost) -> str:
    return body.closing


def _is_short_enough(body: ThreadsPost, assignment: Assignment) -> Iterator[Violation]:
    size = weight(_prose(body), body.topic)
    if size > MOST_WEIGHT:
        message = f"The post has {size} characters as Threads counts them; at most {MOST_WEIGHT} are allowed."
        yield Violation(code="post_too_long", message=message, where="text", measured=size, limit=MOST_WEIGHT)


def _has_few_links(body: ThreadsPost, assignment: Assignment) -> Iterator[Violation]:
    """Threads refuses a post with more links; the same address twice is one link there."""
    found, most = len(set(counting.links(_text(body)))), THREADS.links.most if THREADS.links else None
    if most is not None and found > most:
        message = f"The post has {found} links; Threads takes at most {most}."
        yield Violation(code="too_many_links", message=message, where="text", measured=found, limit=most)


def _parts(body: ThreadsPost) -> tuple[Part, ...]:
    return (Part(label="Post", text=_text(body)),)


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
    max_output_tokens=350,
    characters=(20, 500),
    signed="closing",
)
