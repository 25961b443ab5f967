"""Results: how posts did at equal age, when they do best, what they cost and brought, and comparisons."""

from __future__ import annotations

import secrets
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form, Query
from fastapi.responses import Response

from apps.desk import work
from apps.web import results_shown as shown
from apps.web.page import PageDep
from apps.web.routing import page_router
from pressroom import platforms
from pressroom.errors import PressroomError
from pressroom.model.snapshots import ResultsRequest
from pressroom.model.workflows import RESULTS
from pressroom.people.permissions import Action
from pressroom.reports.analytics.posts import MEASURES
from pressroom.review import analytics, comparisons
from pressroom.review.analytics import REPORT_AGES, Wanted

router = page_router(prefix="/results")

SPANS = ((30, "30 days"), (90, "90 days"), (365, "A year"), (0, "All"))


@router.get("")
def results(
    page: PageDep,
    measure: Annotated[str, Query(max_length=40)] = "views",
    age: Annotated[int, Query()] = REPORT_AGES[1],
    days: Annotated[int, Query(ge=0, le=3660)] = 90,
    platform: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """Reports at one age, the best times, the return on cost, and comparisons."""
    wanted = Wanted(measure=measure, age=age, days=days or None, platform=platform)
    found = analytics.make_report(page.database, page.caller, wanted)
    chosen = {"measure": measure, "age": age, "days": days, "platform": platform}
    values: dict[str, Any] = {
        "found": found, "groups": shown.groups_of(found), "chosen": chosen,
        "missing": [(shown.HAVE_WORDS[name], count) for name, count in sorted(found.missing.items())],
        "measures": list(MEASURES.items()),
        "ages": [(each, shown.AGE_TITLES[each]) for each in shown.AGE_TITLES],
        "spans": SPANS,
        "platforms": [("", "All platforms"), *((name, platforms.title(name)) for name in platforms.names())],
        "query": urlencode(chosen), "number": shown.number, "age_title": shown.AGE_TITLES[age],
        "times": analytics.list_times(page.database, page.caller, wanted),
        "returns": analytics.make_returns(page.database, page.caller, wanted),
        "comparisons": comparisons.list_comparisons(page.database, page.caller), "ages_by": shown.AGE_TITLES,
        "key": secrets.token_hex(8),
    }  # fmt: skip
    return page.show("results.html", **values)


@router.post("/collect")
def collect(page: PageDep, key: Annotated[str, Form(max_length=64)]) -> Response:
    """Read the figures that are due. The same form sent twice starts it once."""
    page.check(Action.START_WORK)
    try:
        work.start(page.desk, page.caller, ResultsRequest(), idempotency_key=f"page-{key}", title=RESULTS.title)
    except PressroomError as error:
        return page.go("/results", f"{error} {error.hint or ''}".strip(), "bad")
    return page.go("/results", "Collection queued. Its progress is on Today; load this page again when it is done.")
