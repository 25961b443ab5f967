"""Finds a row by its id, notes a change of it, and refuses text that a database can't store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, select

from pressroom.errors import Conflict, MoveRefused, NotFound, WrongInput
from pressroom.model import Caller
from pressroom.store import audit, events
from pressroom.store.tables import Content, utc_now

_ID = re.compile(r"[0-9a-f]{32}")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def content_row(session: Session, content_id: str) -> Content:
    """The content with this id, deleted or not.

    Raises:
        NotFound: the workspace of `session` has no such content.
    """
    found = session.exec(select(Content).where(Content.id == checked_id(content_id, "content"))).one_or_none()
    if found is None:
        raise nothing("content", content_id)
    return found


def content_to_change(session: Session, content_id: str, version: int | None) -> Content:
    """The content with this id, locked until the transaction of `session` ends. version: the one that the caller saw.

    Raises:
        NotFound: the content does not exist. Conflict: it is at another version.
    """
    query = select(Content).where(Content.id == checked_id(content_id, "content")).with_for_update()
    found = session.exec(query).one_or_none()
    if found is None:
        raise nothing("content", content_id)
    if version is not None and version != found.version:
        raise Conflict(
            f"It was changed meanwhile: it is at version {found.version}, you saw {version}.",
            hint="Read it again, then make your change to what it says now.",
            version=found.version,
        )
    return found


def note_change(
    session: Session,
    caller: Caller,
    row: Content,
    action: str,
    about: dict[str, Any],
    note: str = "",
    batch: str = "",
) -> None:
    """The change as a new version of `row`, a line of the audit log and an event. batch: of changes made at once."""
    row.version += 1
    row.updated_at = utc_now()
    session.add(row)
    told = {**about, "version": row.version}
    details = {**told, **{name: value for name, value in (("note", note), ("batch", batch)) if value}}
    audit.note(session, caller, action, subject_kind="content", subject_id=row.id, details=details)
    events.emit(session, row.workspace_id, action, {"content_id": row.id, "run_id": row.run_id, **told})


def check_kept(content: Content) -> None:
    """Raises `MoveRefused` when `content` was deleted."""
    if content.deleted_at is not None:
        raise MoveRefused("This piece of content was deleted.", hint="Restore it first.")


def checked_id(wanted: str, what: str) -> str:
    """`wanted`, if it can be an id at all.

    Raises:
        NotFound: it can't, so nothing has it.
    """
    if not _ID.fullmatch(wanted):
        raise nothing(what, wanted)
    return wanted


def check_storable(value: Any, where: str) -> None:
    """Raises `WrongInput` when text in `value`, which JSON can hold, is such as no database takes."""
    if any(_UNSTORABLE.search(text) for text in _texts(value)):
        raise WrongInput(f"{where} holds a character that can't be kept (NUL, or half of a surrogate pair).")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from (name, *_texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def nothing(what: str, wanted: str) -> NotFound:
    """The error of an id that the workspace has nothing under."""
    shown = wanted if wanted.isascii() and wanted.isalnum() else "such an id"
    return NotFound(f"There is no {what} with {'the id ' if shown is wanted else ''}{shown[:64]}.")
