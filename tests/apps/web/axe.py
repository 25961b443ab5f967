"""What axe, which is loaded once into a page, calls serious or critical."""

from __future__ import annotations

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = ("serious", "critical")

FOUND = """(options) => axe.run({...options, resultTypes: ["violations"]}).then((results) => results.violations
    .filter((each) => GRAVE.includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`))""".replace("GRAVE", json.dumps(GRAVE))
"""Only what is wanted leaves the page: all that axe has to say is a megabyte."""

SETTLED = """() => Promise.allSettled(document.getAnimations()
    .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime))
    .map((each) => each.finished))"""
"""A colour on its way from light to dark has less contrast than either."""


def in_light(page: Page) -> list[str]:
    """All that is grave, with the first place of each."""
    page.emulate_media(color_scheme="light")
    return _found(page, {})


def in_dark(page: Page) -> list[str]:
    """The same of what differs in dark: contrast."""
    page.emulate_media(color_scheme="dark")
    return _found(page, {"runOnly": ["color-contrast"]})


def in_both(page: Page) -> list[str]:
    return in_light(page) + in_dark(page)


def _found(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(SETTLED)
    return list(page.evaluate(FOUND, options))
