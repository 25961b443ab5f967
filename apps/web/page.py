"""Dependencies of a page's route: the caller, the database limited to their workspace, and ways to answer.

`PageDep` needs a sign-in; `VisitorDep`, for a few pages, does not.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from apps.desk import cookies
from apps.desk.dependencies import Desk, DeskDep, OriginDep, check_allowed
from apps.web import flash, navigation, rendering
from apps.web.flash import Flash
from apps.web.routing import Elsewhere, is_partial
from pressroom.errors import Forbidden, NotFound, NotSignedIn
from pressroom.model import Caller, Origin
from pressroom.people import callers, members, permissions
from pressroom.people.permissions import Action
from pressroom.review import commenting, hashtag_sets
from pressroom.review.hashtag_sets import HashtagSetShown
from pressroom.store.database import Database
from pressroom.store.tables import Workspace
from pressroom.store.workspaces import zone_of

CSRF_FIELD = "csrf"
VISITOR_COOKIE = "pressroom_visitor"
WORKSPACE_COOKIE = "pressroom_workspace"


async def _sent_csrf(request: Request) -> str:
    """The proof that a request carries that it was sent by a page of ours: a header from htmx, a field of a form."""
    if request.method in cookies.SAFE_METHODS:
        return ""
    if early := cookies.early_proof(request):
        return early
    form = await request.form()
    return str(form.get(CSRF_FIELD, ""))


SentCsrf = Annotated[str, Depends(_sent_csrf)]


@dataclass(frozen=True)
class Visitor:
    """A user in front of a page. `secret`: the base of their CSRF token; only their browser has it."""

    request: Request
    desk: Desk
    origin: Origin
    secret: str

    @property
    def csrf(self) -> str:
        return cookies.csrf_token(self.secret)

    @property
    def is_partial(self) -> bool:
        """True when the request asks for a part of the page rather than the whole."""
        return is_partial(self.request)

    def show(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """The page that `template` makes of `values`; it sees this object as `page`."""
        left = flash.read(self.request, self.desk.vault)
        html = rendering.render(template, page=self, flash=left, **values)
        response = HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
        if left:
            flash.clear(response)
        self._keep_secret(response)
        return response

    def part(self, template: str, *, status: int = 200, toast: Flash | None = None, **values: Any) -> Response:
        """A part of a page, for htmx. `toast`: a message to show as well."""
        html = rendering.render(template, page=self, **values)
        if toast:
            html += rendering.render("parts/toast_beside.html", kind=toast.kind, text=toast.text)
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Vary": "HX-Request"})

    def go(self, path: str, text: str = "", kind: flash.Kind = "good", *, undo: str = "") -> Response:
        """On to another page, which says `text` when it is there. undo: what its button undoes."""
        if self.is_partial:
            response = Response(status_code=204, headers={"HX-Redirect": path})
        else:
            response = RedirectResponse(path, status_code=303)
        if text:
            flash.put(response, Flash(text, kind, undo), self.desk.vault, secure=cookies.is_secure(self.desk.settings))
        return response

    def _keep_secret(self, response: Response) -> None:
        if not cookies.read(self.request) and VISITOR_COOKIE not in self.request.cookies:
            secure = cookies.is_secure(self.desk.settings)
            response.set_cookie(VISITOR_COOKIE, self.secret, httponly=True, secure=secure, samesite="lax", path="/")


@dataclass(frozen=True)
class Page(Visitor):
    """A page of a signed-in user. `database` shows only the rows of the caller's workspace."""

    caller: Caller
    database: Database

    def may(self, action: Action | str) -> bool:
        """True when the caller may do this. Pages offer only actions that are allowed."""
        return permissions.may(self.caller, Action(action))

    def check(self, action: Action) -> None:
        """Raises `Forbidden` when the caller may not do this."""
        check_allowed(self.desk, self.caller, action)

    @cached_property
    def workspace(self) -> Workspace:
        with self.database.read() as session:
            return session.get_one(Workspace, self.caller.workspace_id)

    @cached_property
    def workspaces(self) -> list[tuple[str, str]]:
        """(name, title) of each workspace that the caller may change to."""
        found = members.workspaces_of(self.desk.database, self.caller.user_id or "")
        return [(each.name, each.title) for each in found]

    @cached_property
    def hashtag_sets(self) -> list[HashtagSetShown]:
        """The workspace's hashtag sets, for forms that take hashtags."""
        return hashtag_sets.list_sets(self.database, self.caller.workspace_id)

    @cached_property
    def unread(self) -> int:
        """How many notifications the caller has not seen."""
        return commenting.unread(self.database, self.caller)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone that times are shown in: the workspace's."""
        return ZoneInfo(zone_of(self.workspace, self.desk.settings))

    @property
    def navigation(self) -> list[navigation.Entry]:
        return [entry for entry in navigation.ENTRIES if self.may(entry.needs)]

    def is_at(self, path: str) -> bool:
        """True when the page is at `path` or below it."""
        here = self.request.url.path
        return here == path or (path != "/" and here.startswith(f"{path}/"))


def get_visitor(request: Request, desk: DeskDep, origin: OriginDep, sent: SentCsrf) -> Visitor:
    """The visitor, with or without a sign-in.

    Raises:
        Forbidden: the form does not come from one of our pages.
    """
    known = cookies.read(request) or request.cookies.get(VISITOR_COOKIE)
    visitor = Visitor(request, desk, origin, known or secrets.token_urlsafe(32))
    _check(request, visitor, sent)
    return visitor


def get_page(request: Request, desk: DeskDep, origin: OriginDep, sent: SentCsrf) -> Page:
    """The caller by the cookie of their sign-in, in the workspace they chose last.

    Raises:
        NotSignedIn: no cookie, or a sign-in that is over.
        Elsewhere: they are in no workspace.
        Forbidden: a form that no page of ours sent.
    """
    if not (token := cookies.read(request)):
        raise NotSignedIn("You are not signed in.")
    caller = _caller(request, desk, origin, token)
    database = desk.database.within(caller.workspace_id, caller.user_id or "")
    page = Page(request, desk, origin, token, caller, database)
    request.state.caller = caller  # whom the log's line of this request names
    _check(request, page, sent)
    return page


def _caller(request: Request, desk: Desk, origin: Origin, token: str) -> Caller:
    wanted = request.cookies.get(WORKSPACE_COOKIE)
    try:
        return callers.caller_of_page(desk.database, token, wanted, origin)
    except NotFound:
        pass  # they left the one they chose
    try:
        return callers.caller_of_page(desk.database, token, None, origin)
    except NotFound:
        raise Elsewhere("/welcome") from None


def _check(request: Request, visitor: Visitor, sent: str) -> None:
    if request.method not in cookies.SAFE_METHODS and not cookies.is_proof(sent, visitor.secret):
        raise Forbidden("This page is out of date, so nothing was changed.", hint="Load it again and repeat it.")


def local(path: str) -> str:
    """`path` if it leads to a page of ours, else the first one: a link may carry where to go, not to whom."""
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return path if is_ours and path.isprintable() else "/"


async def _sent_form(request: Request) -> FormData:
    return await request.form()


FormDep = Annotated[FormData, Depends(_sent_form)]
"""A form whose fields are known only when it is here."""

VisitorDep = Annotated[Visitor, Depends(get_visitor)]
PageDep = Annotated[Page, Depends(get_page)]
