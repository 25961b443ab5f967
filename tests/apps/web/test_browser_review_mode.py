"""Review mode in a browser: by keys alone, by a thumb, without a network and back, and two people at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from blocks.orchestrator import FlowState, Orchestrator
from pressroom.model import Role
from pressroom.store import suggestions
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow
from pressroom.store.tables import Content, Revision, new_id, utc_now
from tests.apps.web.axe import in_both
from tests.apps.web.conftest import SignedIn, on_a_phone
from tests.fixtures.desk import MadeRun


def test_a_morning_by_keys_alone_without_a_page_load(
    signed_in: SignedIn, operators: Database, made_run: MadeRun
) -> None:
    page = opened(signed_in(), operators, made_run, channel=True)
    with no_page_load(page):
        expect(page.get_by_text("1 of 6", exact=True)).to_be_visible()
        press(page, "?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        press(page, "Escape", "e")
        page.keyboard.type("Ask first. ")
        press(page, "Control+Enter")  # approves what is typed, saved or not
        expect(page.get_by_text("2 of 6", exact=True)).to_be_visible()
        press(page, "x", "2")
        expect(page.locator("[data-tally]")).to_have_text("1 approved, 1 rejected")
        press(page, "z")
        expect(page.get_by_text("2 of 6", exact=True)).to_be_visible()
        press(page, "j", "k", "a", "a", "a", "a", "a")
        expect(page.get_by_role("heading", name="Every draft is reviewed")).to_be_visible()
        expect(page.get_by_role("button", name="Plan 2")).to_be_focused()
        press(page, "Enter")
        expect(page.get_by_role("heading", name="1 on the plan")).to_be_visible()  # the other has the same words
    rows, first = drafts(operators), draft(page, made_run, 0)
    assert [row.state for row in rows] == ["ready"] * 6
    with operators.read() as session:
        wordings = session.exec(select(Revision).where(Revision.content_id == first)).all()
    assert [each.note for each in wordings] == ["generated", "autosaved"]
    assert "Ask first. " in wordings[-1].text


def test_the_same_by_a_thumb(signed_in: SignedIn, operators: Database, made_run: MadeRun) -> None:
    page = opened(signed_in(has_touch=True), operators, made_run)
    with on_a_phone(page):
        expect(page.locator(".draft:visible")).to_have_count(1)
        swipe(page, -200)
        expect(page.get_by_text("2 of 6", exact=True)).to_be_visible()
        swipe(page, 200)
        expect(page.get_by_text("1 of 6", exact=True)).to_be_visible()
        button = page.get_by_role("button", name="Approve")
        foot = button.bounding_box()
        assert foot and foot["y"] + foot["height"] <= 844  # it stays at the thumb, however long the draft is
        button.tap()
        expect(page.get_by_text("2 of 6", exact=True)).to_be_visible()
        page.get_by_role("button", name="Reject").tap()
        page.get_by_role("button", name="Off topic").tap()
        expect(page.locator("[data-tally]")).to_have_text("1 approved, 1 rejected")
        expect(page.get_by_text("3 of 6", exact=True)).to_be_visible()


def test_changes_made_without_a_network_are_kept_and_sent_when_it_is_back(
    signed_in: SignedIn, operators: Database, made_run: MadeRun
) -> None:
    page = opened(signed_in(), operators, made_run)
    page.context.set_offline(True)
    press(page, "e")
    page.keyboard.type("Typed on a train. ")
    press(page, "Escape", "a", "a")
    expect(page.locator("[data-outbox]")).to_have_text("Offline: 2 kept on this device")
    expect(page.get_by_text("3 of 6", exact=True)).to_be_visible()
    assert {row.state for row in drafts(operators)} == {"generated"}
    page.context.set_offline(False)
    expect(page.locator("[data-outbox]")).to_have_text("")
    kept = {row.id: row for row in drafts(operators)}
    assert kept[draft(page, made_run, 0)].state == kept[draft(page, made_run, 1)].state == "ready"
    assert kept[draft(page, made_run, 0)].text.startswith("Typed on a train. ")


def test_two_people_at_once_see_both_texts_and_lose_neither(
    signed_in: SignedIn, operators: Database, made_run: MadeRun
) -> None:
    mine, theirs = signed_in(), signed_in("editor@example.com", Role.EDITOR)
    for page in (mine, theirs):
        opened(page, operators, made_run)
    press(theirs, "e")
    theirs.keyboard.type("Theirs. ")
    expect(theirs.locator("[data-saved]").first).to_have_text("Saved")
    press(mine, "e")
    mine.keyboard.type("Mine. ")
    expect(mine.get_by_text("editor@example.com changed this meanwhile")).to_be_visible()
    expect(mine.locator(".notice ins").first).to_contain_text("Theirs.")
    mine.get_by_role("button", name="Save mine over theirs").click()
    expect(mine.get_by_text("changed this meanwhile")).to_have_count(0)
    press(mine, "a")
    expect(mine.get_by_text("2 of 6", exact=True)).to_be_visible()
    press(theirs, "Escape", "a")  # not approved: the text is another than the one that was read
    expect(theirs.get_by_text("It was changed meanwhile: read it again.")).to_be_visible()
    with operators.read() as session:
        texts = session.exec(select(Revision.text).where(Revision.content_id == draft(mine, made_run, 0))).all()
    assert [text[:6] for text in sorted(texts, key=len)[1:]] in (["Mine. ", "Theirs"], ["Theirs", "Mine. "])


def test_rewrites_come_beside_the_text_and_are_taken_or_not(
    signed_in: SignedIn, operators: Database, made_run: MadeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By key: a chip, own words; a suggestion is dismissed, brought back and taken. The draft changes only then."""
    asked = rewriting_by_us(monkeypatch, operators)
    page = opened(signed_in(), operators, made_run)
    first, card = draft(page, made_run, 0), page.locator(".draft[aria-current]")
    with no_page_load(page):
        press(page, "r")
        expect(page.get_by_role("dialog", name="Rewrite this draft")).to_be_visible()
        press(page, "1")
        expect(card.get_by_text("Suggestion: Shorter")).to_be_visible()
        expect(card.locator(".suggestion ins")).to_contain_text("Ask the night shift: Shorter.")
        expect(card.locator(".post")).not_to_contain_text("Ask the night shift")
        press(page, "d")
        expect(card.get_by_text("Suggestion: Shorter")).to_have_count(0)
        press(page, "z")
        expect(card.get_by_text("Suggestion: Shorter")).to_be_visible()
        press(page, "t")
        expect(card.locator(".post")).to_contain_text("Ask the night shift: Shorter.")
        for wish in ("Punchier", "Less formal", "Start with the number."):
            press(page, "r")
            if wish[-1] != ".":
                page.get_by_role("button", name=wish).click()
            else:
                page.get_by_label("In your own words").fill(wish)
                press(page, "Enter")
            expect(card.get_by_text(f"Suggestion: {wish}")).to_be_visible()
            press(page, "d")
            expect(card.get_by_text(f"Suggestion: {wish}")).to_have_count(0)
    assert asked == [(first, wish) for wish in ("Shorter", "Punchier", "Less formal", "Start with the number.")]
    with operators.read() as session:
        notes = session.exec(select(Revision.note).where(Revision.content_id == first).order_by(Revision.number)).all()
    assert notes == ["generated", "suggestion: Shorter"]


def rewriting_by_us(monkeypatch: pytest.MonkeyPatch, operators: Database) -> list[tuple[str, str]]:
    """Prefect, and the flow, replaced by a text that names the wish; the (draft, wish) pairs that were asked for."""
    asked: list[tuple[str, str]] = []

    def start(_: Orchestrator, deployment: str, parameters: dict[str, Any], **options: object) -> str:
        content_id, wish = parameters["request"]["content"], parameters["request"]["note"]
        asked.append((content_id, wish))
        with operators.write() as session:
            row = session.get_one(Content, content_id)
            text = {name: getattr(row, name) for name in suggestions.TEXT}
            said = f"Ask the night shift: {wish}." if not wish.endswith(".") else f"Ask the night shift: {wish}"
            text |= {"body": {**row.body, "hook": said}, "text": f"{said}\n\n{row.text}"}
            suggestions.add(session, row.workspace_id, content_id, text, wish=wish)
        return new_id()

    now = utc_now()
    ended = FlowState(type="COMPLETED", name="Completed", start_time=now, end_time=now)
    monkeypatch.setattr(Orchestrator, "start", start)
    monkeypatch.setattr(Orchestrator, "states", lambda _, ids: dict.fromkeys(ids, ended))
    return asked


def opened(page: Page, operators: Database, made: MadeRun, *, channel: bool = False) -> Page:
    if channel:
        about = {"platform": "x", "remote_id": "7", "name": "lakesidebakes", "title": "Lakeside Bakery"}
        with operators.write() as session:
            session.add(ChannelRow(workspace_id=made.workspace_id, **about))
    page.goto("/review")
    expect(page.locator(".draft[aria-current]")).to_have_count(1)
    return page


@contextmanager
def no_page_load(page: Page) -> Iterator[None]:
    loads: list[str] = []
    page.on("load", lambda _page: loads.append(page.url))
    assert in_both(page) == []
    yield
    assert in_both(page) == []
    assert loads == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def swipe(page: Page, by: int) -> None:
    devtools = page.context.new_cdp_session(page)
    start = {"x": 195 - by / 2, "y": 400}
    devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [start]})
    for step in range(1, 11):  # as a thumb moves: a jump would be a fling, during which Chromium takes no tap
        at = {"x": start["x"] + by * step / 10, "y": 400}
        devtools.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
        page.wait_for_timeout(16)
    page.wait_for_timeout(100)
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    devtools.detach()


def draft(page: Page, made: MadeRun, place: int) -> str:
    """Id of a draft of the first idea, by its place on the page."""
    found = page.locator(f'[data-idea="{made.ideas[0]}"] [data-draft]').nth(place)
    return found.get_attribute("data-draft") or ""


def drafts(operators: Database) -> list[Content]:
    with operators.read() as session:
        return list(session.exec(select(Content)).all())
