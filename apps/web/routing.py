"""Routers of pages: what goes wrong in one of their routes is shown as a page, or as a message on the one that is open.

Without a sign-in the answer is the way to it, and back to where one wanted to go.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from apps.desk import problems
from apps.web import rendering
from pressroom import logs
from pressroom.errors import NotSignedIn, PressroomError

_log = logs.get_logger("pressroom.desk")

API = "/api/"
"""Errors below this path are answered as for programs, not as pages."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Elsewhere(Exception):
    """The user has to visit another page first: `path`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class PageRoute(APIRoute):
    """A route that people see."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as error:
                return _answer(request, error)

        return shown


def page_router(**options: Any) -> APIRouter:
    """A router for a module of `apps/web/views`."""
    return APIRouter(route_class=PageRoute, include_in_schema=False, default_response_class=Response, **options)


def is_partial(request: Request) -> bool:
    """True when htmx asks for a part to put into the open page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def _answer(request: Request, error: Exception) -> Response:
    """The answer for `error`: a redirect, or a page that describes it."""
    if isinstance(error, NotSignedIn):
        return _to_sign_in(request)
    if isinstance(error, Elsewhere):
        return _sent(request, error.path)
    if isinstance(error, HTTPException) and request.url.path.startswith(API):
        raise error
    return _shown(request, _problem(request, error), _headers(error))


def _problem(request: Request, error: Exception) -> problems.Problem:
    """The problem that `error` is; what was not foreseen is logged, and not told."""
    if isinstance(error, PressroomError):
        if problems.status_of(error) >= 500:
            _log.error("page.failed", code=error.code, reason=str(error))
        return problems.of_error(error)
    if isinstance(error, RequestValidationError):
        found = problems.field_errors(error)
        detail = "; ".join(f"{each.field.partition('.')[2]}: {each.message}" for each in found)
        return problems.of_status(422, detail, code="WRONG_INPUT")
    if isinstance(error, HTTPException):
        return problems.of_status(error.status_code, error.detail)
    _log.error("page.crashed", request=problems.request_id_of(request), exc_info=error)
    return problems.of_surprise()


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, PressroomError):
        return problems.headers_of(error)
    return dict(error.headers or {}) if isinstance(error, HTTPException) else {}


def _to_sign_in(request: Request) -> Response:
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if is_partial(request) or request.method != "GET":
        wanted = "/"
    address = "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='/')}"
    return _sent(request, address)


def _sent(request: Request, path: str) -> Response:
    if is_partial(request):
        return Response(status_code=204, headers={"HX-Redirect": path})
    return RedirectResponse(path, status_code=303)


def _shown(request: Request, problem: problems.Problem, headers: dict[str, str]) -> Response:
    """The problem as a message on the page that is open, or as a page of its own."""
    problem = problem.model_copy(update={"request_id": problems.request_id_of(request)})
    if is_partial(request):
        html = rendering.render("parts/toast.html", kind="bad", text=f"{problem.detail} {problem.hint}".strip())
        headers = {**headers, "HX-Retarget": "#toasts", "HX-Reswap": "beforeend"}
    else:
        html = rendering.render("error.html", problem=problem)
    return Response(html, problem.status, headers, "text/html")
