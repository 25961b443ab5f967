"""The menu of the settings, and showing one of their pages: with what was refused, where something was."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from apps.desk import problems
from apps.web.navigation import Entry
from apps.web.page import Page
from pressroom.errors import PressroomError
from pressroom.people.permissions import Action

ENTRIES = (
    Entry("/settings/content", "Content", "document"),
    Entry("/settings/hashtags", "Hashtag sets", "document"),
    Entry("/settings/voices", "Brand voices", "comment"),
    Entry("/settings/schedule", "Schedule", "today"),
    Entry("/settings/channels", "Channels", "share"),
    Entry("/settings/members", "Members", "heart"),
    Entry("/settings/tokens", "Service tokens", "settings", Action.MANAGE_WORKSPACE),
    Entry("/settings/webhooks", "Webhooks", "share", Action.MANAGE_WEBHOOKS),
    Entry("/settings/workspace", "Workspace and plan", "usage"),
    Entry("/settings/notifications", "Notifications", "bell"),
    Entry("/settings/account", "My account", "settings"),
)


def show(page: Page, template: str, *, error: PressroomError | None = None, **values: Any) -> Response:
    """A page of the settings below their menu. error: what was refused; its status is the answer's."""
    tabs = [(entry.path, entry.title, None) for entry in ENTRIES if page.may(entry.needs)]
    current = next(path for path, *_ in tabs if page.is_at(path))
    status = problems.status_of(error) if error else 200
    return page.show(f"settings/{template}", status=status, error=error, tabs=tabs, current=current, **values)
