"""The API as an application: its routes, its errors, and what happens to every request."""

from __future__ import annotations

import pkgutil
import warnings
from importlib import import_module
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from apps.api import health, media_door, metrics, openapi, reference, routes
from apps.api.middleware import REQUEST_ID, BodyLimit, Observed, SecurityHeaders
from apps.desk import idempotency, problems
from apps.desk.dependencies import count_strangers
from pressroom.settings import Settings

warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)  # of FastAPI's own fields: it hides them
# itself where models are built at once, and ours are built when first needed

PREFIX = "/api/v1"
SMALLEST_ZIPPED = 1000  # bytes
ZIP_LEVEL = 4
"""Most of what level 9 saves, in a fifth of its time."""


def create(settings: Settings, **options: Any) -> FastAPI:
    """The API, without a desk yet: `app.state.desk` has to be there before the first request.

    options: of `FastAPI`, such as `lifespan`.
    """
    app = frame(settings, **options)
    for router in _routers():
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(count_strangers)])
    return app


def frame(settings: Settings, **options: Any) -> FastAPI:
    """The API without its routes: what happens to every request, and how the desk is."""
    app = FastAPI(
        title="Pressroom",
        summary="The review desk.",
        version=version("pressroom"),
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
        middleware=_middleware(settings),
        **options,
    )
    problems.install(app)
    idempotency.install(app)
    openapi.install(app)
    for router in (health.router, metrics.router, reference.router, media_door.router):
        app.include_router(router)
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    """From the outside in."""
    proxies = [Middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))]
    return [
        *(proxies if settings.trusted_proxies else ()),
        Middleware(Observed),
        Middleware(SecurityHeaders, settings=settings),
        *([_cors(settings)] if settings.cors_origins else ()),
        Middleware(GZipMiddleware, minimum_size=SMALLEST_ZIPPED, compresslevel=ZIP_LEVEL),
        Middleware(BodyLimit, settings=settings),
        Middleware(idempotency.Idempotency),
    ]


def _cors(settings: Settings) -> Middleware:
    """For programs in other pages, with tokens; never with the page's cookie."""
    own = ("If-Match", "If-None-Match", "Pressroom-Workspace", idempotency.HEADER, REQUEST_ID)
    return Middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
        allow_headers=("Authorization", "Content-Type", *own),
        expose_headers=("ETag", "Retry-After", REQUEST_ID, idempotency.REPLAYED),
    )


def _routers() -> list[APIRouter]:
    names = sorted(found.name for found in pkgutil.iter_modules(routes.__path__))
    return [import_module(f"{routes.__name__}.{name}").router for name in names]
