"""Share links of a draft: made for a named client, listed, revoked."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import Response

from apps.desk import problems
from apps.web.page import Page, PageDep
from apps.web.routing import page_router
from apps.web.views.content import address_of, show_tab
from pressroom.errors import PressroomError
from pressroom.people.permissions import Action
from pressroom.review import reading, sharing

router = page_router(prefix="/content/{content_id}/share")

LIVES = ((1, "1 day"), (3, "3 days"), (7, "7 days"), (14, "14 days"), (30, "30 days"), (90, "90 days"))


@router.get("")
def links(page: PageDep, content_id: str) -> Response:
    """The links to the draft that work, and a form for a new one."""
    return _show(page, content_id)


@router.post("")
def make(
    page: PageDep,
    content_id: str,
    client: Annotated[str, Form(max_length=1000)] = "",
    days: Annotated[int, Form()] = 7,
    what: Annotated[str, Form(pattern="^(draft|idea)$")] = "draft",
) -> Response:
    """Make a link, and show it this once."""
    page.check(Action.EDIT_CONTENT)
    detail = reading.get_content(page.database, page.caller, content_id)
    about = {"idea_id": detail.idea.id} if what == "idea" else {"content_id": detail.id}
    try:
        made, token = sharing.share(page.database, page.caller, client, days, **about)
    except PressroomError as error:
        return _show(page, content_id, error=error, client=client, days=days, what=what)
    return _show(page, content_id, made=made.client, link=str(page.request.url_for("shared", token=token)))


@router.post("/{link_id}/revoke")
def revoke(page: PageDep, content_id: str, link_id: str) -> Response:
    """End a link, at once."""
    page.check(Action.EDIT_CONTENT)
    sharing.revoke(page.database, page.caller, link_id)
    return page.go(address_of(content_id, "share"), "Link revoked.")


def _show(page: Page, content_id: str, *, error: PressroomError | None = None, **values: Any) -> Response:
    detail = reading.get_content(page.database, page.caller, content_id)
    shown: dict[str, Any] = {
        "links": sharing.list_links(page.database, page.caller, content_id=detail.id),
        "lives": LIVES,
        "error": error,
        **{"made": "", "link": "", "client": "", "days": 7, "what": "draft", **values},
    }
    return show_tab(page, detail, "share", status=problems.status_of(error) if error else 200, **shown)
