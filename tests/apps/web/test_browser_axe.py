"""Every page as axe sees it, in light and dark; those of work and of settings on a phone as well.

Of pages of work, dark is looked at where they have colours of their own.
"""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.apps.web.axe import in_both, in_dark, in_light
from tests.apps.web.conftest import PHONE, WIDER, SignedIn, on_a_phone, views
from tests.apps.web.worked import CHANNEL, worked  # noqa: F401
from tests.fixtures.desk import MadeRun

WORK = ("/runs", "/runs/{run}", "/images", "/images/{idea}", "/images/new", "/documents/new")
BOOKS = (
    "/documents",
    "/documents/files",
    "/calendar?month=2026-01",
    "/calendar/week?day=2026-01-30",
    "/usage",
    "/results",
    "/audit",
)
TRENDS = ("/trends", "/trends/topics", "/trends/topics/bees", "/trends/sources")
SETTINGS = tuple(
    f"/settings/{page}"
    for page in (
        "schedule",
        "content",
        "voices/house",
        "channels",
        "channels/new/bluesky",
        f"channels/{CHANNEL}",
        "members",
        "tokens",
        "webhooks",
        "workspace",
        "account",
    )
)
IN_DARK = {
    "/trends",
    "/trends/topics/bees",
    "/runs/{run}",
    "/calendar?month=2026-01",
    "/usage",
    "/results",
    "/settings/schedule",
    f"/settings/channels/{CHANNEL}",
}


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
    page.goto(path)
    return in_both(page)


def test_pages_of_work_have_nothing_grave_and_none_is_wider_than_a_phone(signed_in: SignedIn, worked: MadeRun) -> None:
    page = signed_in(reduced_motion="reduce")
    found, wider = {}, []
    for path in (*WORK, *BOOKS, *SETTINGS):
        answer = page.goto(path.format(run=worked.id, idea=worked.ideas[0]))
        assert answer is not None
        assert answer.status == 200, path
        found[path] = in_light(page) + (in_dark(page) if path in IN_DARK else [])
        with on_a_phone(page):
            wider += [path] if page.evaluate(WIDER) else []
    assert {path: problems for path, problems in found.items() if problems} == {}
    assert wider == []


def test_pages_of_trends_have_nothing_grave_and_none_is_wider_than_a_phone(
    signed_in: SignedIn, worked: MadeRun
) -> None:
    page = signed_in(reduced_motion="reduce")
    found = {path: grave(page, path) for path in TRENDS}
    assert {path: problems for path, problems in found.items() if problems} == {}
    with on_a_phone(page):
        assert [path for path in TRENDS if page.goto(path) and page.evaluate(WIDER)] == []


def test_the_month_on_a_phone_is_a_list_of_days_that_have_something(signed_in: SignedIn, worked: MadeRun) -> None:
    page = signed_in(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/calendar?month=2026-01")
    expect(page.locator(".month-day:visible")).to_have_count(1)
    expect(page.get_by_role("link", name="Fri 30")).to_be_visible()
    page.get_by_role("link", name="The month after").click()
    expect(page.get_by_text("No drafts, publications or runs in this month.")).to_be_visible()
