"""Usage: what was spent on what, day by day, and what is left of today's money."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, NamedTuple

from fastapi import Query
from fastapi.responses import Response

from apps.api.routes.usage import LONGEST, budget_of
from apps.web import charts
from apps.web.charts import Chart
from apps.web.page import PageDep
from apps.web.routing import page_router
from apps.web.showing import counted, dollars, short_day
from pressroom.model.calls import MICRO
from pressroom.store import usage
from pressroom.store.tables import utc_now
from pressroom.store.usage import SpentOn, Usage

router = page_router(prefix="/usage")

SPANS = (7, 30, 90)


class DayOfUse(NamedTuple):
    """A day of UTC, with what was spent on it: also on one without a call."""

    day: dt.date
    calls: int
    failed: int
    tokens: int
    microusd: int


@router.get("")
def used(page: PageDep, days: Annotated[int, Query(ge=1, le=LONGEST)] = 30) -> Response:
    """The last days, today included."""
    last = utc_now().date()
    found = usage.usage_of(page.database, page.caller.workspace_id, last - dt.timedelta(days=days - 1), last)
    spent = usage.spent_today(page.database, page.caller.workspace_id)
    by_day = _days(found)
    values: dict[str, Any] = {
        "by_day": by_day,
        "chart": _chart(by_day),
        "budget": budget_of(page.desk.settings, spent),
        "tables": _tables(found),
        "tabs": [(f"/usage?days={span}", f"{span} days", None) for span in SPANS],
    }
    return page.show("usage.html", found=found, days=days, **values)


def _days(found: Usage) -> list[DayOfUse]:
    known = {each.on: each for each in found.by_day}
    span = ((found.first + dt.timedelta(days=offset)) for offset in range((found.last - found.first).days + 1))
    return [_day(day, known.get(day.isoformat())) for day in span]


def _day(day: dt.date, spent: SpentOn | None) -> DayOfUse:
    if spent is None:
        return DayOfUse(day, 0, 0, 0, 0)
    tokens = spent.input_tokens + spent.output_tokens
    return DayOfUse(day, spent.calls, spent.failed, tokens, round(spent.cost_usd * MICRO))


def _chart(by_day: list[DayOfUse]) -> Chart:
    """Money by day, in US dollars."""
    return charts.bars([(each.microusd / MICRO, _said(each)) for each in by_day])


def _said(each: DayOfUse) -> str:
    return f"{short_day(each.day)}: {dollars(each.microusd)}, {counted(each.calls, 'call')}"


def _tables(found: Usage) -> list[tuple[str, str, tuple[SpentOn, ...]]]:
    """(id, heading, rows, the dearest first) of each way the money can be told apart."""
    ways = (("provider", "By provider", found.by_provider), ("model", "By model", found.by_model))
    purposes = ("purpose", "By purpose", found.by_purpose)
    return [(way, title, tuple(sorted(rows, key=lambda row: -row.cost_usd))) for way, title, rows in (*ways, purposes)]
