"""For everybody: by keyboard alone, on a phone, in light and dark."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.apps.web.conftest import PASSWORD, PHONE, WIDER, SignedIn, views
from tests.fixtures.desk import MadeRun


def test_nothing_on_a_phone_is_wider_than_it(signed_in: SignedIn, varied: MadeRun) -> None:
    page = signed_in(viewport=PHONE, has_touch=True, is_mobile=True)
    found = []
    for path in views(varied):
        page.goto(path)
        found += [path] if page.evaluate(WIDER) else []
    assert found == []
    page.goto("/")
    page.get_by_label("Menu").click()
    page.get_by_role("link", name="Pipeline", exact=True).click()
    expect(page.get_by_role("heading", name="Pipeline", level=1)).to_be_visible()


def test_by_keyboard_alone_from_signing_in_to_an_approval(signed_in: SignedIn, made_run: MadeRun) -> None:
    page = signed_in()
    page.context.clear_cookies()
    page.goto("/sign-in")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type("owner@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)
    page.goto(f"/content/{made_run.draft}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    reach(page, "Hook")
    page.keyboard.press("End")
    page.keyboard.type(" Really.")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved as a new revision.")).to_be_visible()
    page.locator("#main").focus()
    reach(page, "Approve")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Approved by owner@example.com")).to_be_visible()


def reach(page: Page, name: str) -> None:
    """Press Tab until the element with this label or text has the focus, which can be seen."""
    look = """() => {
      const found = document.activeElement;
      const style = getComputedStyle(found);
      const seen = style.outlineStyle !== "none" || style.boxShadow !== "none";
      return [(found.labels?.[0]?.textContent || found.textContent || "").trim(), seen];
    }"""
    for _ in range(60):
        page.keyboard.press("Tab")
        text, is_seen = page.evaluate(look)
        if text == name:
            assert is_seen, f"nothing shows that {name} has the focus"
            return
    raise AssertionError(f"{name} can't be reached")


def test_the_colours_chosen_by_hand_stay(signed_in: SignedIn) -> None:
    page = signed_in(color_scheme="light")
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Dark", exact=True).check(force=True)
    dark = page.evaluate(ground)
    assert dark != light
    page.goto("/pipeline")
    assert page.evaluate(ground) == dark
    page.get_by_label("As the system").check(force=True)
    page.reload()
    assert page.evaluate(ground) == light
