"""Comments on a draft, and the user whose turn it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from apps.desk import problems
from apps.web.page import Page, PageDep
from apps.web.routing import page_router
from apps.web.views.content import address_of, show_tab
from pressroom.errors import PressroomError, WrongInput
from pressroom.people import members
from pressroom.people.permissions import Action
from pressroom.review import commenting, reading, sharing

router = page_router(prefix="/content/{content_id}")


@router.get("/comments")
def comments(page: PageDep, content_id: str) -> Response:
    """The comments on a draft; the notifications about it are read by that."""
    commenting.mark_read(page.database, page.caller, content_id)
    return _show(page, content_id)


@router.post("/comments")
def comment(
    page: PageDep, content_id: str, text: Annotated[str, Form()] = "", for_clients: Annotated[bool, Form()] = False
) -> Response:
    """Add a comment. for_clients: clients with a share link read it too."""
    try:
        commenting.comment(page.database, page.caller, content_id, text, for_clients=for_clients)
    except WrongInput as error:
        return _show(page, content_id, text=text, for_clients=for_clients, error=error)
    return page.go(address_of(content_id, "comments"), "Comment added.")


@router.post("/comments/{comment_id}/delete")
def delete(page: PageDep, content_id: str, comment_id: str) -> Response:
    """Delete a comment of one's own."""
    commenting.withdraw(page.database, page.caller, content_id, comment_id)
    return page.go(address_of(content_id, "comments"), "Comment deleted.")


@router.post("/assign")
def assign(page: PageDep, content_id: str, user: Annotated[str, Form(max_length=32)] = "") -> Response:
    """Make it a member's turn."""
    page.check(Action.EDIT_CONTENT)
    commenting.assign(page.database, page.caller, content_id, user)
    return page.go(address_of(content_id, "comments"), "Assigned." if user else "Assigned to no one.")


def _show(
    page: Page, content_id: str, *, text: str = "", for_clients: bool = False, error: PressroomError | None = None
) -> Response:
    detail = reading.get_content(page.database, page.caller, content_id)
    known = members.members(page.database, page.caller)
    assignee = commenting.assignee_of(page.database, detail.id)
    return show_tab(
        page,
        detail,
        "comments",
        status=problems.status_of(error) if error else 200,
        comments=commenting.comments_of(page.database, page.caller, detail.id),
        members=[(each.user_id, each.name or each.email) for each in known],
        people=[f"@{each.email.partition('@')[0]}" for each in known],
        assignee=assignee.user_id if assignee else "",
        assignee_name=assignee.name if assignee else "",
        is_shared=bool(sharing.list_links(page.database, page.caller, content_id=detail.id)),
        text=text,
        for_clients=for_clients,
        error=error,
    )
