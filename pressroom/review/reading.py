"""One piece of content with everything a reviewer needs to judge it, and the whole line behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import and_, bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from pressroom import formats
from pressroom.errors import NotFound
from pressroom.model import Caller, Finding, Medium, Part, State, Violation, lifecycle
from pressroom.reports.lineage import lineage
from pressroom.review.measuring import measured
from pressroom.review.rows import checked_id, content_row, nothing
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
from pressroom.store.questions import Question
from pressroom.store.tables import Content, DocumentRow, Revision, Run, SubjectRow

_APPROVED = (State.READY, State.PUBLISHED)
_SAME = {
    "id", "version", "content_hash", "state", "format", "platform", "variant", "day", "post_url", "body", "text",
    "words", "characters", "provider", "model", "prompt_hash", "asked", "created_at", "updated_at", "deleted_at",
}  # fmt: skip
_IDEA = tuple(name for name in IdeaSummary.model_fields if name != "day")
_RUN, _WORDING = tuple(RunShown.model_fields), tuple(Wording.model_fields)
_DOCUMENT: tuple[Any, ...] = (
    *(getattr(DocumentRow, name) for name in SourceShown.model_fields if name != "notes"),
    NOTES,  # and not the rest of its body
)


def get_content(database: Database, caller: Caller, content_id: str) -> ContentDetail:
    """The content with this id, deleted or not.

    Raises:
        NotFound: the caller's workspace has no such content.
    """
    rows = database.ask(_whole(), content=checked_id(content_id, "content"))
    if not rows:
        raise nothing("content", content_id)
    row, found = Content(**_fields_of(rows[0], "content", Content.model_fields)), rows[0]
    if not (found.attached or found.idea_document_id or row.state in _APPROVED):
        return _detail(caller, row, found, _NO_MORE)
    with database.read() as session:
        return _detail(caller, row, found, _more(session, row, found))


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
        document = source_of(session, session.get_one(SubjectRow, row.subject_id).document_id)
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
    found = session.execute(_beside(), {"content": row.id}).one()
    return _detail(caller, row, found, _more(session, row, found))


@cache
def _whole() -> Question:
    return Question(_beside().add_columns(*_named("content", Content, Content.model_fields)))


@cache
def _beside() -> Any:
    """Asks in one statement for all that a detail shows and that stands in other rows: idea, run, the original wording,
    number and author of the latest one, and how many attachments there are.

    Made once: a statement more costs a request a millisecond, and making one costs more than asking it.
    """
    latest = aliased(Revision)
    columns = (
        *_named("idea", SubjectRow, _IDEA),
        *_named("run", Run, _RUN),
        *_named("original", Revision, _WORDING),
        _of_content(select(func.max(latest.number)), latest).label("latest_number"),
        _of_content(select(latest.author).order_by(col(latest.number).desc()).limit(1), latest).label("latest_author"),
        _of_content(select(func.count()), Attachment).label("attached"),
    )
    return (
        select(*columns)
        .select_from(Content)
        .join(SubjectRow, col(SubjectRow.id) == Content.subject_id)
        .join(Run, col(Run.id) == Content.run_id)
        .join(Revision, and_(col(Revision.content_id) == Content.id, col(Revision.number) == 1))
        .where(col(Content.id) == bindparam("content"))
    )


def _of_content(query: Any, table: Any) -> Any:
    """A column of the statement around it: the answer of `query` for its content."""
    return query.where(table.content_id == Content.id).correlate(Content).scalar_subquery()


def _named(prefix: str, table: Any, names: Iterable[str]) -> Iterator[Any]:
    return (getattr(table, name).label(f"{prefix}_{name}") for name in names)


class _More(NamedTuple):
    attachments: tuple[AttachmentShown, ...] = ()
    document: SourceShown | None = None
    approval: ApprovalShown | None = None


_NO_MORE = _More()


def _more(session: Session, row: Content, found: Any) -> _More:
    """The parts of a detail that few drafts have, each with a statement of its own."""
    attached = attachments_of(session, row.id) if found.attached else ()
    document = source_of(session, found.idea_document_id)
    return _More(tuple(map(attachment_shown, attached)), document, _approval(session, row))


def _fields_of(found: Any, prefix: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(found, f"{prefix}_{name}") for name in names}


def _detail(caller: Caller, row: Content, found: Any, more: _More) -> ContentDetail:
    """`row` with what `_beside` found, and `more`."""
    state, kept = State(row.state), row.deleted_at is None
    return ContentDetail(
        **row.model_dump(include=_SAME),
        format_title=formats.get(row.format).title,
        body_schema=_schema(row.format),
        parts=_parts(row),
        violations=tuple(Violation.model_validate(violation) for violation in row.violations),
        findings=tuple(Finding.model_validate(finding) for finding in row.findings),
        attachments=more.attachments,
        idea=IdeaSummary(day=found.run_day, **_fields_of(found, "idea", _IDEA)),
        document=more.document,
        run=RunShown(**_fields_of(found, "run", _RUN)),
        original=Wording(**_fields_of(found, "original", _WORDING)),
        revisions=found.latest_number,
        made_by=found.latest_author,
        approval=more.approval,
        moves=_offers(caller, state) if kept else (),
        may_edit=kept and lifecycle.can_edit(state, caller.role),
        may_delete=lifecycle.can_delete(state, caller.role),
        may_regenerate=kept and lifecycle.can_redo(state, caller.role),
    )


def attachment_shown(row: Attachment) -> AttachmentShown:
    return AttachmentShown.model_validate(row.model_dump(include=set(AttachmentShown.model_fields)))


def _offers(caller: Caller, state: State) -> tuple[Offer, ...]:
    moves = lifecycle.moves_from(state, caller.role, person=caller.user_id is not None)
    return tuple(Offer.of(move) for move in moves)


def _approval(session: Session, row: Content) -> ApprovalShown | None:
    approval = approvals.standing(session, row) if row.state in _APPROVED else None
    if approval is None:
        return None
    user = session.get_one(User, approval.user_id)
    return ApprovalShown(by=user.email, at=approval.created_at, content_hash=approval.content_hash)


def source_of(session: Session, document_id: str | None) -> SourceShown | None:
    """The document that an idea was made from; None when it was thought of."""
    if document_id is None:
        return None
    *found, notes = session.exec(select(*_DOCUMENT).where(DocumentRow.id == document_id)).one()
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
