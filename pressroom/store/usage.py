"""Usage of a workspace's provider calls: tokens and money, by day, provider and format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from pydantic import Field
from sqlalchemy import Date, cast
from sqlmodel import Session, col, func, select

from pressroom.model.base import Frozen
from pressroom.model.calls import MICRO
from pressroom.store.database import Database
from pressroom.store.tables import Content, ProviderCall, utc_now


class Spent(Frozen):
    """Sums over calls. `failed`: calls among them that brought no answer."""

    calls: int = Field(examples=[16])
    failed: int = Field(examples=[1])
    input_tokens: int = Field(examples=[21400])
    output_tokens: int = Field(examples=[6100])
    cached_tokens: int = Field(examples=[0])
    cost_usd: float = Field(examples=[0.0187])


class SpentOn(Spent):
    """`on`: the day, provider, model or purpose that the sums are of."""

    on: str = Field(examples=["openai"])


class FormatCount(Frozen):
    format: str = Field(examples=["linkedin_post"])
    drafts: int = Field(examples=[5])


class Usage(Frozen):
    """The usage from `first` to `last`, both included, in days of UTC."""

    first: dt.date
    last: dt.date
    total: Spent
    by_day: tuple[SpentOn, ...]
    by_provider: tuple[SpentOn, ...]
    by_model: tuple[SpentOn, ...]
    by_purpose: tuple[SpentOn, ...]
    formats: tuple[FormatCount, ...] = Field(description="Drafts that were made, by format.")


def usage_of(database: Database, workspace_id: str, first: dt.date, last: dt.date) -> Usage:
    """The usage of the workspace on these days."""
    since, until = _midnight(first), _midnight(last + dt.timedelta(days=1))
    mine = (*_between(ProviderCall, workspace_id, since, until), col(ProviderCall.status) != "claimed")
    with database.read() as session:
        return Usage(
            first=first,
            last=last,
            total=_total(session, mine),
            by_day=_by(session, mine, _day(session)),
            by_provider=_by(session, mine, col(ProviderCall.provider)),
            by_model=_by(session, mine, col(ProviderCall.model)),
            by_purpose=_by(session, mine, col(ProviderCall.purpose)),
            formats=_formats(session, _between(Content, workspace_id, since, until)),
        )


def spent_today(database: Database, workspace_id: str) -> float:
    """US dollars since midnight UTC, as the day's budget counts them."""
    today = _midnight(utc_now().date())
    mine = (ProviderCall.workspace_id == workspace_id, ProviderCall.created_at >= today)
    with database.read() as session:
        return float(session.exec(select(func.sum(ProviderCall.cost_microusd)).where(*mine)).one() or 0) / MICRO


def _between(table: Any, workspace_id: str, since: dt.datetime, until: dt.datetime) -> tuple[Any, ...]:
    return (table.workspace_id == workspace_id, table.created_at >= since, table.created_at < until)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _day(session: Session) -> Any:
    """The day of UTC a call was made on, as ISO text."""
    made = col(ProviderCall.created_at)
    if session.get_bind().dialect.name == "sqlite":
        return func.date(made)
    return cast(func.timezone("UTC", made), Date)


def _sums() -> tuple[Any, ...]:
    call = ProviderCall
    sums = (call.input_tokens, call.output_tokens, call.cached_tokens, call.cost_microusd)
    return (func.count(), func.count(col(call.error_code)), *(func.coalesce(func.sum(each), 0) for each in sums))


def _total(session: Session, mine: Sequence[Any]) -> Spent:
    return Spent(**_named(session.execute(select(*_sums()).where(*mine)).one()))


def _by(session: Session, mine: Sequence[Any], what: Any) -> tuple[SpentOn, ...]:
    rows = session.execute(select(what, *_sums()).where(*mine).group_by(what).order_by(what)).all()
    return tuple(SpentOn(on=str(row[0]), **_named(row[1:])) for row in rows)


def _named(row: Sequence[Any]) -> dict[str, Any]:
    *counts, micro = row
    names = ("calls", "failed", "input_tokens", "output_tokens", "cached_tokens")
    return {**dict(zip(names, counts, strict=True)), "cost_usd": int(micro) / MICRO}


def _formats(session: Session, mine: Sequence[Any]) -> tuple[FormatCount, ...]:
    form = col(Content.format)
    rows = session.execute(select(form, func.count()).where(*mine).group_by(form).order_by(form)).all()
    return tuple(FormatCount(format=name, drafts=count) for name, count in rows)
