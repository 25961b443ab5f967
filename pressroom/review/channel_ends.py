"""The end of sign-ins: renewed while that can be, told 14, 7 and 1 days before where only a person can."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from pressroom import logs
from pressroom.errors import PressroomError
from pressroom.publishers.ledger.access import Access, ends_at, warning_due
from pressroom.review.channel_view import WARNED, days_left, life_of, name_of, trouble_of
from pressroom.store import events
from pressroom.store.database import Database
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow

_log = logs.get_logger("pressroom.publishing")


def warn_of_ends(database: Database, access: Access) -> list[str]:
    """Renew sign-ins that end within 14 days, and note `channel.expiring` for those that only a person can renew.

    Returns a sentence for each warning. Done again, it warns once of each step: 14, 7 and 1 days before. database: one
    that sees every workspace.
    """
    with database.read() as session:
        now = clock(session)
        ending = [row for row in session.exec(_with_end()).all() if (end := ends_at(row)) and end - now <= WARNED]
    for row in ending:
        if row.refreshable:
            _renew(access, row)
    with database.write() as session:
        rows = session.exec(_with_end().with_for_update()).all()
        return [_warn(session, row, now) for row in rows if warning_due(row, now) is not None]


def _renew(access: Access, row: ChannelRow) -> None:
    try:
        access.refresh(row)
    except PressroomError as error:
        _log.info("sign_in_not_renewed", channel=row.id, code=error.code)


def _warn(session: Session, row: ChannelRow, now: datetime) -> str:
    row.told_on = now
    session.add(row)
    about = {"channel_id": row.id, "platform": row.platform, "days": days_left(row, now)}
    events.emit(session, row.workspace_id, "channel.expiring", about)
    return f"{name_of(row)}: {life_of(row, now)} Connect it again before that, in Settings, Channels."


def troubles(database: Database) -> list[str]:
    """A sentence for each channel that can't publish, or whose sign-in ends within 14 days, of all workspaces."""
    with database.read() as session:
        now = clock(session)
        rows = session.exec(select(ChannelRow).where(ChannelRow.state != "removed")).all()
        return [f"{name_of(row)}: {problem.message}" for row in rows if (problem := trouble_of(row, now))]


def count(database: Database) -> int:
    """The number of channels of all workspaces."""
    with database.read() as session:
        return session.exec(select(func.count()).where(ChannelRow.state != "removed")).one()


def _with_end() -> Any:
    has_end = col(ChannelRow.expires_at).is_not(None) | col(ChannelRow.refresh_expires_at).is_not(None)
    return select(ChannelRow).where(ChannelRow.state == "connected", has_end)
