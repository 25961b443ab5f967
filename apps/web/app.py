"""Puts the pages and their assets into the application; a module in `apps/web/views` is all that a new one takes."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from fastapi import APIRouter, FastAPI
from fastapi.requests import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from apps.web import assets, views
from apps.web.page import VisitorDep
from apps.web.routing import API, page_router
from pressroom.errors import NotFound


def mount(app: FastAPI) -> None:
    """Add every page to `app`. Comes last: what no other route knows gets the page that says so."""
    app.add_api_route(assets.ROUTE, assets.serve, methods=["GET"], include_in_schema=False)
    for router in _routers():
        app.include_router(router)
    app.include_router(_nowhere)


def _routers() -> list[APIRouter]:
    names = sorted(found.name for found in pkgutil.iter_modules(views.__path__))
    return [import_module(f"{views.__name__}.{name}").router for name in names]


_nowhere = page_router()


@_nowhere.get("/{path:path}")
def nowhere(request: Request, path: str, visitor: VisitorDep) -> Response:
    """Any address that leads nowhere."""
    if request.url.path.startswith(API):
        raise HTTPException(404)
    raise NotFound("There is no page at this address.", hint="It may have been moved, or mistyped.")
