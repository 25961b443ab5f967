"""What a draft or a picture is about, read once for all that is made of it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pressroom.gates.grounding import Source
from pressroom.model import Excerpt, Finding, Idea, Preferences, RunRef
from pressroom.store import contents, documents
from pressroom.store.database import Database
from pressroom.store.tables import IdeaRow


class Subject(NamedTuple):
    """What a draft is about. excerpt, source, findings: of a document that is repurposed."""

    idea: Idea
    excerpt: Excerpt | None
    source: Source | None
    findings: tuple[Finding, ...]


@lru_cache(maxsize=1024)
def subject(database: Database, idea_id: str) -> Subject:
    """What an idea is about, which never changes once drafts are written."""
    row: IdeaRow = contents.one_of(database, IdeaRow, idea_id)
    idea = contents.as_idea(row)
    if row.document_id is None:
        return Subject(idea, None, None, ())
    kept = documents.document_row(database, row.document_id)
    excerpt = Excerpt.model_validate(row.excerpt)
    findings = tuple(Finding.model_validate(finding) for finding in kept.findings)
    return Subject(idea, excerpt, Source.of(documents.document_of(kept)), findings)


def preferences_for(run: RunRef, about: Subject) -> Preferences:
    """The run's, for what it is about."""
    return run.preferences if about.excerpt is None else run.plan.preferences_for(about.excerpt.language)
