"""One piece of content with everything a reviewer needs to judge it, and the whole line behind it."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, col, select

from pressroom import formats
from pressroom.errors import NotFound
from pressroom.model import Caller, Finding, Medium, Part, State, Violation, lifecycle
from pressroom.reports.lineage import lineage
from pressroom.review.measuring import measured
from pressroom.review.rows import content_row
from pressroom.review.values import (
    ApprovalShown,
    AttachmentShown,
    CheckedPart,
    ContentDetail,
    IdeaSummary,
    Offer,
    RunShown,
    SourceShown,
    Wording,
)
from pressroom.store import approvals
from pressroom.store.account_tables import User
from pressroom.store.attachments import attachments_of, media_of
from pressroom.store.database import Database
from pressroom.store.desk_tables import Approval, Attachment
from pressroom.store.documents import NOTES
from pressroom.store.paging import PAGE, Page, read_page
from pressroom.store.tables import Content, DocumentRow, Revision, Run, SubjectRow

_APPROVED = (State.READY, State.PUBLISHED)
_SAME = {
    "id", "version", "content_hash", "state", "format", "platform", "variant", "day", "post_url", "body", "text",
    "words", "characters", "provider", "model", "prompt_hash", "asked", "created_at", "updated_at", "deleted_at",
}  # fmt: skip
_DOCUMENT: tuple[Any, ...] = (
    *(getattr(DocumentRow, name) for name in SourceShown.model_fields if name != "notes"),
    NOTES,  # and not the rest of its body
)


def get_content(database: Database, caller: Caller, content_id: str) -> ContentDetail:
    """The content with this id, deleted or not.

    Raises:
        NotFound: the caller's workspace has no such content.
    """
    with database.read() as session:
        return detail_of(session, caller, content_row(session, content_id))


def get_attachment(database: Database, content_id: str, position: int) -> Medium:
    """The medium at this place of the draft, from 0.

    Raises:
        NotFound: there is no such content, or it has fewer media.
    """
    with database.read() as session:
        media = media_of(session, content_row(session, content_id).id)
    if position >= len(media):
        raise NotFound(f"This content has {len(media)} attachments, and none at {position}.")
    return media[position]


def list_revisions(database: Database, content_id: str, cursor: str | None = None, limit: int = PAGE) -> Page[Wording]:
    """The revisions of this content, the latest first; the last one is the generated text.

    Raises:
        NotFound: the content does not exist. WrongInput: the cursor is invalid.
    """
    with database.read() as session:
        query = select(Revision).where(Revision.content_id == content_row(session, content_id).id)
        rows, next_cursor = read_page(session, query, Revision, cursor=cursor, limit=limit)
    return Page(items=[_wording(row) for row in rows], next_cursor=next_cursor)


def get_revision(database: Database, content_id: str, number: int) -> Wording:
    """One wording of this content; number 1 is what was generated.

    Raises:
        NotFound: there is no such content, or no such wording of it.
    """
    with database.read() as session:
        return _wording(revision_row(session, content_row(session, content_id).id, number))


def trace(database: Database, caller: Caller, content_id: str) -> dict[str, Any]:
    """The lineage of this content: document, run, idea, calls, revisions, media, approvals; as JSON values.

    Raises:
        NotFound: the caller's workspace has no such content.
    """
    with database.read() as session:
        row = content_row(session, content_id)
        document = source_of(session, session.get_one(SubjectRow, row.subject_id))
        given = session.exec(_approvals_of(row.id)).all()
        attached = [attachment_shown(one).model_dump(mode="json") for one in attachments_of(session, row.id)]
    shown = {"content_hash", "created_at", "voided_at", "voided_because"}
    return {
        "document": document and document.model_dump(mode="json"),
        **lineage(database, caller.workspace_id, row.id),
        "attachments": attached,
        "approvals": [{"by": email, **approval.model_dump(mode="json", include=shown)} for approval, email in given],
    }


def _approvals_of(content_id: str) -> Any:
    query = select(Approval, User.email).join(User, col(User.id) == col(Approval.user_id))
    return query.where(Approval.content_id == content_id).order_by(col(Approval.created_at))


def revision_row(session: Session, content_id: str, number: int) -> Revision:
    """Raises `NotFound` when this content has no such wording."""
    query = select(Revision).where(Revision.content_id == content_id, Revision.number == number)
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound(f"This content has no revision {number}.", hint="The list of its revisions names them.")
    return found


def detail_of(session: Session, caller: Caller, row: Content) -> ContentDetail:
    """`row` as a reviewer sees it. Changes of it that `session` holds are seen too."""
    idea, run = session.get_one(SubjectRow, row.subject_id), session.get_one(Run, row.run_id)
    latest = session.exec(
        select(Revision.number, Revision.author)
        .where(Revision.content_id == row.id)
        .order_by(col(Revision.number).desc())
        .limit(1)
    ).one()
    number, author = latest
    state, kept = State(row.state), row.deleted_at is None
    return ContentDetail(
        **row.model_dump(include=_SAME),
        format_title=formats.get(row.format).title,
        body_schema=_schema(row.format),
        parts=_parts(row),
        violations=tuple(Violation.model_validate(violation) for violation in row.violations),
        findings=tuple(Finding.model_validate(finding) for finding in row.findings),
        attachments=tuple(attachment_shown(attached) for attached in attachments_of(session, row.id)),
        idea=idea_summary(idea, run),
        document=source_of(session, idea),
        run=RunShown(id=run.id, kind=run.kind, day=run.day, trigger=run.trigger, status=run.status),
        original=_wording(revision_row(session, row.id, 1)),
        revisions=number,
        made_by=author,
        approval=_approval(session, row),
        moves=_offers(caller, state) if kept else (),
        may_edit=kept and lifecycle.can_edit(state, caller.role),
        may_delete=lifecycle.can_delete(state, caller.role),
        may_regenerate=kept and lifecycle.can_redo(state, caller.role),
    )


def attachment_shown(row: Attachment) -> AttachmentShown:
    return AttachmentShown.model_validate(row.model_dump(include=set(AttachmentShown.model_fields)))


def idea_summary(idea: SubjectRow, run: Run) -> IdeaSummary:
    """`idea` as it is shown; `run`: its own."""
    same = idea.model_dump(include=set(IdeaSummary.model_fields) - {"day"})
    return IdeaSummary(day=run.day, **same)


def _offers(caller: Caller, state: State) -> tuple[Offer, ...]:
    moves = lifecycle.moves_from(state, caller.role, person=caller.user_id is not None)
    return tuple(Offer.of(move) for move in moves)


def _approval(session: Session, row: Content) -> ApprovalShown | None:
    approval = approvals.standing(session, row) if row.state in _APPROVED else None
    if approval is None:
        return None
    user = session.get_one(User, approval.user_id)
    return ApprovalShown(by=user.email, at=approval.created_at, content_hash=approval.content_hash)


def source_of(session: Session, idea: SubjectRow) -> SourceShown | None:
    """The document that `idea` was made from; None when it was thought of."""
    if idea.document_id is None:
        return None
    *found, notes = session.exec(select(*_DOCUMENT).where(DocumentRow.id == idea.document_id)).one()
    return SourceShown(**dict(zip(SourceShown.model_fields, [*found, notes or ()], strict=True)))


def _wording(row: Revision) -> Wording:
    return Wording.model_validate(row.model_dump(include=set(Wording.model_fields)))


def _parts(row: Content) -> tuple[CheckedPart, ...]:
    """Measured as the format has it now; a body that an earlier version of the format made is shown as one text."""
    form = formats.get(row.format)
    try:
        parts = form.parts(form.body.model_validate(row.body))
    except ValidationError:
        parts = (Part(label="Text", text=row.text),)
    return measured(row.platform, parts)


@cache
def _schema(form: str) -> dict[str, Any]:
    schema: dict[str, Any] = formats.get(form).body.model_json_schema()
    return schema
