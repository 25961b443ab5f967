"""The page behind a share link: drafts that a client reads and comments on, without a sign-in and without a menu."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Form
from fastapi.responses import Response

from apps.desk import limits, problems
from apps.desk.limits import Rule
from apps.desk.sending import send
from apps.web import previews
from apps.web.page import Visitor, VisitorDep
from apps.web.routing import page_router
from pressroom.errors import NotFound, PressroomError, WrongInput
from pressroom.review import sharing
from pressroom.review.sharing import SharedDraft, Visit

router = page_router(prefix="/shared/{token}")

COMMENTS = Rule("shared-comments", timedelta(minutes=1), lambda _: 10)
"""Comments that one link takes in a minute."""

WRONG_LINKS = Rule("shared-wrong", timedelta(minutes=15), lambda _: 30)
"""Links that don't work, tried from one network address."""


@router.get("", name="shared")
def shared(visitor: VisitorDep, token: str) -> Response:
    """The drafts behind a link."""
    return _show(visitor, token, _visit(visitor, token))


@router.post("/{content_id}/comments")
def comment(visitor: VisitorDep, token: str, content_id: str, text: Annotated[str, Form()] = "") -> Response:
    """Add the client's comment to a draft."""
    found = _visit(visitor, token)
    limits.count_caller(visitor.desk, found.caller, COMMENTS)
    try:
        sharing.comment(found, content_id, text)
    except WrongInput as error:
        return _show(visitor, token, found, about=content_id, text=text, error=error)
    return visitor.go(f"/shared/{quote(token, safe='')}#{content_id}", "Comment sent.")


@router.get("/media/{content_id}/{position}")
def file(visitor: VisitorDep, token: str, content_id: str, position: int) -> Response:
    """One picture of a draft."""
    found = sharing.shared_file(_visit(visitor, token), content_id, position)
    return send(visitor.desk.store, found.key, found.media_type, name=found.name, sha256=found.sha256, inline=True)


def _visit(visitor: Visitor, token: str) -> Visit:
    """The client at the link.

    Raises:
        NotFound: the link does not work. Throttled: too many requests, or too many for links that don't.
    """
    limits.count_address(visitor.desk, visitor.origin)
    try:
        return sharing.visit(visitor.desk.database, token, visitor.origin)
    except NotFound:
        limits.count_address(visitor.desk, visitor.origin, WRONG_LINKS)
        raise


def _show(
    visitor: Visitor, token: str, found: Visit, *, about: str = "", text: str = "", error: PressroomError | None = None
) -> Response:
    authors = previews.authors_of(found.database)

    def values(draft: SharedDraft) -> dict[str, Any]:
        return {
            "draft": draft,
            "preview": previews.template_of(draft.format),
            "author": replace(previews.author_for(authors, draft.platform, found.workspace), avatar=""),
        }

    shown: dict[str, Any] = {
        "visit": found,
        "cards": [values(draft) for draft in sharing.shared_drafts(found)],
        "at": f"/shared/{quote(token, safe='')}",
        "about": about,
        "text": text,
        "error": error,
    }
    response = visitor.show("shared.html", status=problems.status_of(error) if error else 200, **shown)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
