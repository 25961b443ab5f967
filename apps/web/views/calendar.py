"""The calendar: content by the day it was made for, as a month or a week."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from apps.desk import configuring
from apps.web import month
from apps.web.page import Page, PageDep
from apps.web.routing import page_router
from apps.web.today import by_idea
from pressroom.model.schedules import Schedule
from pressroom.review.listing import ContentFilter, list_content
from pressroom.store.paging import LONGEST_PAGE

router = page_router(prefix="/calendar")

Written = Annotated[str, Query(max_length=20)]


@router.get("")
def whole_month(page: PageDep, wanted: Annotated[str, Query(alias="month", max_length=20)] = "") -> Response:
    """A month, each day with its ideas and how far their content is."""
    today = _today(page)
    found = month.month_of(page.database, month.read_day(wanted, today), _schedule(page), today)
    days = [each for week in found.weeks for each in week if each.day.month == found.first.month]
    has_any = any(each.total or each.due for each in days)
    return page.show("calendar/month.html", found=found, has_any=has_any, today=today, shown=month.SHOWN)


@router.get("/week")
def week(page: PageDep, day: Written = "") -> Response:
    """A week, each day with all of its content."""
    today = _today(page)
    days = month.week_of(page.database, month.read_day(day, today), _schedule(page), today)
    span = ContentFilter(date_from=days[0].day, date_to=days[-1].day)
    content = list_content(page.database, span, limit=LONGEST_PAGE)
    ideas = {each.day: list(by_idea(one for one in content.items if one.day == each.day)) for each in days}
    seven = dt.timedelta(days=7)
    around: dict[str, Any] = {"before": days[0].day - seven, "after": days[0].day + seven}
    return page.show("calendar/week.html", days=days, ideas=ideas, today=today, **around)


def _today(page: Page) -> dt.date:
    return dt.datetime.now(page.zone).date()


def _schedule(page: Page) -> Schedule:
    return configuring.schedule_of(page.desk, page.database, page.caller)[0]
