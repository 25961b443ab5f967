"""Channels: the accounts that content is published to, how each is connected, and how it behaves."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.desk.platforms import access_of, redirect_of
from apps.web import settings_menu
from apps.web.forms import text, ticked, validated
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom import platforms, publishers
from pressroom.errors import PressroomError, WrongInput
from pressroom.model.schedules import WEEK
from pressroom.people.permissions import Action
from pressroom.publishers.sending.publisher import OAuth
from pressroom.review import channels as domain
from pressroom.review import connecting
from pressroom.review.analytics import times_of_channel
from pressroom.review.channel_view import ChannelShown
from pressroom.review.channels import ChannelChange
from pressroom.review.connectable import Connectable, connectable, publisher_of

router = page_router(prefix="/channels")

HERE = "/settings/channels"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AUTOMATIC = (
    ("", "Plan approved drafts by hand"),
    ("next_free", "Plan them in the next free slot once approved"),
    ("now", "Send them as soon as they are approved"),
)
_TIMES = re.compile(r"[\s,;]+")


@router.get("")
def channels(page: PageDep) -> Response:
    """The channels, and the platforms that can be connected."""
    return _list(page)


@router.post("/connect")
def connect(page: PageDep, form: FormDep) -> Response:
    """Begin a connection by OAuth; a link then leads to the platform, since no form of ours may lead elsewhere."""
    page.check(Action.MANAGE_CHANNELS)
    platform = text(form, "platform")
    try:
        redirect = redirect_of(page.desk, publisher_of(platform).platform)
        address = connecting.begin(
            page.database, page.caller, page.desk.vault, access_of(page.desk, page.database), platform,
            browser=page.secret, redirect=redirect, channel_id=text(form, "channel"),
        )  # fmt: skip
    except PressroomError as error:
        return _list(page, error)
    way = publishers.get(platform).connection
    scopes = way.scopes if isinstance(way, OAuth) else ()
    values: dict[str, Any] = {
        "title": platforms.title(platform),
        "address": address,
        "host": urlsplit(address).hostname,
    }
    return settings_menu.show(page, "channel-away.html", redirect=redirect, scopes=scopes, **values)


@router.get("/new/{platform}")
def new(page: PageDep, platform: str, channel: str = "") -> Response:
    """The form that asks for a name and a secret."""
    page.check(Action.MANAGE_CHANNELS)
    return _new(page, platform, channel, FormData())


@router.post("/new/{platform}")
def sign_in(page: PageDep, platform: str, form: FormDep) -> Response:
    """Connect an account by a name and a secret."""
    page.check(Action.MANAGE_CHANNELS)
    again = text(form, "channel")
    given = {each.name: text(form, each.name) for each in _way(page, platform).asks}
    try:
        channel_id = connecting.sign_in(
            page.database, page.caller, page.desk.vault, access_of(page.desk, page.database), platform, given,
            server=text(form, "server"), channel_id=again,
        )  # fmt: skip
    except PressroomError as error:
        return _new(page, platform, again, form, error)
    return page.go(f"{HERE}/{channel_id}", "Account connected.")


@router.get("/choose/{sign_in_id}")
def choices(page: PageDep, sign_in_id: str) -> Response:
    """The accounts that a connection led to."""
    page.check(Action.MANAGE_CHANNELS)
    platform, accounts = connecting.choices_of(page.database, page.desk.vault, sign_in_id, browser=page.secret)
    values: dict[str, Any] = {"title": platforms.title(platform), "accounts": accounts, "sign_in_id": sign_in_id}
    return settings_menu.show(page, "channel-choose.html", **values)


@router.post("/choose/{sign_in_id}")
def choose(page: PageDep, sign_in_id: str, form: FormDep) -> Response:
    """Connect the chosen one."""
    page.check(Action.MANAGE_CHANNELS)
    channel_id = connecting.choose(
        page.database, page.caller, page.desk.vault, access_of(page.desk, page.database), sign_in_id,
        text(form, "account"), browser=page.secret,
    )  # fmt: skip
    return page.go(f"{HERE}/{channel_id}", "Account connected.")


@router.get("/{channel_id}")
def channel(page: PageDep, channel_id: str) -> Response:
    """One channel, with its settings."""
    return _channel(page, domain.get(page.database, channel_id))


@router.post("/{channel_id}")
def change(page: PageDep, channel_id: str, form: FormDep) -> Response:
    """Other slots or settings."""
    page.check(Action.MANAGE_CHANNELS)
    found = domain.get(page.database, channel_id)
    try:
        wanted = validated(ChannelChange, _change(found, form))
        domain.change(page.database, page.caller, found.id, wanted, version=int(text(form, "version") or 0))
    except PressroomError as error:
        return _channel(page, found, form, error)
    return page.go(f"{HERE}/{found.id}", "Channel saved.")


@router.post("/{channel_id}/pause")
def pause(page: PageDep, channel_id: str, form: FormDep) -> Response:
    """Send nothing more on it, or go on."""
    page.check(Action.MANAGE_CHANNELS)
    paused = text(form, "paused") == "true"
    domain.change(page.database, page.caller, channel_id, ChannelChange(paused=paused))
    said = "Channel paused. Nothing is sent on it." if paused else "Channel resumed."
    return page.go(f"{HERE}/{channel_id}", said)


@router.post("/{channel_id}/check")
def check(page: PageDep, channel_id: str) -> Response:
    """Ask the platform if the sign-in holds."""
    page.check(Action.MANAGE_CHANNELS)
    done = domain.check(page.database, page.caller, access_of(page.desk, page.database), channel_id)
    if done.works:
        return page.go(f"{HERE}/{channel_id}", f"The sign-in works. {done.quota}".strip())
    problem = done.channel.problem
    return page.go(f"{HERE}/{channel_id}", problem.message if problem else "The sign-in does not work.", "bad")


@router.post("/{channel_id}/remove")
def remove(page: PageDep, channel_id: str) -> Response:
    """Forget its secrets, and cancel what is planned."""
    page.check(Action.MANAGE_CHANNELS)
    try:
        cancelled = domain.remove(page.database, page.caller, channel_id)
    except PressroomError as error:
        return _channel(page, domain.get(page.database, channel_id), error=error)
    rest = f" Planned publications that were cancelled: {cancelled}." if cancelled else ""
    return page.go(HERE, f"Channel removed.{rest}")


def _list(page: Page, error: PressroomError | None = None) -> Response:
    known = domain.list_channels(page.database)
    ways = connectable(access_of(page.desk, page.database)) if page.may(Action.MANAGE_CHANNELS) else ()
    return settings_menu.show(page, "channels.html", error=error, channels=known, ways=ways)


def _way(page: Page, platform: str) -> Connectable:
    """How a platform asks for a name and a secret. Raises `WrongInput` for one that does not."""
    ways = connectable(access_of(page.desk, page.database))
    found = next((each for each in ways if each.platform == publisher_of(platform).platform), None)
    if found is None or found.way != "password":
        raise WrongInput(f"{platforms.title(platform)} is not connected with a name and a secret.")
    return found


def _new(page: Page, platform: str, again: str, form: FormData, error: PressroomError | None = None) -> Response:
    known = domain.get(page.database, again) if again else None
    values: dict[str, Any] = {"way": _way(page, platform), "form": form, "known": known}
    return settings_menu.show(page, "channel-new.html", error=error, **values)


def _channel(
    page: Page, found: ChannelShown, form: FormData | None = None, error: PressroomError | None = None
) -> Response:
    may_change = page.may(Action.MANAGE_CHANNELS)
    offered = domain.choices(access_of(page.desk, page.database), page.database, found.id) if may_change else {}
    way = publishers.get(found.platform).connection
    values: dict[str, Any] = {
        "channel": found,
        "by_oauth": isinstance(way, OAuth),
        "week": _week(found, form),
        "form": form if form is not None else FormData(),
        "sent": form is not None,
        "own": _own_fields(found, offered, form),
        "automatic": AUTOMATIC,
        "flag": platforms.get(found.platform).disclosure,
        "best_times": times_of_channel(page.database, page.caller, found.id),
    }
    return settings_menu.show(page, "channel.html", error=error, **values)


def _week(found: ChannelShown, form: FormData | None) -> list[tuple[str, str, str]]:
    """(name of the field, day, times as they are written) of each day."""
    times = {day: ", ".join(f"{slot.time:%H:%M}" for slot in found.slots if slot.day == day) for day in WEEK}
    return [
        (f"slots_{day}", title, times[day] if form is None else text(form, f"slots_{day}"))
        for day, title in zip(WEEK, DAYS, strict=True)
    ]


def _own_fields(found: ChannelShown, offered: Any, form: FormData | None) -> list[dict[str, Any]]:
    """The platform's own settings as fields of the form."""
    fields = []
    for name, field in publishers.get(found.platform).settings.model_fields.items():
        kept = found.settings.get(name, "" if field.is_required() else field.default)
        is_box = field.annotation is bool
        value = kept if form is None else ticked(form, f"own_{name}") if is_box else text(form, f"own_{name}")
        options = [("", "None chosen"), *offered.get(name, ())] if offered.get(name) else []
        fields.append(
            {"name": f"own_{name}", "label": field.title or name, "hint": field.description or "", "value": value,
             "is_box": is_box, "options": options, "required": field.is_required()}
        )  # fmt: skip
    return fields


def _change(found: ChannelShown, form: FormData) -> dict[str, Any]:
    own = publishers.get(found.platform).settings.model_fields
    change = {
        "slots": _slots(form),
        "spacing_minutes": text(form, "spacing_minutes"),
        "late_minutes": text(form, "late_minutes"),
        "automatic": text(form, "automatic"),
        "disclosure": text(form, "disclosure"),
        "utm": _utm(form),
    }
    if own:
        change["settings"] = {
            name: ticked(form, f"own_{name}") if field.annotation is bool else text(form, f"own_{name}")
            for name, field in own.items()
        }
    return change


def _utm(form: FormData) -> dict[str, str]:
    if not ticked(form, "tagged"):
        return {}
    campaign = text(form, "campaign")
    return {"medium": "social", **({"campaign": campaign} if campaign else {})}


def _slots(form: FormData) -> list[dict[str, str]]:
    """The slots of the table. Raises `WrongInput` for what is not a time."""
    found = []
    for day in WEEK:
        for written in filter(None, _TIMES.split(text(form, f"slots_{day}"))):
            if not re.fullmatch(r"([01]?\d|2[0-3])[:.][0-5]\d", written):
                raise WrongInput(f"{written[:20]!r} is not a time.", hint="Write times like 09:00, 15:30.")
            hour, minute = re.split("[:.]", written)
            found.append({"day": day, "time": f"{int(hour):02}:{minute}"})
    return found
