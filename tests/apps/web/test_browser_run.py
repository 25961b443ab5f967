"""A morning in a browser: signing in, starting a run, watching it being made, approving, having one written again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.apps.web.conftest import PASSWORD, SignedIn
from tests.fixtures.serving import serving

pytestmark = pytest.mark.timeout(300)

LONG = 120_000
"""Milliseconds that a flow run may take on a busy machine."""


@pytest.fixture
def served(prefect_api: str, desk_settings: object, light_gate: None, tmp_path: Path) -> Iterator[None]:
    """Somebody serves what these pages start."""
    with serving(prefect_api, tmp_path / "served.log", "daily/desk", "redo/redo"):
        yield


@pytest.mark.usefixtures("served")
def test_a_morning_from_signing_in_to_an_approval(signed_in: SignedIn) -> None:
    page = signed_in()
    page.context.clear_cookies()
    sign_in(page)
    start_a_run(page, ideas=1, formats=("LinkedIn post", "X thread"))
    follow_to_the_end(page)
    approve_in_other_words(page, "LinkedIn post")
    have_written_anew(page, "X thread", "Name a number in the first post.")
    stop_another(page)


def sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("E-mail address").fill("owner@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="No drafts today")).to_be_visible()


def start_a_run(page: Page, *, ideas: int, formats: tuple[str, ...]) -> None:
    page.get_by_role("link", name="Start a run").first.click()
    dialog = page.get_by_role("dialog", name="Start a run")
    dialog.get_by_label("Ideas").fill(str(ideas))
    for box in dialog.get_by_role("group", name="Formats").get_by_role("checkbox").all():
        box.uncheck()
    for title in formats:
        dialog.get_by_label(title, exact=True).check()
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(len(formats))
    expect(dialog.get_by_label("Ideas")).to_have_value(str(ideas))
    dialog.get_by_role("button", name="Start the run").click()


def follow_to_the_end(page: Page) -> None:
    under_way = page.get_by_role("region", name="Under way")
    expect(under_way.get_by_role("progressbar", name="Daily run")).to_be_visible()
    expect(under_way).to_contain_text("Daily run is done.", timeout=LONG)
    expect(page.locator(".pieces > li")).to_have_count(2)  # nobody loaded the page again


def approve_in_other_words(page: Page, form: str) -> None:
    page.get_by_role("link", name=form).click()
    page.get_by_label("Hook", exact=True).fill("Ask the night shift before you draw a single box.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as a new revision.")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved by owner@example.com")).to_be_visible()
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Today").click()


def have_written_anew(page: Page, form: str, note: str) -> None:
    page.get_by_role("link", name=form).click()
    page.get_by_role("link", name="Send back").click()
    page.get_by_label("Note: what should be different?").fill(note)
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_role("progressbar", name=form)).to_be_visible()
    expect(page.locator(".work")).to_contain_text("is done.", timeout=LONG)
    page.get_by_role("link", name="Open", exact=True).click()
    page.get_by_role("link", name="Revisions").click()
    expect(page.get_by_role("heading", name="Revision 2")).to_be_visible()
    expect(page.get_by_text(note)).to_be_visible()


def stop_another(page: Page) -> None:
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Today").click()
    start_a_run(page, ideas=2, formats=("LinkedIn post",))
    page.get_by_role("link", name="Details").click()
    page.locator("summary", has_text="Stop").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped", exact=True)).to_be_visible(timeout=LONG)
