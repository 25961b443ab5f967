"""The calendar's feed: a secret address that calendar programs read, without a sign-in; and its making."""

from __future__ import annotations

import datetime as dt

from fastapi.responses import Response

from apps.web.page import Page, PageDep, VisitorDep
from apps.web.publications_shown import SIGNS
from apps.web.routing import page_router
from pressroom import platforms
from pressroom.errors import NotFound, NotSignedIn
from pressroom.people import permissions, service_tokens
from pressroom.people.permissions import Action
from pressroom.people.service_tokens import TokenView
from pressroom.reports.ical import FeedEntry, ical
from pressroom.review.publication_reading import list_publications
from pressroom.review.publication_views import PublicationView
from pressroom.store.database import Database
from pressroom.store.tables import Workspace, utc_now

router = page_router(prefix="/calendar")

NAME = "Calendar feed"
BEFORE, AFTER = dt.timedelta(days=90), dt.timedelta(days=366)
"""Days of the feed, from now."""

CONFIRMED, CANCELLED = {"published", "partial", "mismatch"}, {"missed", "refused", "cancelled", "deleted", "vanished"}


@router.get("/feed")
def address(page: PageDep) -> Response:
    """When the feed's address was made, and a button for a new one."""
    return _show(page)


@router.post("/feed")
def new_address(page: PageDep) -> Response:
    """A new address, shown this once; the old one ends at once."""
    page.check(Action.MANAGE_WORKSPACE)
    for known in _feeds(page):
        service_tokens.revoke(page.database, page.caller, known.id)
    _, token = service_tokens.make(page.database, page.caller, NAME, [Action.READ_CALENDAR])
    return _show(page, str(page.request.url_for("feed", token=token)))


@router.post("/feed/end")
def end(page: PageDep) -> Response:
    """End the feed: its address leads nowhere."""
    page.check(Action.MANAGE_WORKSPACE)
    for known in _feeds(page):
        service_tokens.revoke(page.database, page.caller, known.id)
    return page.go("/calendar/feed", "Feed deleted.")


@router.get("/{token}.ics")
def feed(visitor: VisitorDep, token: str) -> Response:
    """Publications as a calendar: titles, times and states, and nothing else."""
    try:
        caller = service_tokens.caller_of(visitor.desk.database, token, visitor.origin)
    except NotSignedIn:
        raise _not_there() from None
    if not permissions.may(caller, Action.READ_CALENDAR):
        raise _not_there()
    database = visitor.desk.database.within(caller.workspace_id)
    with database.read() as session:
        home = session.get_one(Workspace, caller.workspace_id)
    written = ical(f"{home.title or home.name}: publications", map(_entry, _lines(database)))
    headers = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    return Response(written, media_type="text/calendar; charset=utf-8", headers=headers)


def _lines(database: Database) -> list[PublicationView]:
    now = utc_now()
    return list_publications(database, between=(now - BEFORE, now + AFTER), limit=5000)


def _entry(line: PublicationView) -> FeedEntry:
    title = f"{platforms.title(line.platform)}: {line.title} ({SIGNS[line.state].title})"
    state = line.state.value
    is_out, is_over = state in CONFIRMED, state in CANCELLED
    return FeedEntry(
        id=line.id, at=line.at, changed_at=line.updated_at, title=title,
        status="confirmed" if is_out else "cancelled" if is_over else "tentative",
    )  # fmt: skip


def _feeds(page: Page) -> list[TokenView]:
    known = service_tokens.list_tokens(page.database, page.caller)
    return [token for token in known if token.scopes == [Action.READ_CALENDAR]]


def _show(page: Page, made: str = "") -> Response:
    feeds = _feeds(page) if page.may(Action.MANAGE_WORKSPACE) else []
    return page.show("calendar/feed.html", feeds=feeds, made=made)


def _not_there() -> NotFound:
    return NotFound("There is no calendar at this address.", hint="An owner can make a new address on the calendar.")
