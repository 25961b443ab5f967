"""Values of several ids at once, each by its id: one query for what would be one a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlmodel import col

from pressroom.review.ideas import summaries
from pressroom.review.listing import content_where
from pressroom.review.publication_views import PublicationView, views_where
from pressroom.review.values import ContentSummary, IdeaSummary
from pressroom.store.database import Database
from pressroom.store.publishing_tables import Publication
from pressroom.store.tables import Content, SubjectRow

__all__ = ["content_of_ideas", "ideas", "publications_of_content"]


def ideas(database: Database, ids: Sequence[str]) -> dict[str, IdeaSummary]:
    """Ideas by their ids; those of other workspaces are not there."""
    return {each.id: each for each in summaries(database, col(SubjectRow.id).in_(ids))}


def content_of_ideas(database: Database, ids: Sequence[str]) -> dict[str, list[ContentSummary]]:
    """The content made of each of these ideas that has any, newest first, without what was deleted."""
    return _grouped(content_where(database, col(Content.subject_id).in_(ids)), "idea_id")


def publications_of_content(database: Database, ids: Sequence[str]) -> dict[str, list[PublicationView]]:
    """The publications of each of these drafts that has any, newest first."""
    return _grouped(views_where(database, col(Publication.content_id).in_(ids)), "content_id")


def _grouped(rows: Sequence[Any], name: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return dict(found)
