"""Edits of reviewers as a regression set: drafts by the present prompts and voice, against what people made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any, NamedTuple

from pydantic import Field
from rapidfuzz.distance import Indel
from sqlmodel import Session, col, select

from pressroom import formats
from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.errors import ChainExhausted
from pressroom.model import Assignment, Preferences, State
from pressroom.model.base import Frozen
from pressroom.store.database import Database
from pressroom.store.tables import Content, Revision, SubjectRow
from pressroom.writing.drafting import write
from pressroom.writing.subjects import Subject, read_subject

WORSE = 0.02
"""A mean that falls by more is called worse."""


class EditedDraft(NamedTuple):
    """A draft that a person changed and then approved. before: as it was generated; after: as the person left it."""

    content_id: str
    title: str
    format: str
    before: str
    after: str
    subject: Subject


class DraftCheck(Frozen):
    """One draft of the set. Similarities to the person's text are from 0 (no word in common) to 1 (the same words).

    was: of the draft that the person edited. now: of a draft by the present prompts; null where none came.
    """

    content_id: str
    title: str
    format: str
    was: float
    now: float | None
    reason: str = ""


class VoiceCheck(Frozen):
    """The whole set. A mean that rises says that people would have less to change."""

    voice: str
    drafts: tuple[DraftCheck, ...]
    was: float | None = Field(description="Mean over the drafts that have both figures.")
    now: float | None
    words: str


def edited_drafts(database: Database, workspace_id: str, *, most: int) -> list[EditedDraft]:
    """Drafts that a person edited and that were approved or published since, the newest first."""
    states = [State.READY.value, State.PUBLISHED.value]
    with database.read() as session:
        query: Any = select(Content).where(Content.workspace_id == workspace_id, col(Content.state).in_(states))
        query = query.where(col(Content.deleted_at).is_(None)).order_by(col(Content.updated_at).desc())
        found = (_edited(session, row) for row in session.exec(query))
        return [one for one, _ in zip((each for each in found if each), range(most), strict=False)]


def _edited(session: Session, row: Content) -> EditedDraft | None:
    """None for a draft whose words no person changed."""
    query = select(Revision).where(Revision.content_id == row.id).order_by(col(Revision.number))
    revisions = session.exec(query).all()
    if len(revisions) < 2 or revisions[0].note != "generated" or revisions[-1].author == revisions[0].author:
        return None
    if revisions[0].text == row.text:
        return None
    subject = session.get_one(SubjectRow, row.subject_id)
    return EditedDraft(row.id, subject.title, row.format, revisions[0].text, row.text, read_subject(session, subject))


def similarity(one: str, other: str) -> float:
    """The share of words, in order, that two texts have in common, 0 to 1."""
    return float(Indel.normalized_similarity(one.split(), other.split()))


def check_voice(
    edited: Sequence[EditedDraft], preferences: Preferences, chain: Chain, books: Books, *, feedback_rounds: int,
    temperature: float,
) -> VoiceCheck:  # fmt: skip
    """Draft each subject again with the present prompts and `preferences`, and compare with the person's text.

    Prompts that are as they were give the answers that are in the ledger, which cost nothing.
    """
    how = {"feedback_rounds": feedback_rounds, "temperature": temperature}
    drafts = tuple(_checked(edited, preferences, chain, books, how))
    both = [(one.was, one.now) for one in drafts if one.now is not None]
    was, now = (fmean(pair[side] for pair in both) if both else None for side in (0, 1))
    voice = preferences.voice.name if preferences.voice else ""
    return VoiceCheck(voice=voice, drafts=drafts, was=was, now=now, words=_words(was, now, len(both)))


def _checked(
    edited: Sequence[EditedDraft], preferences: Preferences, chain: Chain, books: Books, how: dict[str, Any]
) -> Iterator[DraftCheck]:
    for one in edited:
        about = {"content_id": one.content_id, "title": one.title, "format": one.format,
                 "was": similarity(one.before, one.after)}  # fmt: skip
        wanted = Assignment(
            idea=one.subject.idea, format=one.format, preferences=preferences, document=one.subject.excerpt
        )
        try:
            made = write(wanted, chain, books, source=one.subject.source, **how)
        except ChainExhausted as error:
            yield DraftCheck(**about, now=None, reason=error.message)
            continue
        yield DraftCheck(**about, now=similarity(formats.get(one.format).text(made.body), one.after))


def _words(was: float | None, now: float | None, count: int) -> str:
    if was is None or now is None:
        return "No draft could be compared."
    said = f"over {count} drafts: {was:.0%} before, {now:.0%} now"
    if now < was - WORSE:
        return f"Worse: drafts are farther from what people made of them, {said}."
    return f"{'Better' if now > was + WORSE else 'As before'}: {said}."
