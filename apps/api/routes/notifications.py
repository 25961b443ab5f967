"""The caller's notifications: mentions, comments, and drafts that were assigned to them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from apps.api.paging import PartDep, page_answer
from apps.api.wanted_content import AN_ID
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.problems import responses
from pressroom.people.permissions import Action
from pressroom.review import commenting, notifying
from pressroom.review.commenting import NotificationShown
from pressroom.review.notifying import Wishes, WishesShown
from pressroom.store.paging import Page

router = APIRouter(prefix="/notifications", tags=["notifications"], dependencies=[requires(Action.READ)])


class ReadWanted(BaseModel):
    """The notifications to mark as read."""

    content_id: str | None = Field(
        default=None, max_length=64, description="Those about this draft; null: all.", examples=[AN_ID]
    )


class WishesWanted(Wishes):
    """How often you want to hear of notifications, and where."""

    chat_address: str | None = Field(
        default=None,
        max_length=1000,
        description="Apprise's address of the chat, e.g. slack://A/B/C; empty removes it, null keeps it.",
    )


class Unread(BaseModel):
    """How many notifications are unread."""

    unread: int = Field(examples=[3])


@router.get("", response_model=Page[NotificationShown], responses=responses(304))
def list_notifications(request: Request, database: DbDep, caller: CallerDep, part: PartDep) -> Response:
    """List your notifications in this workspace, newest first. A service token has none."""
    found = commenting.list_notifications(database, caller, part.cursor, part.limit)
    return page_answer(request, found, NotificationShown)


@router.get("/settings")
def get_notification_settings(database: DbDep, caller: CallerDep) -> WishesShown:
    """Return how often you hear of notifications by e-mail and in a chat. Only people have notifications."""
    return notifying.wishes_of(database, caller)


@router.put("/settings")
def set_notification_settings(wanted: WishesWanted, desk: DeskDep, database: DbDep, caller: CallerDep) -> WishesShown:
    """Set how often you hear of notifications by e-mail and in a chat."""
    wishes = Wishes(**wanted.model_dump(exclude={"chat_address"}))
    return notifying.set_wishes(database, caller, desk.vault, wishes, wanted.chat_address)


@router.get("/unread")
def count_unread(database: DbDep, caller: CallerDep) -> Unread:
    """Return how many of your notifications are unread."""
    return Unread(unread=commenting.unread(database, caller))


@router.post("/read")
def mark_read(wanted: ReadWanted, database: DbDep, caller: CallerDep) -> Unread:
    """Mark your notifications as read: those about one draft, or all."""
    commenting.mark_read(database, caller, wanted.content_id or "")
    return Unread(unread=commenting.unread(database, caller))
