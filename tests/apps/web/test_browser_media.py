"""Media of a draft in a browser: attached, moved by keyboard, described and removed beside words that are not saved."""

from __future__ import annotations

from playwright.sync_api import expect

from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from tests.apps.web.axe import in_both
from tests.apps.web.conftest import WIDER, SignedIn, on_a_phone
from tests.fixtures.desk import MadeRun, add_picture, picture_bytes


def test_media_are_moved_by_keyboard_beside_unsaved_words(
    signed_in: SignedIn, made_run: MadeRun, operators: Database
) -> None:
    store = ArtifactStore.from_settings()
    for name, colour in (("a.png", "teal"), ("b.png", "tomato")):
        data = picture_bytes(1200, 627, colour=colour)
        add_picture(operators, store, made_run, name=name, data=data, alt_text=f"It is {colour}.")
    page = signed_in(reduced_motion="reduce")
    page.goto(f"/content/{made_run.draft}/media")
    for box in page.locator("input[name=chosen]").all():
        box.check()
    grave = in_both(page)
    with on_a_phone(page):
        assert not page.evaluate(WIDER)
    page.locator("#file").set_input_files({"name": "c.png", "mimeType": "", "buffer": picture_bytes(640, 640)})
    page.get_by_role("button", name="Attach").click()
    expect(page.locator("#media li")).to_have_count(3)
    expect(page.locator("#live .post-media img")).to_have_count(3)

    page.get_by_label("Hook").fill("Words that are not saved.")
    page.get_by_label("Alternative text of c.jpg").fill("A square.")
    up = page.get_by_role("button", name="Move c.jpg up")
    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#media li").nth(1)).to_contain_text("c.jpg")
    expect(page.get_by_role("button", name="Move c.jpg up")).to_be_focused()
    expect(page.locator("#toasts")).to_contain_text("Moved up.")
    expect(page.get_by_label("Alternative text of c.jpg")).to_have_value("A square.")
    expect(page.get_by_label("Hook")).to_have_value("Words that are not saved.")
    expect(page.locator("#live .post-media img").nth(1)).to_have_attribute("alt", "A square.")
    expect(page.locator("#live .post-text").first).to_contain_text("Words that are not saved.")
    assert [*grave, *in_both(page)] == []
    with on_a_phone(page):
        assert not page.evaluate(WIDER)

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Saved as a new revision.")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#content-head .badge").first).to_have_text("Ready")
    page.get_by_role("button", name="Remove c.jpg").click()
    expect(page.locator("#media li")).to_have_count(2)
    expect(page.locator("#content-head .badge").first).to_have_text("Edited")
    expect(page.get_by_role("button", name="Remove b.png")).to_be_focused()
