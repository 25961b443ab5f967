"""Reviewing in a browser: writing with live counts, approving, putting back, and two who write at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from pressroom.model import Role
from pressroom.store import contents
from pressroom.store.database import Database
from pressroom.store.tables import Content, Run
from tests.apps.web.conftest import SignedIn
from tests.fixtures.desk import MadeRun, draft_of

pytestmark = pytest.mark.usefixtures("made_run")


def test_counts_and_rules_follow_the_words_as_they_are_typed(signed_in: SignedIn, made_run: MadeRun) -> None:
    page = signed_in()
    page.goto(f"/content/{made_run.content[1, 'x_thread']}")
    live, first = page.locator("#live"), page.get_by_label("Posts 1", exact=True)
    expect(live.get_by_role("status")).to_have_text("Every rule holds")
    first.fill("See https://example.com/a/very/long/address 🐝")
    expect(live).to_contain_text("30 of 280 characters as X counts them")  # a link counts 23, an emoji 2
    first.fill("word " * 60 + "end.")
    expect(live.get_by_role("status")).to_have_text(re.compile("rules? broken"))
    expect(page.locator("#said-posts")).to_contain_text("Post 1 weighs 304 by X's count; at most 280 are allowed.")
    expect(live.locator(".tweet").first).to_contain_text("word word")
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()  # it would approve what is typed
    expect(first).to_be_focused()


def test_written_approved_and_put_back(signed_in: SignedIn, made_run: MadeRun) -> None:
    page = signed_in()
    page.goto(f"/content/{made_run.draft}")
    hook = page.get_by_label("Hook", exact=True)
    original = hook.input_value()
    hook.fill("Ask the night shift before you draw a single box.")
    page.get_by_placeholder("Note on this revision").fill("A shorter opening")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as a new revision.")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved by owner@example.com")).to_be_visible()
    page.get_by_role("link", name="Original and edited").click()
    expect(page.locator(".changes ins").first).to_contain_text("Ask")
    page.get_by_role("link", name="Revisions").click()
    expect(page.get_by_text("A shorter opening")).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Revision 1 is restored, as a new revision.")).to_be_visible()
    expect(page.get_by_label("Hook", exact=True)).to_have_value(original)
    expect(page.get_by_text("Approved by owner@example.com")).to_have_count(0)
    page.get_by_role("link", name="Trace").click()
    expect(page.get_by_text("Void: ")).to_be_visible()


def test_rows_are_added_and_taken_out_where_one_writes(signed_in: SignedIn, made_run: MadeRun) -> None:
    page = signed_in()
    page.goto(f"/content/{made_run.content[1, 'instagram_reel']}")
    scenes = page.locator('[name="body.scenes"]')
    before = scenes.count()
    page.get_by_role("button", name="Add to scenes").click()
    expect(scenes).to_have_count(before + 1)
    expect(scenes.last).to_be_focused()
    page.keyboard.type("A kettle boils")
    expect(page.locator("#live")).to_contain_text(f"{before + 1}. A kettle boils")
    page.get_by_role("button", name="Remove Scenes 1", exact=True).click()
    expect(scenes).to_have_count(before)
    expect(page.locator("#live")).to_contain_text(f"{before}. A kettle boils")


def test_what_another_one_wrote_meanwhile_is_shown_and_never_overwritten_unseen(
    signed_in: SignedIn, made_run: MadeRun
) -> None:
    mine, theirs = signed_in(), signed_in("editor@example.com", Role.EDITOR)
    for page in (mine, theirs):
        page.goto(f"/content/{made_run.draft}")
    theirs.get_by_label("Hook", exact=True).fill("Theirs came first.")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_text("Saved as a new revision.")).to_be_visible()
    mine.get_by_label("Hook", exact=True).fill("Mine came second.")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_text("editor@example.com changed this while you were writing")).to_be_visible()
    expect(mine.locator(".notice ins").first).to_contain_text("Theirs came first.")
    expect(mine.get_by_label("Hook", exact=True)).to_have_value("Mine came second.")
    mine.get_by_role("button", name="Save mine over theirs").click()
    expect(mine.get_by_text("Saved as a new revision.")).to_be_visible()
    mine.get_by_role("link", name="Revisions").click()
    expect(mine.get_by_role("heading", name="Revision 3")).to_be_visible()


def test_approve_saves_what_is_typed_and_a_lost_network_loses_nothing(
    signed_in: SignedIn, operators: Database, made_run: MadeRun
) -> None:
    page = signed_in()
    page.goto("/pipeline?state=generated")
    page.goto(f"/content/{made_run.draft}")
    hook, said = page.get_by_label("Hook", exact=True), page.locator("[data-autosaved]")
    page.context.set_offline(True)
    hook.fill("Ask the night shift first.")
    expect(said).to_have_text("Offline: your text is kept on this device.")
    page.context.set_offline(False)
    expect(said).to_contain_text("Saved at")
    hook.fill("Ask them before you draw.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved by owner@example.com")).to_be_visible()
    with operators.read() as session:
        kept = session.get_one(Content, made_run.draft)
    assert (kept.state, kept.body["hook"]) == ("ready", "Ask them before you draw.")
    page.get_by_role("link", name="Next draft").click()
    expect(page).to_have_url(re.compile(made_run.content[1, "x_thread"]))
    expect(page.locator("[data-back]")).to_have_text("Pipeline")
    page.locator("[data-back]").click()
    expect(page).to_have_url(re.compile("state=generated"))


def test_leaving_unsaved_words_asks_first(signed_in: SignedIn, made_run: MadeRun) -> None:
    page = signed_in()
    page.goto(f"/content/{made_run.draft}")
    page.route("**/review/drafts/*", lambda _route: None)  # so that the draft is not saved by itself meanwhile
    page.get_by_label("Hook", exact=True).press_sequentially("x")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/pipeline")
    assert asked == ["beforeunload"]


def test_enter_in_a_line_saves_and_takes_no_row_out(
    signed_in: SignedIn, operators: Database, made_run: MadeRun
) -> None:
    with operators.read() as session:
        run = session.get_one(Run, made_run.id)
    video = contents.save_draft(operators, draft_of(run, made_run.ideas[0], "youtube_video"))
    page = signed_in()
    page.goto(f"/content/{video.id}")
    rows = page.locator('[name="body.chapters.start"]').count()
    title = page.get_by_role("textbox", name="Title", exact=True)
    title.fill("What the night shift knows")
    title.press("Enter")
    expect(page.get_by_text("Saved as a new revision.")).to_be_visible()
    expect(page.locator('[name="body.chapters.start"]')).to_have_count(rows)
