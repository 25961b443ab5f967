"""Talking about a draft: comments that mention users, the user whose turn it is, and notifications of both."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from pydantic import Field
from sqlmodel import Session, col, func, select, update

from pressroom.errors import Forbidden, NotFound, WrongInput
from pressroom.model import Caller, Frozen
from pressroom.review import notifying
from pressroom.review.rows import check_storable, content_row
from pressroom.store import audit, events
from pressroom.store.account_tables import Membership, User
from pressroom.store.database import Database
from pressroom.store.desk_tables import Assignment, Comment, Notification, ShareLink
from pressroom.store.paging import PAGE, Page, read_page
from pressroom.store.tables import Content, SubjectRow, utc_now

LONGEST = 4000
"""Characters of a comment."""

EXCERPT = 200
"""Characters of a comment that a notification shows."""

GONE = "A former user"
_MENTION = re.compile(r"(?<![\w@])@([\w.+-]+(?:@[\w.-]+\w)?)")


class CommentShown(Frozen):
    """A comment on a draft, as its reader sees it."""

    id: str
    at: dt.datetime
    author: str = Field(examples=["Ada"])
    text: str = Field(examples=["Is the number right, @grace?"])
    is_mine: bool = Field(description="The reader wrote it.")
    by_client: bool = Field(description="A client wrote it, by a share link.")
    for_clients: bool = Field(description="Clients with a share link read it too.")


class AssigneeShown(Frozen):
    """The member whose turn it is."""

    user_id: str
    name: str = Field(examples=["Grace"])


class NotificationShown(Frozen):
    """A notification of the reader."""

    id: str
    at: dt.datetime
    kind: str = Field(description="`mentioned`, `commented` or `assigned`.", examples=["mentioned"])
    by: str = Field(examples=["ada@example.com"])
    text: str = Field(description="The first words of the comment.")
    content_id: str
    title: str = Field(description="Of the draft's idea.")
    format: str = Field(examples=["linkedin_post"])
    is_new: bool


def comments_of(database: Database, caller: Caller, content_id: str) -> list[CommentShown]:
    """The comments on a draft, the oldest first. Raises NotFound."""
    with database.read() as session:
        return read_comments(session, content_row(session, content_id).id, caller.user_id)


def read_comments(session: Session, content_id: str, user_id: str | None, *where: Any) -> list[CommentShown]:
    """The comments on a draft that fit `where`, the oldest first. user_id: their reader, unless that is a program."""
    columns: Any = (Comment, User.name, User.email, User.deleted_at, ShareLink.client)
    query = (
        select(*columns)
        .outerjoin(User, col(User.id) == Comment.user_id)
        .outerjoin(ShareLink, col(ShareLink.id) == Comment.share_link_id)
        .where(Comment.content_id == content_id, *where)
    )
    return [
        CommentShown(
            id=one.id, at=one.created_at, author=client or (GONE if gone else name or email), text=one.text,
            is_mine=user_id is not None and one.user_id == user_id, by_client=one.share_link_id is not None,
            for_clients=one.for_clients,
        )
        for one, name, email, gone, client in session.exec(query.order_by(col(Comment.created_at), col(Comment.id)))
    ]  # fmt: skip


def comment(
    database: Database, caller: Caller, content_id: str, text: str, *, for_clients: bool = False
) -> CommentShown:
    """Say something about a draft. Users whom it names by `@` and a name are notified, as are those who talk already.

    for_clients: clients with a share link read it too.

    Raises:
        NotFound: no such draft. WrongInput: the text is empty or too long. Forbidden: a program may not comment.
    """
    text = checked_text(text)
    with database.write() as session:
        said = add_comment(session, caller, content_row(session, content_id), text, for_clients=for_clients)
        session.flush()
        return read_comments(session, said.content_id, caller.user_id, Comment.id == said.id)[0]


def checked_text(text: str) -> str:
    """The text of a comment, trimmed. Raises `WrongInput` when it is empty or too long."""
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise WrongInput("The comment is empty." if not text else f"The comment is longer than {LONGEST:,} characters.")
    check_storable(text, "The comment")
    return text


def add_comment(session: Session, caller: Caller, content: Content, text: str, *, for_clients: bool = False) -> Comment:
    """As `comment`, within the transaction of `session`."""
    user_id = _person(caller)
    mentioned = [one for one in _mentioned(session, caller, text) if one != user_id]
    said = Comment(
        workspace_id=caller.workspace_id, content_id=content.id, user_id=user_id, text=text, mentions=mentioned,
        for_clients=for_clients,
    )  # fmt: skip
    _notify(session, caller, content, mentioned, "mentioned", text)
    _add(session, caller, content, said, except_for={user_id, *mentioned})
    return said


def add_client_comment(session: Session, caller: Caller, content: Content, link: ShareLink, text: str) -> Comment:
    """The comment of a client with a share link; the member who made the link is notified as well."""
    said = Comment(workspace_id=link.workspace_id, content_id=content.id, share_link_id=link.id, text=text)
    _add(session, caller, content, said, and_for={link.user_id})
    return said


def _add(
    session: Session, caller: Caller, content: Content, said: Comment, *,
    except_for: Iterable[str] = (), and_for: Iterable[str] = (),
) -> None:  # fmt: skip
    """Add a comment, and notify those who talk about the draft and the one whose turn it is."""
    talking: Any = select(Comment.user_id).where(Comment.content_id == content.id, col(Comment.user_id).is_not(None))
    told = {*session.exec(talking), *and_for}
    told |= set(session.exec(select(Assignment.user_id).where(Assignment.content_id == content.id)).all())
    session.add(said)
    _notify(session, caller, content, told - set(except_for), "commented", said.text)
    about = {"content_id": content.id, "comment_id": said.id, "mentions": said.mentions}
    events.emit(session, content.workspace_id, "content.commented", about)


def withdraw(database: Database, caller: Caller, content_id: str, comment_id: str) -> None:
    """Delete a comment of one's own. Raises NotFound, and Forbidden when another user wrote it."""
    with database.write() as session:
        row = content_row(session, content_id)
        found = session.exec(
            select(Comment).where(Comment.id == comment_id, Comment.content_id == row.id)
        ).one_or_none()
        if found is None:
            raise NotFound("There is no such comment.")
        if caller.user_id is None or found.user_id != caller.user_id:
            raise Forbidden("Only the author can delete a comment.")
        session.delete(found)


def assignee_of(database: Database, content_id: str) -> AssigneeShown | None:
    """The member whose turn it is; None without one. Raises NotFound."""
    query = select(User.id, User.name, User.email).join(Assignment, col(Assignment.user_id) == User.id)
    with database.read() as session:
        row = content_row(session, content_id)
        found = session.exec(query.where(Assignment.content_id == row.id)).one_or_none()
    return AssigneeShown(user_id=found[0], name=found[1] or found[2]) if found else None


def assign(database: Database, caller: Caller, content_id: str, user_id: str) -> None:
    """Make it a member's turn; an empty `user_id` takes that back. Raises NotFound."""
    with database.write() as session:
        row = content_row(session, content_id)
        if user_id and user_id not in {found for found, _, _ in _members(session, caller)}:
            raise NotFound("This workspace has no such member.")
        known = session.exec(select(Assignment).where(Assignment.content_id == row.id)).one_or_none()
        if (known.user_id if known else "") == user_id:
            return
        if known is not None:
            session.delete(known)
            session.flush()
        if user_id:
            session.add(
                Assignment(workspace_id=caller.workspace_id, content_id=row.id, user_id=user_id, by=caller.name)
            )
            _notify(session, caller, row, {user_id} - {caller.user_id}, "assigned", "")
        about = {"user_id": user_id}
        audit.note(session, caller, "content.assigned", subject_kind="content", subject_id=row.id, details=about)
        events.emit(session, row.workspace_id, "content.assigned", {"content_id": row.id, **about})


def unread(database: Database, caller: Caller) -> int:
    """How many notifications the caller has not seen."""
    mine = (Notification.workspace_id == caller.workspace_id, Notification.user_id == caller.user_id)
    query = select(func.count()).select_from(Notification).where(*mine, col(Notification.read_at).is_(None))
    with database.read() as session:
        return session.exec(query).one()


def list_notifications(
    database: Database, caller: Caller, cursor: str | None = None, limit: int = PAGE
) -> Page[NotificationShown]:
    """The caller's notifications, the newest first."""
    query: Any = (
        select(Notification, SubjectRow.title, Content.format)
        .join(Content, col(Content.id) == Notification.content_id)
        .join(SubjectRow, col(SubjectRow.id) == Content.subject_id)
        .where(Notification.workspace_id == caller.workspace_id, Notification.user_id == caller.user_id)
    )
    with database.read() as session:
        rows, following = read_page(
            session, query, Notification, cursor=cursor, limit=limit, last=lambda row: (row[0].created_at, row[0].id)
        )
    items = [
        NotificationShown(
            id=one.id, at=one.created_at, kind=one.kind, by=one.by, text=one.text, content_id=one.content_id,
            title=title, format=form, is_new=one.read_at is None,
        )
        for one, title, form in rows
    ]  # fmt: skip
    return Page(items=items, next_cursor=following)


def mark_read(database: Database, caller: Caller, content_id: str = "") -> None:
    """Mark the caller's notifications as seen: those about one draft, or all."""
    new = update(Notification).where(
        col(Notification.workspace_id) == caller.workspace_id,
        col(Notification.user_id) == caller.user_id,
        col(Notification.read_at).is_(None),
    )
    if content_id:
        new = new.where(col(Notification.content_id) == content_id)
    with database.write() as session:
        session.execute(new.values(read_at=utc_now()))


def _person(caller: Caller) -> str:
    if caller.user_id is None:
        raise Forbidden("Only a person can comment.")
    return caller.user_id


def _members(session: Session, caller: Caller) -> list[tuple[str, str, str]]:
    """(id, name, e-mail address) of each member."""
    query = select(User.id, User.name, User.email).join(Membership, col(Membership.user_id) == User.id)
    return list(session.exec(query.where(Membership.workspace_id == caller.workspace_id)).all())


def _mentioned(session: Session, caller: Caller, text: str) -> list[str]:
    """Ids of members that `text` names: `@ada`, `@ada@example.com`, or the first word of a name."""
    names = {found.casefold().rstrip(".") for found in _MENTION.findall(text)}
    if not names:
        return []
    return [
        user_id
        for user_id, name, email in _members(session, caller)
        if names & {email.casefold(), email.partition("@")[0].casefold(), (name.split() or [""])[0].casefold()} - {""}
    ]


def _notify(session: Session, caller: Caller, content: Content, users: Iterable[str], kind: str, text: str) -> None:
    notified = sorted(set(users))
    for user_id in notified:
        about: dict[str, Any] = {"workspace_id": content.workspace_id, "user_id": user_id, "content_id": content.id}
        session.add(Notification(**about, kind=kind, by=caller.name, text=text[:EXCERPT]))
    if notified:
        notifying.plan(session, content.workspace_id, notified)
