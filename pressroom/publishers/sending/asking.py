"""Looks for a post in an account's own list: the proof for platforms without a handle that tells.

One look never proves absence: lists lag behind. The ledger counts the looks; here one look is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from pressroom.model.publishing import Absent, Asked, Found, Listed, Listing, Similar
from pressroom.publishers.sending.publisher import Job, Publisher

BEFORE = timedelta(minutes=2)
"""A post of ours was made after its first attempt, by the platform's clock, give or take this."""

NEARLY = 0.9
"""Of the words, from which on a person has to compare them."""

MOST_COMPARED = 5000


def window_start(job: Job) -> datetime:
    """How far back a list has to be walked, by the platform's clock: ours may have been wrong, or set since."""
    return job.sent_after - BEFORE


def among(publisher: Publisher, job: Job, listing: Listing) -> Asked:
    """The post of `job` among an account's own: found, similar ones for a person, or absent from this look.

    Posts that are known to be other ones of ours are left out.
    """
    start = window_start(job)
    mine = publisher.comparable(publisher.as_sent(job.part.text))
    recent = [post for post in listing.posts if post.created_at >= start and post.ref.remote_id not in job.known]
    equal = [post for post in recent if publisher.comparable(post.text) == mine and _same_files(post, job)]
    if len(equal) == 1:
        return Found(ref=equal[0].ref)
    near = equal or [post for post in recent if _similar(publisher.comparable(post.text), mine)]
    if near:
        return Similar(posts=tuple(near))
    return Absent(certain=False, control=listing.complete and bool(listing.posts or not job.known))


def walk(page: Callable[[str], tuple[list[Listed], str]], until: datetime, *, most: int = 10) -> Listing:
    """A whole list from its pages, the newest first, back to `until`. page: of a cursor, with the next one."""
    posts: list[Listed] = []
    cursor = ""
    for _ in range(most):
        found, cursor = page(cursor)
        posts += found
        if not cursor or any(post.created_at < until for post in found):
            return Listing(posts=tuple(posts), complete=True)
    return Listing(posts=tuple(posts), complete=False)


def _same_files(post: Listed, job: Job) -> bool:
    return post.media is None or post.media == len(job.files)


def _similar(one: str, other: str) -> bool:
    return SequenceMatcher(None, one[:MOST_COMPARED], other[:MOST_COMPARED], autojunk=False).ratio() >= NEARLY
