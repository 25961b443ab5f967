"""The pipeline in a browser: many moved at once, cards on the board, searching, and a run that can't be started."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from pressroom.model import State, Violation
from pressroom.store.database import Database
from pressroom.store.tables import Content
from tests.apps.web.conftest import SignedIn
from tests.fixtures.desk import MadeRun


def test_many_are_moved_at_once_and_each_refusal_is_told(
    signed_in: SignedIn, made_run: MadeRun, operators: Database
) -> None:
    broken = Violation(code="words_too_few", message="It is too short.", where="text")
    with operators.write() as session:
        row = session.get_one(Content, made_run.draft)
        row.violations = [broken.model_dump(mode="json")]
        session.add(row)
    page = signed_in()
    page.goto("/pipeline")
    page.get_by_label("All on this page").check()
    expect(page.get_by_text("6 selected")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Changed 5 of 6")).to_be_visible()
    refused = page.get_by_role("row").filter(has_text="Not changed")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("It is too short.")
    page.get_by_role("link", name="Back", exact=True).click()
    page.get_by_role("link", name=re.compile("^Ready")).click()
    expect(page.locator("#rows > .item")).to_have_count(5)


def test_deleted_content_is_restored_from_its_tab(signed_in: SignedIn, made_run: MadeRun) -> None:
    page = signed_in()
    page.goto("/pipeline?format=x_thread")
    page.get_by_role("checkbox", name=re.compile("^Select X thread")).first.check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Deleted: 1 draft.")).to_be_visible()
    page.get_by_role("link", name="Deleted").click()
    page.get_by_role("checkbox", name=re.compile("^Select X thread")).check()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Restored: 1 draft.")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(page.locator("#rows > .item")).to_have_count(1)


def test_a_card_is_dragged_to_a_state_that_it_may_have(signed_in: SignedIn, made_run: MadeRun) -> None:
    page = signed_in(viewport={"width": 2200, "height": 1000})
    page.goto("/pipeline/board")
    card = page.locator(f'[data-card="{made_run.draft}"]')
    card.drag_to(page.locator('[data-column="published"]'))  # no move of the table: nothing happens
    card.drag_to(page.locator('[data-column="reviewed"]'))
    expect(page.get_by_text("LinkedIn post of “Call the night shift first”: reviewed.")).to_be_visible()
    expect(page.locator('[data-column="reviewed"]').locator(f'[data-card="{made_run.draft}"]')).to_be_visible()


def test_the_same_by_keyboard(signed_in: SignedIn, made_run: MadeRun, operators: Database) -> None:
    page = signed_in()
    page.goto("/pipeline/board")
    card = page.locator(f'[data-card="{made_run.draft}"]')
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(card.get_by_role("button", name="Approve")).to_be_hidden()
    expect(card.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="Approve")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("LinkedIn post of “Call the night shift first”: ready.")).to_be_visible()
    with operators.read() as session:
        assert session.get_one(Content, made_run.draft).state == State.READY


def test_the_list_follows_the_search_and_the_address_says_it(signed_in: SignedIn, made_run: MadeRun) -> None:
    page = signed_in()
    page.goto("/pipeline")
    page.keyboard.press("/")
    page.keyboard.type("call the night")
    expect(page.locator("#rows > .item")).to_have_count(3)
    expect(page).to_have_url(re.compile(r"text=call(\+|%20)the(\+|%20)night"))
    page.reload()
    expect(page.locator("#rows > .item")).to_have_count(3)
    page.get_by_role("link", name="Clear").click()
    expect(page.locator("#rows > .item")).to_have_count(6)


def test_a_run_that_cant_be_started_keeps_what_was_asked_for(signed_in: SignedIn) -> None:
    page = signed_in()
    page.goto("/")
    page.get_by_role("link", name="Start a run").first.click()
    dialog = page.get_by_role("dialog", name="Start a run")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Focus").fill("bees in cities")
    dialog.get_by_label("Ideas").fill("2")
    dialog.get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("alert")).to_contain_text("Prefect")
    expect(page.get_by_label("Focus")).to_have_value("bees in cities")
