"""A channel as it is shown: without secrets, with what is wrong with it, and how long its sign-in holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field
from sqlalchemy import func
from sqlmodel import Session, col, select

from pressroom import platforms, publishers
from pressroom.model import Frozen
from pressroom.model.publication_states import PublicationState
from pressroom.model.publishing import Account
from pressroom.model.slots import Slot
from pressroom.publishers.ledger.access import DOUBTED, WARNINGS, ends_at, missing_scopes
from pressroom.publishers.ledger.approving import channel_of
from pressroom.publishers.ledger.planning import slots_of
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow, Publication

AHEAD = (PublicationState.PLANNED, PublicationState.WORKING, PublicationState.NEEDS_ACCOUNT)
"""States of publications that are still to go out."""

WARNED = WARNINGS[0]


class Trouble(Frozen):
    """A reason why a channel can't publish, and the next step."""

    code: str = Field(examples=["token_revoked"])
    message: str
    hint: str = ""


class ChannelShown(Frozen):
    """A channel without its secrets."""

    id: str
    platform: str = Field(examples=["bluesky"])
    platform_title: str = Field(examples=["Bluesky"])
    account: Account
    host: str = Field(default="", description="The server it lives on, for platforms of many servers.")
    state: str = Field(description="`connected` or `needs_account`.", examples=["connected"])
    problem: Trouble | None = None
    scopes: tuple[str, ...] = Field(description="Granted; empty where the platform does not tell.")
    missing_scopes: tuple[str, ...] = Field(description="Needed and not granted.")
    sign_in: str = Field(description="How long the sign-in holds.", examples=["Renews itself."])
    sign_in_ends_at: datetime | None = Field(description="When only a person can renew it; null: no known end.")
    slots: tuple[Slot, ...]
    spacing_minutes: int = Field(description="At least so long between two posts.")
    late_minutes: int = Field(description="So long after its time a post still goes out; 0: always.")
    automatic: str = Field(description="When an approved draft is planned by itself: empty, `next_free` or `now`.")
    utm: dict[str, str] = Field(description="Parameters that links get, without `utm_`; empty: links stay as they are.")
    disclosure: str = Field(description="A line below posts that a model wrote, where the platform has no flag for it.")
    paused: bool
    settings: dict[str, Any] = Field(description="The platform's own, e.g. a Pinterest board.")
    planned: int = Field(description="Publications that are still to go out.")
    version: int
    created_at: datetime
    updated_at: datetime


def show(session: Session, row: ChannelRow) -> ChannelShown:
    return view_of(row, ahead_of(session, [row.id]).get(row.id, 0), clock(session))


def ahead_of(session: Session, channel_ids: Sequence[str]) -> dict[str, int]:
    query = select(Publication.channel_id, func.count()).where(
        col(Publication.channel_id).in_(channel_ids), col(Publication.state).in_(AHEAD)
    )
    return dict(session.exec(query.group_by(col(Publication.channel_id))).all())


def view_of(row: ChannelRow, planned: int, now: datetime) -> ChannelShown:
    plain = row.model_dump(
        include={"id", "platform", "host", "state", "spacing_minutes", "late_minutes", "automatic", "utm", "paused",
                 "disclosure", "settings", "version", "created_at", "updated_at"}
    )  # fmt: skip
    return ChannelShown(
        **plain, platform_title=platforms.title(row.platform), account=channel_of(row).account,
        problem=trouble_of(row, now), scopes=tuple(row.scopes), missing_scopes=missing_scopes(row),
        sign_in=life_of(row, now), sign_in_ends_at=ends_at(row), slots=tuple(slots_of(row)), planned=planned,
    )  # fmt: skip


def trouble_of(row: ChannelRow, now: datetime) -> Trouble | None:
    if row.state == "needs_account":
        return Trouble(code=row.problem_code, message=row.problem, hint="Connect the channel again.")
    if row.problem_code == DOUBTED:
        return Trouble(code=DOUBTED, message=row.problem, hint="Connect the channel again, unless its check works.")
    if lacking := lacking_settings(row):
        return Trouble(code="setting_missing", message=f"{lacking[0]} is not chosen.", hint="Choose it in the channel.")
    end = ends_at(row)
    if end is not None and end - now <= WARNED:
        return Trouble(code="sign_in_ends", message=life_of(row, now), hint="Connect it again before that.")
    return None


def life_of(row: ChannelRow, now: datetime) -> str:
    end = ends_at(row)
    if end is None:
        return "Renews itself." if row.refreshable else "Holds until it is revoked at the platform."
    if end <= now:
        return f"The sign-in ended on {end:%Y-%m-%d}."
    if row.refreshable and end - now > WARNED:
        return f"Renews itself until {end:%Y-%m-%d}; after that a person signs in again."
    days = days_left(row, now)
    left = "1 day" if days == 1 else f"{days} days"
    return f"The sign-in ends on {end:%Y-%m-%d}, in {left}, and only a person can renew it."


def days_left(row: ChannelRow, now: datetime) -> int:
    end = ends_at(row)
    return 0 if end is None else -((now - end) // timedelta(days=1))


def name_of(row: ChannelRow) -> str:
    return f"{platforms.title(row.platform)} {row.name}"


def lacking_settings(row: ChannelShown | ChannelRow) -> tuple[str, ...]:
    """Titles of settings without which nothing can be published."""
    fields = publishers.get(row.platform).settings.model_fields
    return tuple(
        field.title or name for name, field in fields.items() if field.is_required() and not row.settings.get(name)
    )
