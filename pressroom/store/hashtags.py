"""The hashtags a workspace has used, and how its content with them fared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlmodel import Session, col, select

from pressroom.model import State
from pressroom.platforms import counting
from pressroom.store.database import Database
from pressroom.store.publishing_tables import Publication
from pressroom.store.result_tables import MetricSnapshot
from pressroom.store.tables import Content, Workspace

DID_WELL = frozenset({State.READY, State.PUBLISHED})
"""How far content has to come to count as good where its platform's figures are not known, or not used."""

FIGURE, AGE, FEW = "likes", 168, 5
"""The figure by which a post did well, at its age in hours: its platform's median at least, of so many known posts."""

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
        select(Content.text, Content.state, Content.id)
        .where(Content.workspace_id == workspace_id, Content.created_at >= since)
        .where(Content.state != State.QUARANTINED)
        .order_by(col(Content.created_at).desc(), col(Content.id))
        .limit(most)
    )
    if platform is not None:
        query = query.where(Content.platform == platform)
    with database.read() as session:
        posts = session.exec(query).all()
        judged = _judged(session, workspace_id, since, platform)
    return _counted((text, judged.get(content, state in DID_WELL)) for text, state, content in posts)


def _judged(session: Session, workspace_id: str, since: datetime, platform: str | None) -> dict[str, bool]:
    """True for each draft that did well, of those with a figure; empty where the workspace does not use its results."""
    wishes = session.exec(select(Workspace.preferences).where(Workspace.id == workspace_id)).first() or {}
    if not wishes.get("use_results"):
        return {}
    columns: tuple[Any, ...] = (Publication.content_id, Content.platform, MetricSnapshot.value)
    query: Any = select(*columns).join(Publication, col(Publication.id) == col(MetricSnapshot.publication_id))
    query = query.join(Content, col(Content.id) == col(Publication.content_id)).where(
        MetricSnapshot.workspace_id == workspace_id, MetricSnapshot.metric == FIGURE, MetricSnapshot.age == AGE,
        col(MetricSnapshot.value).is_not(None), Content.created_at >= since,
    )  # fmt: skip
    if platform is not None:
        query = query.where(Content.platform == platform)
    figures: dict[str, list[tuple[str, int]]] = {}
    for content, place, value in session.execute(query):
        figures.setdefault(place, []).append((content, value))
    return {
        content: value >= median(each for _, each in known)
        for known in figures.values() if len(known) >= FEW
        for content, value in known
    }  # fmt: skip


def _counted(posts: Iterable[tuple[str, bool]]) -> HashtagHistory:
    seen, well, written, total = Counter[str](), Counter[str](), dict[str, str](), 0
    for text, did_well in posts:
        total += 1
        found = {tag.casefold(): tag for tag in counting.hashtags(text)}
        for folded, tag in found.items():
            written.setdefault(folded, tag)
            seen[folded] += 1
            well[folded] += did_well
    used = (UsedTag(tag=written[folded], posts=posts, well=well[folded]) for folded, posts in seen.most_common())
    return HashtagHistory(posts=total, tags=tuple(used))
