"""The calendar: drafts by the day they were made for, and publications by their time, as a month, a week or a day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from fastapi.responses import Response

from apps.desk import configuring
from apps.web import month
from apps.web.page import Page, PageDep
from apps.web.routing import page_router
from apps.web.today import by_idea
from pressroom.errors import WrongInput
from pressroom.model.schedules import Schedule
from pressroom.model.spans import Span, View, change_of
from pressroom.review.listing import ContentFilter, list_content
from pressroom.review.publication_reading import channels_of, list_publications
from pressroom.review.publication_views import TABS, Tab
from pressroom.store.paging import LONGEST_PAGE

router = page_router(prefix="/calendar")

Written = Annotated[str, Query(max_length=20)]
ChannelId = Annotated[str, Query(max_length=32)]
PATHS: dict[View, str] = {"month": "/calendar", "week": "/calendar/week", "day": "/calendar/day"}


@router.get("")
def whole_month(
    page: PageDep,
    wanted: Annotated[str, Query(alias="month", max_length=20)] = "",
    channel: ChannelId = "",
    show: Written = "",
) -> Response:
    """A month, each day with its ideas and how far their content is, and what goes out."""
    return _show(page, "month", wanted, channel, show)


@router.get("/week")
def week(page: PageDep, day: Written = "", channel: ChannelId = "", show: Written = "") -> Response:
    """A week by the hour, and each day with all of its content."""
    return _show(page, "week", day, channel, show)


@router.get("/day")
def one_day(page: PageDep, day: Written = "", channel: ChannelId = "", show: Written = "") -> Response:
    """A day by the hour, with all of its content."""
    return _show(page, "day", day, channel, show)


def _show(page: Page, view: View, written: str, channel: str, show: str) -> Response:
    today, zone = dt.datetime.now(page.zone).date(), page.zone.key
    span = Span(view=view, wanted=month.read_day(written, today), zone=zone)
    wanted = month.Wanted(channel, _tab(show))
    days = list(month.days_of(page.database, span, _schedule(page), today, wanted).values())
    kept = {name: value for name, value in (("channel", channel), ("show", show)) if value}
    missed = [] if not page.may("publish:write") else list_publications(page.database, states=("missed",))
    values: dict[str, Any] = {
        "span": span, "view": view, "days": days, "today": today, "shown": month.SHOWN, "missed": len(missed),
        "channels": channels_of(page.database), "wanted": wanted, "tabs": TABS, "heading": _heading(span),
        "address_of": lambda other, day: _address(other, day, kept), "has_any": any(_has(day, span) for day in days),
        "changes": {day.day: change_of(day.day, zone) for day in days},
    }  # fmt: skip
    if view != "month":
        content = list_content(
            page.database, ContentFilter(date_from=days[0].day, date_to=days[-1].day), limit=LONGEST_PAGE
        )
        values["ideas"] = {
            each.day: list(by_idea(one for one in content.items if one.day == each.day)) for each in days
        }
        values["hours"] = month.hours_across(days, zone)
    return page.show("calendar/month.html" if view == "month" else "calendar/week.html", **values)


def _address(view: View, day: dt.date | None, kept: dict[str, str]) -> str:
    if day is not None:
        kept = {**({"month": f"{day:%Y-%m}"} if view == "month" else {"day": str(day)}), **kept}
    return f"{PATHS[view]}?{urlencode(kept)}" if kept else PATHS[view]


def _heading(span: Span) -> str:
    first, last = span.days[0], span.days[-1]
    if span.view == "month":
        return f"{span.first:%B %Y}"
    if span.view == "day":
        return f"{first:%A}, {first.day} {first:%B %Y}"
    return f"{first.day} {first:%b} to {last.day} {last:%b} {last.year}"


def _has(day: month.Day, span: Span) -> bool:
    is_own = span.view != "month" or day.day.month == span.first.month
    return is_own and bool(day.total or day.due or day.publications)


def _tab(written: str) -> Tab | Any:
    if written and written not in TABS:
        raise WrongInput("The calendar has no such filter.")
    return written


def _schedule(page: Page) -> Schedule:
    return configuring.schedule_of(page.desk, page.database, page.caller)[0]
