"""Publications: by what is to be done with them, and each with its parts, its timeline and its moves."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import Form, Query
from fastapi.responses import Response

from apps.desk.platforms import access_of
from apps.web import publications_shown as shown
from apps.web.page import Page, PageDep, local
from apps.web.results_shown import curve_of
from apps.web.routing import page_router
from pressroom import platforms
from pressroom.errors import PressroomError, WrongInput
from pressroom.model.publication_states import MOVES, STATES, WHOLES
from pressroom.people.permissions import Action
from pressroom.publishers.ledger.planning import When
from pressroom.review import publication_reading as reading
from pressroom.review import publications
from pressroom.review.publication_reading import PublicationShown
from pressroom.review.publication_views import TABS, Tab
from pressroom.review.publications import Decision

router = page_router(prefix="/publications")

PAGE = 50
Version = Annotated[int, Form()]
Back = Annotated[str, Form(max_length=500)]
At = Annotated[Literal["exact", "next_free", "now"], Form()]


@router.get("")
def listed(
    page: PageDep,
    tab: Annotated[str, Query(max_length=16)] = "needs",
    channel: Annotated[str, Query(max_length=32)] = "",
    skip: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """The publications of a tab; without one, what needs a person."""
    if tab not in TABS:
        raise WrongInput("There is no such list of publications.")
    counts = reading.count_publications(page.database, channel)
    chosen: Tab = tab  # type: ignore[assignment]
    lines = reading.list_publications(page.database, tab=chosen, channel_id=channel, offset=skip, limit=PAGE + 1)
    tail = f"&channel={channel}" if channel else ""
    tabs = [(f"/publications?tab={name}{tail}", title, counts[name]) for name, (title, _) in TABS.items()]
    more = f"/publications?tab={tab}{tail}&skip={skip + PAGE}" if len(lines) > PAGE else ""
    values: dict[str, Any] = {"tabs": tabs, "here": f"/publications?tab={tab}{tail}", "tab": tab, "more_at": more}
    channels = reading.channels_of(page.database)
    return page.show("publications/list.html", lines=lines[:PAGE], channels=channels, channel=channel, **values)


@router.get("/states")
def states(page: PageDep) -> Response:
    """The table of states and moves, for people."""
    return page.show("publications/states.html", wholes=WHOLES, states=STATES, moves=MOVES)


@router.get("/{publication_id}")
def publication(page: PageDep, publication_id: str) -> Response:
    """One publication."""
    found = reading.show_publication(page.database, publication_id)
    values: dict[str, Any] = {"offers": {each.act: each for each in found.offers}, "posts": len(found.approved.posts)}
    values["steps"] = shown.steps(found, platforms.title(found.channel.platform))
    values |= {"compared": shown.compared(found), "permalink": shown.web_address(found.row.permalink)}
    values["figures"] = curve_of(page.database, found.row.id)
    return page.show("publications/publication.html", found=found, slot=_next_slot(page, found), **values)


@router.post("/again")
def plan_again(page: PageDep, back: Back = "/publications?tab=over") -> Response:
    """Give every missed publication a free slot of its channel, in order."""
    page.check(Action.PUBLISH)
    try:
        moved, full = publications.plan_missed_again(page.database, page.caller)
    except PressroomError as error:
        return _refused(page, back, error)
    said = f"{moved} planned again." + (f" {full} found no free slot: add slots to the channel." if full else "")
    return page.go(local(back), said, "good" if moved else "bad")


@router.post("/pause")
def pause(page: PageDep, on: Annotated[bool, Form()], back: Back = "/calendar") -> Response:
    """Stop publishing in the whole workspace, or go on."""
    page.check(Action.PUBLISH)
    publications.pause(page.database, page.caller, on=on)
    said = (
        "Publishing is paused. Nothing goes out."
        if on
        else "Publishing resumed. Posts that are too late by now are marked as missed."
    )
    return page.go(local(back), said)


@router.post("/{publication_id}/move")
def move(
    page: PageDep,
    publication_id: str,
    version: Version,
    at: At = "exact",
    day: Annotated[str, Form(max_length=16)] = "",
    time: Annotated[str, Form(max_length=8)] = "",
    back: Back = "",
) -> Response:
    """Another time: also for one that ended with nothing public."""
    page.check(Action.PUBLISH)
    back = back or f"/publications/{publication_id}"
    try:
        wanted: Any = shown.asked_time(day, time) if at == "exact" else at
        row = publications.move(page.database, page.caller, publication_id, wanted, version=version)
    except PressroomError as error:
        return _refused(page, back, error)
    wall = dt.datetime.fromisoformat(row.planned_wall)
    return page.go(local(back), "Publishing now." if at == "now" else f"Planned for {wall:%a %d %b at %H:%M}.")


@router.post("/{publication_id}/cancel")
def cancel(page: PageDep, publication_id: str, version: Version, back: Back = "") -> Response:
    """Off the plan."""
    page.check(Action.PUBLISH)
    back = back or f"/publications/{publication_id}"
    try:
        publications.cancel(page.database, page.caller, publication_id, version=version)
    except PressroomError as error:
        return _refused(page, back, error)
    return page.go(local(back), "Publication cancelled.")


@router.post("/{publication_id}/decide")
def decide(
    page: PageDep,
    publication_id: str,
    version: Version,
    decision: Annotated[Decision, Form()],
    permalink: Annotated[str, Form(max_length=2000)] = "",
    remote_id: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """A person's word on what only a person can tell."""
    page.check(Action.PUBLISH)
    here, address = f"/publications/{publication_id}", permalink.strip()
    try:
        if address and not shown.web_address(address):
            raise WrongInput("The address can't be read.", hint="Copy it from the browser: it begins with https://.")
        publications.decide(
            page.database, page.caller, publication_id, decision, permalink=address, remote_id=remote_id,
            version=version,
        )  # fmt: skip
    except PressroomError as error:
        return _refused(page, here, error)
    said = {"there": "Marked as published.", "send": "Sending it again.", "leave": "Marked as not published."}
    return page.go(here, said[decision])


@router.post("/{publication_id}/accept")
def accept(page: PageDep, publication_id: str, version: Version) -> Response:
    """Leave what is public as it is."""
    page.check(Action.PUBLISH)
    here = f"/publications/{publication_id}"
    try:
        publications.accept(page.database, page.caller, publication_id, version=version)
    except PressroomError as error:
        return _refused(page, here, error)
    return page.go(here, "Accepted as it is.")


@router.post("/{publication_id}/delete")
def delete(page: PageDep, publication_id: str, version: Version) -> Response:
    """Take it down at the platform."""
    page.check(Action.PUBLISH)
    here = f"/publications/{publication_id}"
    try:
        access = access_of(page.desk, page.database)
        publications.delete(page.database, page.caller, access, publication_id, version=version)
    except PressroomError as error:
        return _refused(page, here, error)
    return page.go(here, "Taken down at the platform.")


def _next_slot(page: Page, found: PublicationShown) -> dt.datetime | None:
    """The next free slot of its channel; None when its queue is full."""
    try:
        with page.database.read() as session:
            return When.next_free(session, found.channel, page.zone.key).at
    except WrongInput:
        return None


def _refused(page: Page, back: str, error: PressroomError) -> Response:
    return page.go(local(back), str(error), "bad")
