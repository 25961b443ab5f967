"""Every page as axe sees it, in light and dark."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.apps.web.conftest import SignedIn, views
from tests.fixtures.desk import MadeRun

GRAVE = {"serious", "critical"}


def test_axe_finds_nothing_grave_in_light_and_dark(signed_in: SignedIn, varied: MadeRun) -> None:
    page = signed_in(reduced_motion="reduce")
    found = {path: grave(page, path) for path in views(varied)}
    page.goto("/")
    page.get_by_role("link", name="Start a run").first.click()
    found["the dialog"] = in_both(page)
    page.context.clear_cookies()
    found["/sign-in"] = grave(page, "/sign-in")
    assert {path: problems for path, problems in found.items() if problems} == {}


def grave(page: Page, path: str) -> list[str]:
    """What axe calls serious or critical at `path`, with the first place of each."""
    page.goto(path)
    return in_both(page)


def in_both(page: Page) -> list[str]:
    """The whole of axe in light; in dark what differs there: contrast."""
    page.emulate_media(color_scheme="light")
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found if each["impact"] in GRAVE]
