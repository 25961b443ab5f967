"""Reads the content and pictures that runs made from a document."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, func, select

from apps.web.picture_sets import PictureSet, sets_of
from pressroom.review.listing import ContentFilter, list_content
from pressroom.review.values import ContentSummary
from pressroom.store.database import Database
from pressroom.store.tables import Content, SubjectRow

MOST_IDEAS = 20
"""Runs of one document that are shown, the newest ones."""


def made_of(database: Database, document_ids: Sequence[str]) -> dict[str, int]:
    """By document: how many pieces of content were made of it and not deleted."""
    query = (
        select(SubjectRow.document_id, func.count())
        .join(Content, col(Content.subject_id) == col(SubjectRow.id))
        .where(col(SubjectRow.document_id).in_(document_ids), col(Content.deleted_at).is_(None))
        .group_by(col(SubjectRow.document_id))
    )
    with database.read() as session:
        return {document_id: count for document_id, count in session.exec(query).all() if document_id}


def content_of(database: Database, document_id: str) -> list[ContentSummary]:
    """The content that was made of a document, newest first."""
    return [
        each
        for idea in _ideas(database, document_id)
        for each in list_content(database, ContentFilter(idea=idea.id)).items
    ]


def pictures_of(database: Database, document_id: str) -> list[PictureSet]:
    """The sets of pictures that were made for a document."""
    return [each for each in sets_of(database, _ideas(database, document_id)) if each.pictures]


def _ideas(database: Database, document_id: str) -> Sequence[SubjectRow]:
    query = select(SubjectRow).where(SubjectRow.document_id == document_id)
    with database.read() as session:
        return session.exec(query.order_by(col(SubjectRow.created_at).desc()).limit(MOST_IDEAS)).all()
