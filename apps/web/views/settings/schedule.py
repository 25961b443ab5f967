"""When the workspace's morning is made, and what is asked for then."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import available_timezones

from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.desk import configuring
from apps.web import settings_menu
from apps.web.forms import several, text, ticked, validated
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom import formats
from pressroom.errors import PressroomError
from pressroom.model.schedules import WEEK, Schedule
from pressroom.people.permissions import Action

router = page_router(prefix="/schedule")


@router.get("")
def schedule(page: PageDep) -> Response:
    """The schedule, as a form for who may set it."""
    found, is_own = configuring.schedule_of(page.desk, page.database, page.caller)
    return _show(page, _filled(found), is_own=is_own, known=found)


@router.post("")
def set_schedule(page: PageDep, form: FormDep) -> Response:
    """Set it, here and in Prefect; while Prefect is away nothing is changed."""
    page.check(Action.CONFIGURE)
    known, is_own = configuring.schedule_of(page.desk, page.database, page.caller)
    try:
        wanted = _wanted(form, known)
        configuring.set_schedule(page.desk, page.database, page.caller, wanted, seen=text(form, "seen"))
    except PressroomError as error:
        return _show(page, form, is_own=is_own, known=known, error=error)
    return page.go("/settings/schedule", f"Saved. {_next_run(wanted)}")


@router.post("/reset")
def reset(page: PageDep) -> Response:
    """Have it as the desk's own settings say."""
    page.check(Action.CONFIGURE)
    configuring.set_schedule(page.desk, page.database, page.caller, None)
    return page.go("/settings/schedule", "The schedule is the desk's own again.")


def _next_run(found: Schedule) -> str:
    """`Next run: tomorrow, 07:30 (Europe/Berlin).`"""
    now = dt.datetime.now(dt.UTC)
    at = found.next_after(now)
    if at is None:
        return "No run is scheduled."
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"{at:%A}")
    return f"Next run: {day}, {at:%H:%M} ({found.zone})."


def _show(
    page: Page, form: FormData, *, is_own: bool, known: Schedule, error: PressroomError | None = None
) -> Response:
    values: dict[str, Any] = {
        "form": form,
        "days": several(form, "days"),
        "chosen": several(form, "formats"),
        "is_active": ticked(form, "active"),
        "is_own": is_own,
        "known": known,
        "seen": text(form, "seen") or configuring.etag(known),
        "week": WEEK,
        "zones": sorted(available_timezones()),
        "format_names": formats.names(),
        "default": page.desk.settings,
    }
    return settings_menu.show(page, "schedule.html", error=error, **values)


def _filled(found: Schedule) -> FormData:
    """The form as `found` fills it in."""
    asked = found.request
    return FormData(
        [
            ("time", f"{found.time:%H:%M}"),
            ("zone", found.zone),
            ("ideas", str(asked.ideas or "")),
            ("focus", asked.focus),
            *(("days", day) for day in found.days),
            *(("formats", name) for name in asked.formats or ()),
            *([("active", "on")] if found.active else []),
        ]
    )


def _wanted(form: FormData, known: Schedule) -> Schedule:
    """The schedule in the form; the providers, which the form does not show, stay as they are."""
    for name in several(form, "formats"):
        formats.get(name)
    request = {
        **known.request.model_dump(),
        "ideas": text(form, "ideas") or None,
        "formats": several(form, "formats") or None,
        "focus": text(form, "focus"),
    }
    days, active = several(form, "days"), ticked(form, "active")
    asked = {"time": text(form, "time"), "zone": text(form, "zone"), "days": days, "active": active, "request": request}
    return validated(Schedule, asked)
