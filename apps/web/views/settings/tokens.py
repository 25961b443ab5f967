"""Service tokens: what programs sign in with, each shown once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi.responses import Response
from starlette.datastructures import FormData

from apps.web import settings_menu
from apps.web.forms import several, text
from apps.web.page import FormDep, Page, PageDep
from apps.web.routing import page_router
from pressroom.errors import PressroomError, WrongInput
from pressroom.people import service_tokens
from pressroom.people.permissions import Action
from pressroom.people.service_tokens import EVERY_SCOPE

router = page_router(prefix="/tokens")

HERE = "/settings/tokens"
LONGEST_NAME = 100
SAID: dict[str, str] = {
    Action.READ: "Read everything but the audit log",
    Action.READ_CALENDAR: "Read the calendar's feed, and nothing else",
    Action.EDIT_CONTENT: "Edit, move and delete content",
    Action.START_WORK: "Start runs and other work",
    Action.PUBLISH: "Plan, move and cancel what goes out",
    Action.CONFIGURE: "Change the schedule, preferences and voices",
    Action.MANAGE_WEBHOOKS: "Manage webhooks",
    Action.MANAGE_CHANNELS: "Connect and remove channels",
    Action.READ_AUDIT: "Read the audit log",
    "mcp:read": "For an assistant: read by MCP, and nothing else",
    "mcp:write": "For an assistant: read, propose texts and start runs by MCP",
}
"""A label for each scope; a scope without one is shown by its name."""


@router.get("")
def tokens(page: PageDep) -> Response:
    """The tokens that are good."""
    page.check(Action.MANAGE_WORKSPACE)
    return _show(page, FormData({"scopes": Action.READ}))


@router.post("")
def make(page: PageDep, form: FormDep) -> Response:
    """Make one, and show it this once."""
    page.check(Action.MANAGE_WORKSPACE)
    try:
        name, until = text(form, "name")[:LONGEST_NAME], _until(page, text(form, "until"))
        made, token = service_tokens.make(page.database, page.caller, name, several(form, "scopes"), expires_at=until)
    except PressroomError as error:
        return _show(page, form, error=error)
    return _show(page, FormData({"scopes": Action.READ}), token=token, made=made.name)


@router.post("/{token_id}/revoke")
def revoke(page: PageDep, token_id: str) -> Response:
    """End one, at once."""
    service_tokens.revoke(page.database, page.caller, token_id)
    return page.go(HERE, "Token revoked.")


def _show(
    page: Page, form: FormData, *, token: str = "", made: str = "", error: PressroomError | None = None
) -> Response:
    scopes = [(str(scope), SAID.get(scope, str(scope))) for scope in EVERY_SCOPE]
    known = service_tokens.list_tokens(page.database, page.caller)
    values: dict[str, Any] = {
        "tokens": known,
        "token": token,
        "made": made,
        "scopes": scopes,
        "chosen": several(form, "scopes"),
    }
    return settings_menu.show(page, "tokens.html", error=error, form=form, **values)


def _until(page: Page, written: str) -> dt.datetime | None:
    """The end of a day in the workspace's zone; none for an empty field."""
    if not written:
        return None
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        raise WrongInput("The last day can't be read.", hint="Write it like 2026-11-21.") from None
    return dt.datetime.combine(day, dt.time.max, page.zone).astimezone(dt.UTC)
