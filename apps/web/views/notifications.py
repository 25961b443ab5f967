"""Notifications of a user: mentions, comments and drafts that were assigned to them."""

from __future__ import annotations

from fastapi.responses import Response

from apps.web.page import PageDep
from apps.web.routing import page_router
from pressroom.review import commenting
from pressroom.review.notifying import DEEDS

router = page_router(prefix="/notifications")


@router.get("")
def listed(page: PageDep, cursor: str | None = None) -> Response:
    """The caller's notifications, the newest first."""
    found = commenting.list_notifications(page.database, page.caller, cursor)
    return page.show("notifications.html", found=found, deeds=DEEDS)


@router.post("/read")
def read(page: PageDep) -> Response:
    """Mark all as read."""
    commenting.mark_read(page.database, page.caller)
    return page.go("/notifications", "Marked all as read.")
