"""Usage: tokens, money and calls, by day, provider and format; and what is left of the day's money."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from apps.api.paging import answer
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.problems import responses
from pressroom.errors import WrongInput
from pressroom.people.permissions import Action
from pressroom.settings import Settings
from pressroom.store import usage
from pressroom.store.tables import utc_now
from pressroom.store.usage import Usage

router = APIRouter(prefix="/usage", tags=["usage"], dependencies=[requires(Action.READ)])

DAYS = 30
LONGEST = 366


class Budget(BaseModel):
    """The budget in US dollars; null: no limit. A day begins at midnight UTC."""

    run_usd: float | None = Field(description="What one run may spend.")
    day_usd: float | None = Field(description="What the workspace may spend in a day.")
    spent_today_usd: float
    left_today_usd: float | None


class UsageView(Usage):
    """The workspace's usage, and today's budget."""

    budget: Budget


@router.get("", response_model=UsageView, responses=responses(304))
def get_usage(
    request: Request,
    desk: DeskDep,
    database: DbDep,
    caller: CallerDep,
    date_from: Annotated[dt.date | None, Query(description="Default: 30 days back.")] = None,
    date_to: Annotated[dt.date | None, Query(description="Included; default: today.")] = None,
) -> Response:
    """Return the workspace's usage, by days in UTC."""
    last = date_to or utc_now().date()
    first = date_from or last - dt.timedelta(days=min(DAYS - 1, (last - dt.date.min).days))
    if not 0 <= (last - first).days < LONGEST or last >= dt.date.max:
        raise WrongInput(f"{first} to {last} is not a span of 1 to {LONGEST} days.")
    found = usage.usage_of(database, caller.workspace_id, first, last)
    spent = usage.spent_today(database, caller.workspace_id)
    return answer(request, UsageView(**dict(found), budget=budget_of(desk.settings, spent)))


def budget_of(settings: Settings, spent: float) -> Budget:
    """The budget that the settings allow, after `spent` US dollars today."""
    day = settings.day_budget_usd or None
    return Budget(
        run_usd=settings.run_budget_usd or None,
        day_usd=day,
        spent_today_usd=spent,
        left_today_usd=max(0.0, day - spent) if day else None,
    )
