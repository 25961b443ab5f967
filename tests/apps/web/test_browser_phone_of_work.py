"""Pages of work and of settings on a phone: none is wider, and the calendar is a list."""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

from playwright.sync_api import expect

from tests.apps.web.conftest import PHONE, SignedIn
from tests.apps.web.test_browser_axe_of_work import BOOKS, SETTINGS, WORK
from tests.apps.web.worked import worked  # noqa: F401
from tests.fixtures.desk import MadeRun


def test_no_page_is_wider_than_a_phone(signed_in: SignedIn, worked: MadeRun) -> None:
    page = signed_in(viewport=PHONE, has_touch=True, is_mobile=True)
    found = []
    for path in (*WORK, *BOOKS, *SETTINGS):
        page.goto(path.format(run=worked.id, idea=worked.ideas[0]), wait_until="domcontentloaded")
        wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found += [path] if wider else []
    assert found == []


def test_the_month_is_a_list_of_days_that_have_something(signed_in: SignedIn, worked: MadeRun) -> None:
    page = signed_in(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/calendar?month=2026-01")
    expect(page.locator(".month-day:visible")).to_have_count(1)
    expect(page.get_by_role("link", name="Fri 30")).to_be_visible()
    page.get_by_role("link", name="The month after").click()
    expect(page.get_by_text("Nothing was made for this month")).to_be_visible()
