"""Share links: a named client reads one draft, or the drafts of one idea, and comments on them, without a sign-in.

A link expires, can be revoked, and ends with the membership of the user who made it. Its token is stored as a hash.
A client reads nothing else of the workspace: of the comments, only their own and those that are meant for clients.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from sqlalchemy import and_, or_
from sqlmodel import Session, col, func, select

from pressroom.errors import Forbidden, NotFound, WrongInput
from pressroom.model import Caller, Frozen, Medium, Origin, Role, State
from pressroom.review import commenting, reading
from pressroom.review.commenting import CommentShown
from pressroom.review.rows import checked_id, content_row
from pressroom.review.values import AttachmentShown, CheckedPart
from pressroom.store import audit
from pressroom.store.account_tables import Membership
from pressroom.store.attachments import media_of
from pressroom.store.database import Database
from pressroom.store.desk_tables import Comment, ShareLink
from pressroom.store.tables import Content, SubjectRow, Workspace, utc_now
from pressroom.vault import new_token, token_hash

PREFIX = "prl"
MOST_DAYS, LONGEST_NAME = 90, 100
MOST_COMMENTS = 500
"""Comments that one link takes."""

SEEN_EVERY = dt.timedelta(hours=1)
"""How exact `opened_at` is."""

SHOWN = (State.GENERATED, State.REVIEWED, State.EDITED, State.READY, State.PUBLISHED)
"""States of drafts that the link to an idea shows: neither what was rejected nor what is quarantined."""

_FORM = re.compile(rf"{PREFIX}_([0-9a-f]{{32}})_[A-Za-z0-9_-]{{43}}")


class ShareLinkView(Frozen):
    """A share link as the workspace sees it. `content_id` or `idea_id`: what it shows."""

    id: str
    client: str = Field(examples=["Harbour Mill"])
    content_id: str | None
    idea_id: str | None
    created_at: dt.datetime
    expires_at: dt.datetime
    opened_at: dt.datetime | None = Field(description="The client's last visit, to within an hour.")


class SharedDraft(Frozen):
    """One draft as a client sees it."""

    id: str
    format: str
    format_title: str
    platform: str
    body: dict[str, Any]
    text: str
    parts: tuple[CheckedPart, ...]
    attachments: tuple[AttachmentShown, ...]
    comments: tuple[CommentShown, ...]


@dataclass(frozen=True)
class Visit:
    """A client at a link. `database` is bound to the workspace; `caller` may do nothing there but comment."""

    database: Database
    caller: Caller
    link: ShareLink
    workspace: str
    title: str
    drafts: tuple[str, ...]


def share(
    database: Database, caller: Caller, client: str, days: int, *, content_id: str = "", idea_id: str = ""
) -> tuple[ShareLinkView, str]:
    """A new link to a draft, or to an idea: (the link, its token, which is shown only now).

    Raises:
        Forbidden: the caller is a program. NotFound: no such draft or idea.
        WrongInput: the client has no name, or `days` is not from 1 to 90.
    """
    if caller.user_id is None:
        raise Forbidden("Only a person can share a draft.")
    if not 1 <= days <= MOST_DAYS:
        raise WrongInput(f"A share link lives for 1 to {MOST_DAYS} days.")
    token = new_token(f"{PREFIX}_{caller.workspace_id}")
    with database.write() as session:
        row = ShareLink(
            workspace_id=caller.workspace_id, user_id=caller.user_id, client=_checked(client),
            token_hash=token_hash(token), expires_at=utc_now() + dt.timedelta(days=days),
            content_id=content_row(session, content_id).id if content_id else None,
            subject_id=None if content_id else _idea(session, idea_id).id,
        )  # fmt: skip
        session.add(row)
        _note(session, caller, row, "share_link.made", until=row.expires_at.isoformat())
    return _view(row), token


def list_links(database: Database, caller: Caller, *, content_id: str = "", idea_id: str = "") -> list[ShareLinkView]:
    """The links that work, the newest first: of the workspace; of one idea; or to one draft, its idea's included.

    Raises:
        NotFound: no such draft or idea.
    """
    now = utc_now()
    query = select(ShareLink).where(col(ShareLink.revoked_at).is_(None), col(ShareLink.expires_at) > now)
    query = query.where(ShareLink.workspace_id == caller.workspace_id).order_by(col(ShareLink.created_at).desc())
    with database.read() as session:
        if content_id:
            row = content_row(session, content_id)
            query = query.where(or_(col(ShareLink.content_id) == row.id, col(ShareLink.subject_id) == row.subject_id))
        elif idea_id:
            query = query.where(ShareLink.subject_id == _idea(session, idea_id).id)
        return [_view(row) for row in session.exec(query).all()]


def revoke(database: Database, caller: Caller, link_id: str) -> None:
    """End a link, at once. Raises NotFound."""
    with database.write() as session:
        row = session.exec(select(ShareLink).where(ShareLink.id == checked_id(link_id, "share link"))).one_or_none()
        if row is None or row.workspace_id != caller.workspace_id or row.revoked_at is not None:
            raise NotFound("There is no such share link.")
        row.revoked_at = utc_now()
        session.add(row)
        _note(session, caller, row, "share_link.revoked")


def visit(database: Database, token: str, origin: Origin) -> Visit:
    """The client at the link with this token.

    Raises:
        NotFound: the link is invalid, expired or revoked, its maker left, or its draft was deleted.
    """
    form = _FORM.fullmatch(token)
    if form is None:
        raise _closed()
    bound, now = database.within(form[1]), utc_now()
    is_maker = and_(
        col(Membership.workspace_id) == ShareLink.workspace_id, col(Membership.user_id) == ShareLink.user_id
    )
    query = (
        select(ShareLink, Workspace)
        .join(Workspace, and_(col(Workspace.id) == ShareLink.workspace_id, col(Workspace.deleted_at).is_(None)))
        .join(Membership, is_maker)
        .where(ShareLink.token_hash == token_hash(token), col(ShareLink.revoked_at).is_(None))
        .where(col(ShareLink.expires_at) > now)
    )
    with bound.read() as session:
        found = session.exec(query).first()
        drafts = _drafts(session, found[0]) if found else []
        if found is None or not drafts:
            raise _closed()
        link, home = found
        title = session.get_one(SubjectRow, drafts[0].subject_id).title
    caller = Caller(
        workspace_id=home.id, workspace=home.name, role=Role.VIEWER, name=f"{link.client} (client)",
        scopes=frozenset(), token_id=link.id, origin=origin,
    )  # fmt: skip
    if link.opened_at is None or now - link.opened_at > SEEN_EVERY:
        _saw(bound, caller, link, now)
    return Visit(bound, caller, link, home.title or home.name, title, tuple(row.id for row in drafts))


def shared_drafts(visit: Visit) -> list[SharedDraft]:
    """The drafts of a link, as they are now, each with the comments that its client may read."""
    readable = or_(col(Comment.share_link_id) == visit.link.id, col(Comment.for_clients))
    with visit.database.read() as session:
        return [_shared(session, visit, content_row(session, content_id), readable) for content_id in visit.drafts]


def shared_file(visit: Visit, content_id: str, position: int) -> Medium:
    """One medium of a draft of the link. Raises `NotFound`."""
    with visit.database.read() as session:
        media = media_of(session, _own(visit, content_id))
    if position >= len(media):
        raise NotFound("There is no such file.")
    return media[position]


def comment(visit: Visit, content_id: str, text: str) -> None:
    """A comment of the client on a draft of the link.

    Raises:
        NotFound: the draft is not one of the link. WrongInput: the text is empty or too long, or was one too many.
    """
    text, content_id = commenting.checked_text(text), _own(visit, content_id)
    made = select(func.count()).select_from(Comment).where(Comment.share_link_id == visit.link.id)
    with visit.database.write() as session:
        if session.exec(made).one() >= MOST_COMMENTS:
            raise WrongInput(f"This link takes {MOST_COMMENTS} comments.", hint="Ask for a new link.")
        row = content_row(session, content_id)
        commenting.add_client_comment(session, visit.caller, row, visit.link, text)
        _note(session, visit.caller, visit.link, "share_link.commented", content_id=row.id)


def _checked(client: str) -> str:
    client = " ".join(client.split())
    if not client or len(client) > LONGEST_NAME or not client.isprintable():
        raise WrongInput(f"A client's name has 1 to {LONGEST_NAME} characters on one line.")
    return client


def _shared(session: Session, visit: Visit, row: Content, readable: Any) -> SharedDraft:
    detail = reading.detail_of(session, visit.caller, row)
    same = {name: getattr(detail, name) for name in SharedDraft.model_fields if name != "comments"}
    said = commenting.read_comments(session, row.id, None, readable)
    hidden = [one.model_copy(update={"author": one.author.partition("@")[0]}) for one in said]
    return SharedDraft(**same, comments=tuple(hidden))


def _drafts(session: Session, link: ShareLink) -> list[Content]:
    """The drafts that a link shows now, in the order they were written."""
    query = select(Content).where(col(Content.deleted_at).is_(None))
    if link.content_id:
        query = query.where(Content.id == link.content_id)
    else:
        query = query.where(Content.subject_id == link.subject_id, col(Content.state).in_(SHOWN))
    return list(session.exec(query.order_by(col(Content.created_at), col(Content.id))).all())


def _own(visit: Visit, content_id: str) -> str:
    if content_id not in visit.drafts:
        raise NotFound("This link shows no such draft.")
    return content_id


def _saw(database: Database, caller: Caller, link: ShareLink, now: dt.datetime) -> None:
    with database.write() as session:
        row = session.get_one(ShareLink, link.id)
        row.opened_at = now
        session.add(row)
        _note(session, caller, row, "share_link.opened")


def _idea(session: Session, idea_id: str) -> SubjectRow:
    found = session.exec(select(SubjectRow).where(SubjectRow.id == checked_id(idea_id, "idea"))).one_or_none()
    if found is None:
        raise NotFound(f"There is no idea with the id {idea_id}.")
    return found


def _note(session: Session, caller: Caller, row: ShareLink, action: str, **about: str) -> None:
    kind, subject_id = ("content", row.content_id) if row.content_id else ("idea", row.subject_id)
    details = {"client": row.client, **about}
    audit.note(session, caller, action, subject_kind=kind, subject_id=subject_id or "", details=details)


def _closed() -> NotFound:
    return NotFound("This link has expired or was revoked.", hint="Ask for a new one where you got it from.")


def _view(row: ShareLink) -> ShareLinkView:
    same = row.model_dump(include=set(ShareLinkView.model_fields))
    return ShareLinkView(idea_id=row.subject_id, **same)
