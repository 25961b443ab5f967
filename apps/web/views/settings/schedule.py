"""When the workspace's morning is made, and what is asked for then."""

from __future__ import annotations

import datetime as dt
import difflib
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
from pressroom.errors import PressroomError, WrongInput
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
    return page.go("/settings/schedule", "The desk's default schedule is in use.")


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
        "zone_error": error.message if isinstance(error, UnknownZone) else "",
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


class UnknownZone(WrongInput):
    """The zone's field names no zone."""


def _zone(written: str) -> str:
    """The IANA zone for `written`, which may be a city alone: `Berlin`.

    Raises:
        UnknownZone: no zone is meant, or several may be; names the nearest.
    """
    known = sorted(available_timezones())
    if written in known:
        return written
    cities = {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in known if "/" in name}
    city = written.strip().casefold()
    if city in cities:
        return cities[city]
    near = difflib.get_close_matches(city, cities, n=3, cutoff=0.6)
    hint = (
        f" Did you mean {' or '.join(cities[name] for name in near)}?" if near else " Use a name such as Europe/Berlin."
    )
    raise UnknownZone(f"{written[:60]!r} is not a time zone.{hint}")


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
    asked = {
        "time": text(form, "time"),
        "zone": _zone(text(form, "zone")),
        "days": days,
        "active": active,
        "request": request,
    }
    return validated(Schedule, asked)
