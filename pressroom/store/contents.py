"""Drafts and their revisions, artifacts and calls: written on their natural keys, read for reports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import bindparam, exists
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, select

from pressroom.errors import WrongInput
from pressroom.model import Medium, State
from pressroom.model.lifecycle import check_redo
from pressroom.store import approvals, events
from pressroom.store.attachments import media_of
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.desk_tables import Approval, Attachment
from pressroom.store.missing import only_content
from pressroom.store.tables import Artifact, Content, ProviderCall, Revision, Table, utc_now

REVISED = (
    "state", "body", "text", "words", "characters", "violations", "findings",
    "provider", "model", "prompt_hash", "asked",
)  # fmt: skip
"""The columns that a new wording changes; idea, format and variant stay."""

_CALLS = select(ProviderCall).options(defer(cast(QueryableAttribute[Any], ProviderCall.answer)))
"""The answers of a large run are most of what its rows weigh, and no report shows them."""

IDS_AT_ONCE = 1000
"""How many ids one query names: SQLite takes 32,766 values in one, PostgreSQL 65,535."""

LONGEST_AUTHOR = 128
"""Characters of a revision's author that are kept; an address may have 254."""

AUTOSAVED = "autosaved"
"""Note of a revision that was saved while its author typed: their next text takes its place."""

AUTOSAVES_FOR = timedelta(minutes=30)
"""After this time an autosaved revision stays, and the next text is a revision of its own."""


class Spent(NamedTuple):
    """The cost of one call: tokens, and money in millionths of a dollar."""

    run_id: str | None
    execution: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost_microusd: int


def save_draft(database: Database, draft: Content) -> Content:
    """Keep a draft on (subject, format, variant) with its first revision; one already there is returned as it is."""
    with database.write() as session:
        if insert_unless_there(session, draft, ("subject_id", "format", "variant")):
            author, prompt = _author(draft), draft.prompt_hash
            first = _revision(draft, 1, draft.call_ids, author=author, note="generated", prompt_hash=prompt)
            insert_unless_there(session, first, ("content_id", "number"))
            return draft
        return _drafts(session, Content.subject_id == draft.subject_id, Content.format == draft.format)[draft.variant]


def revise(database: Database, content_id: str, changed: Content, *, note: str) -> Content:
    """Put the wording, checks and lineage of `changed` into the content, as its next revision; the old ones stay.

    Raises:
        WrongInput: it was published or deleted meanwhile; it stays as it is.
    """
    with database.write() as session:
        row = session.exec(select(Content).where(Content.id == content_id).with_for_update()).one()
        check_redo(State(row.state))
        if row.deleted_at is not None:
            raise WrongInput("This piece of content was deleted.", hint="Restore it, then write it again.")
        row.call_ids = [*row.call_ids, *changed.call_ids]
        wording = {name: getattr(changed, name) for name in REVISED}
        add_wording(session, row, wording, calls=changed.call_ids, author=_author(changed), note=note)
        about = {"content_id": row.id, "run_id": row.run_id, "state": row.state, "version": row.version}
        events.emit(session, row.workspace_id, "content.regenerated", about)
        return row


def add_wording(
    session: Session,
    row: Content,
    wording: Mapping[str, Any],
    *,
    calls: Sequence[str] = (),
    author: str,
    note: str,
    present: Present | None = None,
    in_place: bool = False,
) -> Revision:
    """Give `row`, locked by this transaction, other words: the columns `wording`, as its next version and revision.

    An approval of the old words does not cover these: approvals are void. Its media stay. present: when the caller has
    asked already. in_place: these words take the place of the latest revision, instead of the next number.
    """
    present = present or present_wording(session, row)
    if present.is_approved:
        approvals.void(session, row, "new wording")
    for name, value in wording.items():
        setattr(row, name, value)
    row.content_hash = content_hash(row.body, media_of(session, row.id) if present.has_media else ())
    row.version += 1
    row.updated_at = utc_now()
    session.add(row)
    latest = present.latest
    if in_place and latest is not None:
        latest.body, latest.text, latest.violations, latest.note = row.body, row.text, row.violations, note
        session.add(latest)
        return latest
    prompt, number = wording.get("prompt_hash", ""), latest.number + 1 if latest else 1
    revision = _revision(row, number, calls, author=author, note=note, prompt_hash=prompt)
    session.add(revision)
    return revision


class Present(NamedTuple):
    """The present wording of a draft: its revision, whether approvals of it are valid, whether media are attached."""

    latest: Revision | None
    is_approved: bool
    has_media: bool


def present_wording(session: Session, row: Content) -> Present:
    """One statement for what a new wording of `row`, locked by this transaction, has to know."""
    found = session.execute(_PRESENT, {"content": row.id}).first()
    return Present(None, True, True) if found is None else Present(*found)


_PRESENT = (
    select(
        Revision,
        exists().where(col(Approval.content_id) == Revision.content_id, col(Approval.voided_at).is_(None)),
        exists().where(col(Attachment.content_id) == Revision.content_id),
    )
    .where(col(Revision.content_id) == bindparam("content"))
    .order_by(col(Revision.number).desc())
    .limit(1)
)


def is_autosaved(row: Content, latest: Revision | None, author: str) -> bool:
    """Says whether `author` autosaved this revision a short time ago and no user has moved the draft since."""
    if latest is None or row.state != State.EDITED or latest.note != AUTOSAVED:
        return False
    is_own = latest.author == author[:LONGEST_AUTHOR] and latest.body == row.body
    return is_own and utc_now() - latest.created_at < AUTOSAVES_FOR


def _revision(
    content: Content, number: int, call_ids: Sequence[str], *, author: str, note: str, prompt_hash: str
) -> Revision:
    return Revision(
        workspace_id=content.workspace_id,
        content_id=content.id,
        number=number,
        body=content.body,
        text=content.text,
        violations=content.violations,
        prompt_hash=prompt_hash,
        call_ids=list(call_ids),
        author=author[:LONGEST_AUTHOR],
        note=note,
    )


def _author(content: Content) -> str:
    return f"{content.provider}/{content.model}"


_KEPT = select(Content.id, Content.state).where(
    Content.subject_id == bindparam("subject"),
    Content.format == bindparam("form"),
    Content.variant == bindparam("variant"),
)


def kept_draft(database: Database, subject_id: str, form: str, variant: int) -> tuple[str, str] | None:
    """Id and state of a draft if it is kept already: asked before each, hence without reading the whole row."""
    with database.read() as session:
        wanted = {"subject": subject_id, "form": form, "variant": variant}
        found = session.connection().execute(_KEPT, wanted).one_or_none()
    return (found.id, found.state) if found else None


def _drafts(session: Session, *conditions: Any) -> dict[int, Content]:
    return {row.variant: row for row in session.exec(select(Content).where(*conditions)).all()}


def drafts_of(database: Database, run_id: str, variant: int) -> list[Content]:
    """The drafts of one variant of a run."""
    with database.read() as session:
        query = select(Content).where(Content.run_id == run_id, Content.variant == variant)
        return list(session.exec(query.order_by(col(Content.created_at))).all())


def find_content(database: Database, workspace_id: str, wanted: str) -> Content:
    """The piece of content whose id is, or begins with, `wanted`; deleted content is not found.

    Raises:
        WrongInput: no id begins with it, or several do.
    """
    if not wanted.strip():
        raise WrongInput("Which piece of content?", hint="`pressroom show RUN` lists a run's content ids.")
    with database.read() as session:
        query = select(Content).where(Content.workspace_id == workspace_id, col(Content.deleted_at).is_(None))
        found = session.exec(query.where(col(Content.id).startswith(wanted.lower(), autoescape=True)).limit(2)).all()
    return only_content(found, wanted)


def newest_of(database: Database, workspace_id: str, formats: Sequence[str], unless: Collection[str]) -> Content | None:
    """The newest draft in one of the formats, deleted ones left out. unless: states that don't count."""
    with database.read() as session:
        query = select(Content).where(Content.workspace_id == workspace_id, col(Content.deleted_at).is_(None))
        query = query.where(col(Content.format).in_(formats), col(Content.state).not_in(unless))
        return session.exec(query.order_by(col(Content.created_at).desc(), col(Content.id)).limit(1)).first()


def content_hash(body: dict[str, Any], media: Sequence[Medium] = ()) -> str:
    """SHA-256, as canonical JSON, of a body and its media in order with their alt texts: what an approval is bound to.

    Without media it is the hash of the body alone.
    """
    said: Any = [body, [[medium.sha256, medium.alt_text] for medium in media]] if media else body
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def revisions_of(database: Database, content_id: str) -> list[Revision]:
    with database.read() as session:
        query = select(Revision).where(Revision.content_id == content_id).order_by(col(Revision.number))
        return list(session.exec(query).all())


def calls(database: Database, call_ids: Sequence[str]) -> list[ProviderCall]:
    """The calls with these ids, in their order, without what was answered."""
    with database.read() as session:
        found = _of_calls(session, _CALLS, call_ids)
    by_id = {row.id: row for row in found}
    return [by_id[call_id] for call_id in call_ids if call_id in by_id]


def spent(database: Database, call_ids: Sequence[str]) -> list[Spent]:
    """The cost of the calls with these ids, in no order."""
    columns = [getattr(ProviderCall, name) for name in Spent._fields]
    with database.read() as session:
        return [Spent(*row) for row in _of_calls(session, select(*columns), call_ids)]


def _of_calls(session: Session, query: Any, call_ids: Sequence[str]) -> list[Any]:
    pieces = (call_ids[start : start + IDS_AT_ONCE] for start in range(0, len(call_ids), IDS_AT_ONCE))
    return [row for ids in pieces for row in session.exec(query.where(col(ProviderCall.id).in_(ids)))]


def calls_of_run(database: Database, run_id: str) -> list[ProviderCall]:
    """Every call a run made, failed ones included, oldest first, without what was answered."""
    with database.read() as session:
        query = _CALLS.where(ProviderCall.run_id == run_id).order_by(col(ProviderCall.created_at))
        return list(session.exec(query).all())


def record_artifacts(database: Database, artifacts: Sequence[Artifact]) -> None:
    """Keep a row for each file now in the store; one written again gets its new hash and size."""
    with database.write() as session:
        for artifact in artifacts:
            if insert_unless_there(session, artifact, ("workspace_id", "key")):
                continue
            row = session.exec(
                select(Artifact).where(Artifact.workspace_id == artifact.workspace_id, Artifact.key == artifact.key)
            ).one()
            if (row.sha256, row.address) != (artifact.sha256, artifact.address):
                row.sha256, row.size, row.address = artifact.sha256, artifact.size, artifact.address
                row.created_at = utc_now()
                session.add(row)


def artifacts_of(database: Database, run_id: str) -> list[Artifact]:
    with database.read() as session:
        return list(session.exec(select(Artifact).where(Artifact.run_id == run_id).order_by(col(Artifact.key))).all())


def one_of(database: Database, table: type[Table], row_id: str) -> Any:
    """The row of `table` with this id."""
    with database.read() as session:
        return session.get_one(table, row_id)
