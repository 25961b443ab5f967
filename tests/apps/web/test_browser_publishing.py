"""Publishing in a browser: planned from a draft, moved by dragging, keys and form, sent, decided, planned again."""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import Page, expect

from pressroom.store.publishing_tables import Publication
from tests.apps.web.axe import in_both
from tests.apps.web.conftest import WIDER, SignedIn, on_a_phone
from tests.apps.web.pressed import desk_url, one_of_each, press, social  # noqa: F401
from tests.fixtures.press import Press


def test_from_an_approved_draft_to_what_is_public(signed_in: SignedIn, press: Press) -> None:
    ids, draft = one_of_each(press), press.draft(message="To be planned.")
    page = signed_in(reduced_motion="reduce", viewport={"width": 1280, "height": 1500})
    day = (press.now() + dt.timedelta(days=7 - press.now().weekday() + 1)).date()  # a Tuesday, so that a week has it
    found: dict[str, list[str]] = {}

    page.goto(f"/content/{draft.id}/publish")
    expect(page.get_by_label("What goes out")).to_contain_text("Ready to publish")
    found["panel"] = look(page)
    page.get_by_label("At an exact time").check()
    page.locator("#day").fill(str(day))
    page.locator("#time").fill("10:30")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Planned: 1.")).to_be_visible()
    planned = page.url.rpartition("/")[2]
    found["planned"] = look(page)

    week = f"/calendar/week?day={day}"
    page.goto(week)
    found["week"] = look(page)
    entry = page.locator(f'[data-going="{planned}"]')
    entry.drag_to(page.locator(f'[data-drop-day="{day + dt.timedelta(days=1)}"][data-drop-hour="14"]'))
    expect(page.get_by_text("at 14:30")).to_be_visible()
    entry.get_by_role("link").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(f'[data-drop-day="{day + dt.timedelta(days=2)}"] [data-going="{planned}"]')).to_be_visible()
    entry.locator("summary").focus()
    page.keyboard.press("Enter")
    entry.get_by_label("Time", exact=True).fill("16:45")
    found["form"] = look(page)
    entry.get_by_role("button", name="Move", exact=True).press("Enter")
    expect(page.get_by_text("at 16:45")).to_be_visible()
    entry.locator("summary").click()
    entry.get_by_label("Day", exact=True).fill("2001-01-01")
    entry.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("has passed")).to_be_visible()
    assert wall_of(press, planned) == f"{day + dt.timedelta(days=2)}T16:45"

    page.goto(f"/calendar?month={day:%Y-%m}")
    found["month"] = look(page)
    page.goto(f"/publications/{planned}")
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("Publishing now.")).to_be_visible()
    press.settle(hours=0.5)
    page.reload()
    expect(page.get_by_role("link", name=re.compile("See it on Bluesky"))).to_be_visible()
    found["published"] = look(page)

    page.goto("/")
    page.get_by_role("link", name="All of them").click()
    found["needs you"] = look(page)
    page.goto(f"/publications/{ids['needs_person']}")
    found["decide"] = look(page)
    page.get_by_role("button", name="It is there").click()
    expect(page.get_by_text("Marked as published.")).to_be_visible()

    page.goto("/calendar")
    page.get_by_role("button", name="Plan again").first.click()
    expect(page.get_by_text("1 planned again.")).to_be_visible()
    for path in ("/publications?tab=planned", "/publications/states", "/calendar/feed"):
        page.goto(path)
        found[path] = look(page)
    assert {path: problems for path, problems in found.items() if problems} == {}


def look(page: Page) -> list[str]:
    """All that axe finds grave, and whether the page is wider than a phone."""
    problems = in_both(page)
    page.emulate_media(color_scheme="light")
    with on_a_phone(page):
        return problems + (["wider than a phone"] if page.evaluate(WIDER) else [])


def wall_of(press: Press, publication_id: str) -> str:
    with press.database.read() as session:
        return session.get_one(Publication, publication_id).planned_wall
