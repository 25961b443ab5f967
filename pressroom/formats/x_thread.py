"""One post on X, or a thread: every post whole in itself, measured as X measures it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel, Field

from pressroom.formats.shared import rules
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Part, Violation
from pressroom.platforms import counting, get, limit

PLATFORM = "x"
MOST_WEIGHT = limit(PLATFORM, "post_weight")
MOST_POSTS, MOST_POSTS_FROM_DOCUMENT = 5, get(PLATFORM).thread_posts

# `1/4`, `(1/4)`, `[1/4]`, `1.` or `1)` at the start, or one with a stroke at the end; not `1/4 of all teams`.
_PAIR = r"(?:(?P<open>[(\[])?(?P<{0}>\d{{1,2}})\s?/\s?(?P<{0}total>\d{{1,2}})(?(open)[)\]]))"
NUMBER = re.compile(rf"^\s*(?:{_PAIR.format('head')}(?!\s+of\b)|(?P<list>\d{{1,2}})[.)])(?=[\s:–—-]|$)")
_NUMBER_AT_END = re.compile(rf"(?:^|\s){_PAIR.format('tail')}\s*$")
BROKEN_LINK = re.compile(r"https?:?/{0,2}(?:[\w-]*|(?:[\w-]+\.)+)$", re.I)
_WHOLE_END = re.compile(r"(?:https?://\S+|(?<!\S)[#＃@]\w+)$", re.I)
_LINK_END = re.compile(r"https?://\S+$", re.I)


class XThread(BaseModel):
    """The model's answer."""

    posts: list[str] = Field(description="One post, or the posts of a thread in order, hashtags inside the texts.")


def _number(post: str, total: int) -> tuple[int, int] | None:
    """(number, total) that `post` carries, if it carries any; a list number stands for any total."""
    found = NUMBER.search(post) or _NUMBER_AT_END.search(post)
    if found is None:
        return None
    groups = found.groupdict()
    number = groups.get("head") or groups.get("list") or groups.get("tail") or "0"
    return int(number), int(groups.get("headtotal") or groups.get("tailtotal") or total)


def _bare(post: str) -> str:
    return _NUMBER_AT_END.sub("", NUMBER.sub("", post, count=1)).strip()


def _all(body: XThread) -> str:
    return "\n\n".join(body.posts)


def _tags(body: XThread) -> list[str]:
    return counting.hashtags(_all(body))


def _count(body: XThread, assignment: Assignment) -> Iterator[Violation]:
    most = MOST_POSTS_FROM_DOCUMENT if assignment.from_document else MOST_POSTS
    return rules.out_of_range("posts", "posts", "posts", len(body.posts), 1, most)


def _each_fits(body: XThread, assignment: Assignment) -> Iterator[Violation]:
    for number, post in enumerate(body.posts, 1):
        where, weight = f"post {number}", counting.x_length(post)
        if weight > MOST_WEIGHT:
            message = f"Post {number} weighs {weight} by X's count; at most {MOST_WEIGHT} are allowed."
            yield Violation(code="post_too_long", message=message, where=where, measured=weight, limit=MOST_WEIGHT)
        if refused := counting.x_refuses(post):
            message = f"Post {number} holds characters that X refuses: {refused}."
            yield Violation(code="post_invalid", message=message, where=where, measured=refused, limit="none")


def is_cut(post: str, following: str) -> bool:
    """True when `post` stops inside a word or link, as far as can be seen.

    Inside a link: it ends with the beginning of one (`https://exa`), or with a link whose next characters open
    `following`. Inside a word: it ends with a hyphen, or with a letter while `following` starts in lower case.
    Posts that end with punctuation, an emoji, a link, a hashtag or a mention are whole.
    """
    post, following = _bare(post), _bare(following)
    if BROKEN_LINK.search(post) or re.search(r"\w[-\u2010\u00ad]$", post):
        return True
    if _LINK_END.search(post):
        return bool(re.match(r"[/?&=%._~]\w", following))
    return bool(post) and post[-1].isalnum() and following[:1].islower() and not _WHOLE_END.search(post)


def _no_cuts(body: XThread, assignment: Assignment) -> Iterator[Violation]:
    for number, (post, following) in enumerate(zip(body.posts, [*body.posts[1:], ""], strict=False), 1):
        if is_cut(post, following):
            yield Violation(
                code="post_cut",
                message=f"Post {number} stops inside a word or link; end it where a sentence ends.",
                where=f"post {number}",
                measured=post[-20:],
                limit="whole words and links",
            )


def _numbers(body: XThread, assignment: Assignment) -> Iterator[Violation]:
    """Numbered when asked, all of them and rightly; else not. A single post needs no number."""
    total = len(body.posts)
    for position, post in enumerate(body.posts, 1):
        found, right = _number(post, total), f"{position}/{total}"
        if not assignment.numbered and found == (position, total):
            code, message = "number_unasked", f"Post {position} is numbered; leave the number out."
        elif assignment.numbered and total > 1 and found is None:
            code, message = "number_missing", f"Post {position} has no number; begin it with {right}."
        elif assignment.numbered and found is not None and found != (position, total):
            code, message = "number_wrong", f"Post {position} is numbered {found[0]}/{found[1]}; it should be {right}."
        else:
            continue
        measured = f"{found[0]}/{found[1]}" if found else "none"
        limit_ = right if assignment.numbered else "none"
        yield Violation(code=code, message=message, where=f"post {position}", measured=measured, limit=limit_)


def _parts(body: XThread) -> tuple[Part, ...]:
    total = len(body.posts)
    labels = ["Post"] if total == 1 else [f"{number}/{total}" for number in range(1, total + 1)]
    return tuple(Part(label=label, text=post) for label, post in zip(labels, body.posts, strict=True))


FORMAT = Format(
    name="x_thread",
    platform=PLATFORM,
    title="X thread",
    body=XThread,
    rules=(
        rules.not_blank("posts"),
        _count,
        _each_fits,
        _no_cuts,
        _numbers,
        rules.hashtags_in_range(_tags, PLATFORM, "posts"),
        rules.caller_hashtags_used(_tags, PLATFORM, "posts"),
    ),
    parts=_parts,
    max_output_tokens=300,
    characters=(10, 2800),
)
