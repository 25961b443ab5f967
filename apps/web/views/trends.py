"""Trends: topics over time and the sources behind them; opportunities to take or dismiss, and the rules that do."""

from __future__ import annotations

import re
import secrets
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form, Query
from fastapi.responses import Response
from pydantic import ValidationError

from apps.desk import configuring, work
from apps.web import charts
from apps.web.page import Page, PageDep
from apps.web.routing import page_router
from pressroom.errors import PressroomError, WrongInput
from pressroom.model import TrendsRequest
from pressroom.model.trends import OpportunityState, TrendWishes
from pressroom.model.workflows import TRENDS
from pressroom.people.permissions import Action
from pressroom.review import trends
from pressroom.review.trends import RuleWish, TopicView
from pressroom.sources.trends import title_of

router = page_router()

MOST = 100
SECTIONS = (
    ("/trends", "Opportunities", None),
    ("/trends/topics", "Topics", None),
    ("/trends/sources", "Sources", None),
)
STATES = {
    OpportunityState.OPEN: "Open",
    OpportunityState.TAKEN: "Taken",
    OpportunityState.DISMISSED: "Dismissed",
    OpportunityState.EXPIRED: "Expired",
}
MOVES = {
    OpportunityState.TAKEN: (trends.take, "Taken: the next daily run writes about"),
    OpportunityState.DISMISSED: (trends.dismiss, "Dismissed for 30 days:"),
    OpportunityState.OPEN: (trends.give_back, "Open again:"),
}
"""By target: the move, and the beginning of its message."""
PARTS = (
    ("volume", "Volume", "Compared with what each source usually counts"),
    ("velocity", "Velocity", "How much faster it grows than is usual there"),
    ("freshness", "Freshness", "How new the newest signal is"),
    ("breadth", "Breadth", "How many kinds of sources and publishers name it"),
    ("fit", "Fit", "To this workspace's topics and audience"),
    ("covered", "Covered", "How much of it this workspace has written in 30 days"),
)
"""Parts of a score: name, title, meaning."""


@router.get("/trends/topics")
def topics(
    page: PageDep,
    region: Annotated[str, Query(pattern="^([A-Z]{2}|world)?$")] = "",
    category: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The topics of the last two days, the highest trend first."""
    every = trends.list_topics(page.database, page.caller, limit=MOST)
    place = {"": None, "world": ""}.get(region, region)
    found = [one for one in every if place is None or one.region == place]
    found = [one for one in found if not category or one.category == category]
    values: dict[str, Any] = {
        "lines": [(one, _line(one)) for one in found],
        "regions": _tabs(sorted({one.region or "world" for one in every}), "region", category=category),
        "categories": sorted({one.category for one in every}),
        "here": _address(region=region, category=category),
        "region": region,
        "category": category,
        "sections": SECTIONS,
        "key": secrets.token_hex(8),
    }
    return page.show("trends/topics.html", **values)


@router.get("/trends/sources")
def sources(page: PageDep) -> Response:
    """Every source of trends with its health, price and terms."""
    found = trends.list_sources(page.database, page.caller, page.desk.settings.trends)
    wishes = configuring.trends_of(page.database, page.caller)
    return page.show(
        "trends/sources.html", found=found, wishes=wishes, sections=SECTIONS, key=secrets.token_hex(8),
        defaults=page.desk.settings.trends,
    )  # fmt: skip


@router.post("/trends/settings")
def save_settings(
    page: PageDep,
    regions: Annotated[str, Form(max_length=200)] = "",
    feeds: Annotated[str, Form(max_length=20_000)] = "",
    share: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """The workspace's own regions, feeds and share; an empty field leaves it to the desk's settings."""
    page.check(Action.CONFIGURE)
    now = configuring.trends_of(page.database, page.caller)
    try:
        chosen = {"regions": tuple(re.split(r"[\s,]+", regions.strip().upper())) if regions.strip() else None,
                  "feeds": tuple(feeds.split()) or None,
                  "share": _share(share), "sources": now.sources}  # fmt: skip
        configuring.set_trends(page.database, page.caller, TrendWishes.model_validate(chosen))
    except ValidationError:
        return page.go("/trends/sources", "At most 20 countries and 100 feeds can be collected.", "bad")
    except PressroomError as error:
        return page.go("/trends/sources", f"{error} {error.hint or ''}".strip(), "bad")
    return page.go("/trends/sources", "Saved. It counts from the next collection on.")


@router.post("/trends/collect")
def collect(
    page: PageDep, key: Annotated[str, Form(max_length=64)], example: Annotated[bool, Form()] = False
) -> Response:
    """Ask the sources now. The same form sent twice starts one collection."""
    page.check(Action.START_WORK)
    try:
        work.start(page.desk, page.caller, TrendsRequest(example=example), idempotency_key=f"page-{key}",
                   title=TRENDS.title)  # fmt: skip
    except PressroomError as error:
        return page.go("/trends/topics", f"{error} {error.hint or ''}".strip(), "bad")
    return page.go(
        "/trends/topics", "Collection queued. Its progress is on Today; load this page again when it is done."
    )


@router.get("/trends/topics/{topic_id}")
def topic(page: PageDep, topic_id: str) -> Response:
    """One topic: its line over time, the parts of its score, what each source says."""
    found = trends.get_topic(page.database, page.caller, topic_id)
    return page.show(
        "trends/topic.html",
        found=found,
        line=_line(found, width=600, height=140),
        parts=PARTS,
        title_of_source=title_of,
    )


@router.get("/trends")
def opportunities(page: PageDep, state: OpportunityState = OpportunityState.OPEN) -> Response:
    """Opportunities in a state, the best first, and the rules."""
    found = trends.list_opportunities(page.database, page.caller, states=(state,), limit=MOST)
    values: dict[str, Any] = {
        "found": found,
        "state": state,
        "tabs": [(f"/trends?state={each}", title, None) for each, title in STATES.items()],
        "here": f"/trends?state={state}",
        "rules": trends.list_rules(page.database, page.caller),
        "sections": SECTIONS,
        "key": secrets.token_hex(8),
    }
    return page.show("trends/opportunities.html", **values)


@router.post("/trends/rules")
def save_rule(
    page: PageDep,
    name: Annotated[str, Form(max_length=63)],
    least_score: Annotated[str, Form(max_length=8)] = "70",
    most_a_day: Annotated[str, Form(max_length=4)] = "1",
    categories: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Make a rule, or change the one of that name."""
    page.check(Action.CONFIGURE)
    try:
        wish = _wish(name, least_score, most_a_day, categories)
    except WrongInput as error:
        return page.go("/trends", f"{error} {error.hint or ''}".strip(), "bad")
    rule = trends.save_rule(page.database, page.caller, name.strip(), wish)
    return page.go("/trends", f"Rule {rule.name} saved. It is applied after each collection.")


@router.post("/trends/rules/{name}/remove")
def remove_rule(page: PageDep, name: str) -> Response:
    """Remove a rule."""
    page.check(Action.CONFIGURE)
    trends.remove_rule(page.database, page.caller, name)
    return page.go("/trends", f"Rule {name} removed. What it has taken stays taken.")


@router.get("/trends/opportunities/{opportunity_id}")
def opportunity(page: PageDep, opportunity_id: str) -> Response:
    """One opportunity with the signals behind it."""
    found = trends.get_opportunity(page.database, page.caller, opportunity_id)
    return page.show("trends/opportunity.html", found=found, parts=PARTS, title_of=STATES, title_of_source=title_of)


@router.post("/trends/opportunities/{opportunity_id}/take")
def take(page: PageDep, opportunity_id: str) -> Response:
    """Have the next daily run write about it."""
    return _move(page, opportunity_id, OpportunityState.TAKEN)


@router.post("/trends/opportunities/{opportunity_id}/dismiss")
def dismiss(page: PageDep, opportunity_id: str) -> Response:
    """Leave its topic alone for 30 days."""
    return _move(page, opportunity_id, OpportunityState.DISMISSED)


@router.post("/trends/opportunities/{opportunity_id}/give-back")
def give_back(page: PageDep, opportunity_id: str) -> Response:
    """Open a taken one again."""
    return _move(page, opportunity_id, OpportunityState.OPEN)


def _move(page: Page, opportunity_id: str, target: OpportunityState) -> Response:
    page.check(Action.EDIT_CONTENT)
    move, done = MOVES[target]
    try:
        found = move(page.database, page.caller, opportunity_id)
    except WrongInput as error:
        return page.go("/trends", f"{error} {error.hint or ''}".strip(), "bad")
    return page.go("/trends", f"{done} “{found.title}”.")


def _share(percent: str) -> float | None:
    """A share of 1 from percent; None for an empty field. Raises WrongInput."""
    if not percent.strip():
        return None
    if not percent.strip().isdecimal() or int(percent) > 100:
        raise WrongInput(f"{percent!r} is no share.", hint="Give a number from 0 to 100.")
    return int(percent) / 100


def _wish(name: str, least_score: str, most_a_day: str, categories: str) -> RuleWish:
    """The rule that a form asks for. Raises WrongInput, naming the field."""
    if not trends.is_rule_name(name.strip()):
        raise WrongInput(f"{name[:63]!r} is no name for a rule.", hint="Use small letters, digits and hyphens.")
    chosen = [each.strip() for each in categories.split(",") if each.strip()]
    try:
        return RuleWish.model_validate({"least_score": least_score, "most_a_day": most_a_day, "categories": chosen})
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0]).replace("_", " ")
        raise WrongInput(
            f"The rule's {field} is invalid.", hint="Scores are 0 to 100, numbers a day 1 to 100."
        ) from None


def _tabs(places: list[str], name: str, **rest: str) -> list[tuple[str, str, None]]:
    named = [(_address(**{name: place}, **rest), "World" if place == "world" else place, None) for place in places]
    return [(_address(**rest), "All regions", None), *named]


def _address(**chosen: str) -> str:
    query = urlencode({name: value for name, value in sorted(chosen.items()) if value})
    return f"/trends/topics?{query}" if query else "/trends/topics"


def _line(found: TopicView, *, width: float = 96, height: float = 28) -> charts.Curve:
    return charts.curve([point.trend for point in found.line], top=100, width=width, height=height)
