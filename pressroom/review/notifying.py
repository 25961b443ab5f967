"""Notifications outside the desk: each member's wish, and digests that the outbox sends by e-mail and to a chat.

A notification plans a row of the outbox in its own transaction, unless one waits already: so nothing is lost, and
nothing is sent more than once an hour. The row takes what is unread when it is first sent, and every further attempt
sends the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlmodel import Session, col, func, select, update

from pressroom import logs
from pressroom.errors import Forbidden, WrongInput
from pressroom.model import Caller, Frozen
from pressroom.settings import settings
from pressroom.store import outbox
from pressroom.store.account_tables import Membership, User
from pressroom.store.database import Database
from pressroom.store.desk_tables import Notification, NotificationWish, Outbox
from pressroom.store.outbox import OutboxKind, Outcome, Result
from pressroom.store.owners import clock
from pressroom.store.tables import Content, SubjectRow, Workspace
from pressroom.store.workspaces import zone_of
from pressroom.vault import Vault

HOUR = dt.timedelta(hours=1)
SOON = dt.timedelta(minutes=2)
"""How long the first notification waits for others."""

_PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
MAIL = OutboxKind("mail", _PAUSES, lease=dt.timedelta(minutes=15))
CHAT = OutboxKind("chat", _PAUSES, lease=dt.timedelta(minutes=15))

CHATS = ("discord", "gchat", "msteams", "pbul", "pover", "slack", "tgram", "wxteams")
"""Services of Apprise whose hosts are fixed: a member can't make the desk call an address of their own."""

DEEDS: Mapping[str, str] = MappingProxyType(
    {"mentioned": "mentioned you", "commented": "commented", "assigned": "assigned you"}
)
"""The words for a kind of notification."""

_COLUMNS: Mapping[str, Any] = MappingProxyType({MAIL.name: Notification.mail_id, CHAT.name: Notification.chat_id})

_log = logs.get_logger(__name__)


class Often(StrEnum):
    """How often a member hears of notifications."""

    OFF = "off"
    HOURLY = "hourly"
    DAILY = "daily"


class Wishes(Frozen):
    """How often a member hears of notifications outside the desk."""

    mail: Often = Field(default=Often.OFF, description="By e-mail: at most once an hour, or once a day.")
    chat: Often = Field(default=Often.OFF, description="In a chat, at the address that is saved.")
    hour: int = Field(default=8, ge=0, le=23, description="Hour of the workspace's day for daily digests.")


class WishesShown(Wishes):
    """A member's wishes as they are saved."""

    has_chat_address: bool = Field(description="True when an address of a chat is saved; it is never shown.")


class DigestLine(Frozen):
    """One notification of a digest."""

    kind: str
    by: str
    text: str
    content_id: str
    title: str
    format: str


class Digest(Frozen):
    """The message of one claimed row of the outbox. id: the row's, the same with every attempt."""

    id: str
    workspace_id: str
    workspace: str
    user_id: str
    email: str
    chat_address: str = Field(description="Encrypted.", repr=False)
    lines: tuple[DigestLine, ...]


def wishes_of(database: Database, caller: Caller) -> WishesShown:
    """The caller's wishes. Raises `Forbidden` for a program."""
    with database.read() as session:
        row = _wish(session, caller.workspace_id, _person(caller))
    if row is None:
        return WishesShown(has_chat_address=False)
    same = row.model_dump(include=set(Wishes.model_fields))
    return WishesShown(**same, has_chat_address=bool(row.chat_address))


def set_wishes(
    database: Database, caller: Caller, vault: Vault, wanted: Wishes, chat_address: str | None = None
) -> WishesShown:
    """Save the caller's wishes; what waits to be sent follows them. chat_address: empty removes it, None keeps it.

    Raises:
        Forbidden: the caller is a program. WrongInput: the address is of no chat we know, or is missing.
    """
    user_id = _person(caller)
    sealed = chat_address and vault.seal(checked_address(chat_address))
    with database.write() as session:
        row = _wish(session, caller.workspace_id, user_id)
        row = row or NotificationWish(workspace_id=caller.workspace_id, user_id=user_id)
        row.mail, row.chat, row.hour = wanted.mail, wanted.chat, wanted.hour
        row.chat_address = row.chat_address if sealed is None else sealed
        if wanted.chat is not Often.OFF and not row.chat_address:
            raise WrongInput("The chat has no address.", hint="Enter one, such as slack://TokenA/TokenB/TokenC.")
        session.add(row)
        session.flush()
        for kind in (MAIL, CHAT):
            _follow(session, kind, row)
    return WishesShown(**wanted.model_dump(), has_chat_address=bool(row.chat_address))


def checked_address(address: str) -> str:
    """Apprise's address of a chat. Raises `WrongInput` where the desk would call a host of the member's choice."""
    address = address.strip()
    schema, mark, rest = address.partition("://")
    if schema.lower() not in CHATS or not mark or not rest or not address.isprintable() or len(address) > 1000:
        raise WrongInput("This is no address of a chat.", hint=f"It begins with {'://, '.join(CHATS)}://.")
    return address


def unsubscribe(database: Database, user_id: str) -> None:
    """Send a member no more e-mails about the workspace that `database` is bound to."""
    with database.write() as session:
        session.execute(update(NotificationWish).where(col(NotificationWish.user_id) == user_id).values(mail=Often.OFF))


def plan(session: Session, workspace_id: str, users: Iterable[str]) -> None:
    """Have what `users` are notified of sent to those who wish so, in the transaction of `session`."""
    query = select(NotificationWish).where(NotificationWish.workspace_id == workspace_id)
    for wish in session.exec(query.where(col(NotificationWish.user_id).in_(set(users)))).all():
        for kind in (MAIL, CHAT):
            if session.exec(_waiting(kind, wish)).first() is None:
                _enqueue(session, kind, wish)


def take(database: Database, kind: OutboxKind, claimed: Outbox) -> Digest | None:
    """The message of a claimed row; None when nothing is to be sent, and the row is done.

    database: one that sees every workspace.
    """
    with database.write() as session:
        if outbox.holds(session, claimed) is None:
            return None
        wish = session.get(NotificationWish, claimed.subject_id)
        user, home = _receiver(session, wish) if wish and getattr(wish, kind.name) != Often.OFF else (None, None)
        lines = _lines(session, kind, claimed, wish) if wish and user and home else ()
        if not (wish and user and home and lines):
            outbox.postpone(session, claimed, None)
            return None
        return Digest(
            id=claimed.id, workspace_id=home.id, workspace=home.title or home.name, user_id=user.id, email=user.email,
            chat_address=wish.chat_address, lines=lines,
        )  # fmt: skip


def finish(database: Database, kind: OutboxKind, claimed: Outbox, result: Result) -> None:
    """Record how sending ended. What was given up goes with the next message."""
    with database.write() as session:
        row = outbox.settle(session, kind, claimed, result)
        if row is not None and row.state == "dead":
            own = _COLUMNS[kind.name]
            session.execute(update(Notification).where(own == row.id).values({own.key: None}))
    sent = result.outcome == Outcome.DONE
    _log.info("notifications.sent", by=kind.name, row=claimed.id, taken=sent, answer="" if sent else result.answer)


def _wish(session: Session, workspace_id: str, user_id: str) -> NotificationWish | None:
    query = select(NotificationWish).where(NotificationWish.workspace_id == workspace_id)
    return session.exec(query.where(NotificationWish.user_id == user_id)).one_or_none()


def _person(caller: Caller) -> str:
    if caller.user_id is None:
        raise Forbidden("Only a person has notifications.")
    return caller.user_id


def _waiting(kind: OutboxKind, wish: NotificationWish) -> Any:
    """Asks for the row that waits for its first attempt: it will take further notifications along."""
    unsent = (Outbox.kind == kind.name, Outbox.lane == wish.id, Outbox.state == "waiting", Outbox.attempts == 0)
    return select(Outbox).where(*unsent)


def _enqueue(session: Session, kind: OutboxKind, wish: NotificationWish) -> None:
    if due := _due(session, kind, wish):
        outbox.enqueue(session, kind, wish.workspace_id, lane=wish.id, subject_id=wish.id, due_at=due)


def _follow(session: Session, kind: OutboxKind, wish: NotificationWish) -> None:
    """Have a row that waits sent when the wish says now; without one, what is unread is not sent."""
    due = _due(session, kind, wish)
    for row in session.exec(_waiting(kind, wish)).all():
        row.state, row.due_at = ("waiting", due) if due else ("done", row.due_at)
        session.add(row)


def _due(session: Session, kind: OutboxKind, wish: NotificationWish) -> dt.datetime | None:
    """When the next message of a kind may be sent; None when none is wished for."""
    now, often = clock(session), Often(getattr(wish, kind.name))
    if often is Often.OFF:
        return None
    if often is Often.DAILY:
        return _next(now, wish.hour, ZoneInfo(zone_of(session.get_one(Workspace, wish.workspace_id), settings())))
    sent = select(func.max(Outbox.done_at)).where(Outbox.kind == kind.name, Outbox.lane == wish.id)
    last = session.exec(sent).one()
    return max(now + SOON, last + HOUR) if last else now + SOON


def _next(now: dt.datetime, hour: int, zone: ZoneInfo) -> dt.datetime:
    """The next time at which it is `hour` in `zone`."""
    day = now.astimezone(zone).date()
    times = (dt.datetime.combine(day + dt.timedelta(days=n), dt.time(hour), zone) for n in (0, 1))
    return next(time for time in (time.astimezone(dt.UTC) for time in times) if time > now)


def _receiver(session: Session, wish: NotificationWish) -> tuple[User | None, Workspace | None]:
    """The member and the workspace, while both are there."""
    is_member = select(Membership.id).where(
        Membership.workspace_id == wish.workspace_id, Membership.user_id == wish.user_id
    )
    user, home = session.get(User, wish.user_id), session.get(Workspace, wish.workspace_id)
    is_there = user and not user.deleted_at and home and not home.deleted_at and session.exec(is_member).first()
    return (user, home) if is_there else (None, None)


def _lines(session: Session, kind: OutboxKind, claimed: Outbox, wish: NotificationWish) -> tuple[DigestLine, ...]:
    """The notifications of a message: those it took before, else what is unread and in no message of the kind."""
    own = _COLUMNS[kind.name]
    mine = (col(Notification.workspace_id) == wish.workspace_id, col(Notification.user_id) == wish.user_id)
    if session.exec(select(Notification.id).where(own == claimed.id).limit(1)).first() is None:
        new = update(Notification).where(*mine, own.is_(None), col(Notification.read_at).is_(None))
        session.execute(new.values({own.key: claimed.id}))
    columns: Any = (Notification.kind, Notification.by, Notification.text, Notification.content_id, SubjectRow.title,
                    Content.format)  # fmt: skip
    query = (
        select(*columns)
        .join(Content, col(Content.id) == Notification.content_id)
        .join(SubjectRow, col(SubjectRow.id) == Content.subject_id)
        .where(own == claimed.id)
    )
    rows = session.exec(query.order_by(col(Notification.created_at))).all()
    return tuple(DigestLine(**dict(zip(DigestLine.model_fields, row, strict=True))) for row in rows)
