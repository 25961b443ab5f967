"""The hashtags a workspace has used, and how its content with them fared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from pressroom.model import State
from pressroom.platforms import counting
from pressroom.store.database import Database
from pressroom.store.tables import Content

DID_WELL = frozenset({State.READY, State.PUBLISHED})
"""How far content has to come to count as good, as long as no platform's figures are collected."""

MOST_POSTS = 500


@dataclass(frozen=True)
class UsedTag:
    """A hashtag as it was written last, in how many posts it stood, and how many of these did well."""

    tag: str
    posts: int
    well: int


@dataclass(frozen=True)
class HashtagHistory:
    """`posts`: how many were looked at. `tags`: the most used first."""

    posts: int
    tags: tuple[UsedTag, ...]


def hashtag_history(
    database: Database, workspace_id: str, *, since: datetime, platform: str | None = None, most: int = MOST_POSTS
) -> HashtagHistory:
    """The hashtags of the newest `most` posts since then, except quarantined ones; on one `platform` if given."""
    query = (
        select(Content.text, Content.state)
        .where(Content.workspace_id == workspace_id, Content.created_at >= since)
        .where(Content.state != State.QUARANTINED)
        .order_by(col(Content.created_at).desc(), col(Content.id))
        .limit(most)
    )
    if platform is not None:
        query = query.where(Content.platform == platform)
    with database.read() as session:
        posts = session.exec(query).all()
    return _counted(posts)


def _counted(posts: Iterable[tuple[str, str]]) -> HashtagHistory:
    seen, well, written, total = Counter[str](), Counter[str](), dict[str, str](), 0
    for text, state in posts:
        total += 1
        found = {tag.casefold(): tag for tag in counting.hashtags(text)}
        for folded, tag in found.items():
            written.setdefault(folded, tag)
            seen[folded] += 1
            well[folded] += state in DID_WELL
    used = (UsedTag(tag=written[folded], posts=posts, well=well[folded]) for folded, posts in seen.most_common())
    return HashtagHistory(posts=total, tags=tuple(used))
