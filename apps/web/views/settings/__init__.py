"""Settings: one module a page, put together here; their menu is in `apps/web/settings_menu.py`."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from fastapi.responses import Response

from apps.web.page import PageDep
from apps.web.routing import page_router

router = page_router(prefix="/settings")


@router.get("")
def settings(page: PageDep) -> Response:
    """On to the first of the pages."""
    return page.go("/settings/content")


for _found in pkgutil.iter_modules(__path__):
    router.include_router(import_module(f"{__name__}.{_found.name}").router)
