"""The topic of a draft, read for its writer and for the check of every wording."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import Session

from pressroom.gates.grounding import Source
from pressroom.model import Document, Excerpt, Finding, Idea, Plan, Preferences
from pressroom.store.database import Database
from pressroom.store.documents import document_of
from pressroom.store.subjects import as_idea
from pressroom.store.tables import DocumentRow, SubjectRow


@dataclass(frozen=True)
class Subject:
    """The topic of drafts. excerpt, document, findings: of one that is repurposed, which must support every fact."""

    idea: Idea
    excerpt: Excerpt | None = None
    document: Document | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def source(self) -> Source | None:
        """The document, parsed when first asked for: that of a long one takes seconds."""
        return Source.of(self.document) if self.document is not None else None

    def preferences(self, plan: Plan) -> Preferences:
        """The preferences of `plan`, in the document's language where the plan wants that."""
        return plan.preferences if self.excerpt is None else plan.preferences_for(self.excerpt.language)


@lru_cache(maxsize=1024)
def subject(database: Database, subject_id: str) -> Subject:
    """The subject of that id, which never changes once drafts are written: read once a process."""
    with database.read() as session:
        return read_subject(session, session.get_one(SubjectRow, subject_id))


def read_subject(session: Session, row: SubjectRow) -> Subject:
    idea = as_idea(row)
    if row.document_id is None or row.excerpt is None:
        return Subject(idea)
    document = session.get_one(DocumentRow, row.document_id)
    return Subject(
        idea,
        excerpt=Excerpt.model_validate(row.excerpt),
        document=document_of(document),
        findings=tuple(Finding.model_validate(finding) for finding in document.findings),
    )
