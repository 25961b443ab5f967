"""Coming in by an invitation, making a workspace, changing between two, going out: in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import delete

from pressroom.model import Caller, Role
from pressroom.people import invitations
from pressroom.settings import settings
from pressroom.store.account_tables import Membership
from pressroom.store.database import Database
from tests.apps.web.axe import in_both
from tests.apps.web.conftest import PASSWORD, WIDE, SignedIn
from tests.fixtures.desk import OURS, MadeRun, add_person

Invited = Callable[[str, Role], str]


@pytest.fixture
def visitor(site: str, browser: Browser) -> Iterator[Page]:
    """A page of somebody who has no account."""
    context: BrowserContext = browser.new_context(base_url=site, viewport=WIDE)
    context.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def invited(desk_app: FastAPI, operators: Database) -> Invited:
    """`invited(email, role)`: path of the link by which somebody joins `ours`."""

    def made(email: str, role: Role) -> str:
        user_id, home = add_person(operators, f"owner-for-{email}", Role.OWNER, OURS)
        owner = Caller(workspace_id=home, workspace=OURS, role=Role.OWNER, name="Ada", user_id=user_id)
        _, token = invitations.invite(operators.within(home, user_id), owner, email, role)
        return urlsplit(invitations.link(settings(), token)).path

    return made


def test_who_is_invited_registers_and_is_in(visitor: Page, invited: Invited, made_run: MadeRun) -> None:
    link = invited("grace@example.com", Role.EDITOR)
    visitor.goto(link)
    expect(visitor.get_by_role("heading", name="Join ours")).to_be_visible()
    expect(visitor.get_by_label("E-mail address")).to_have_value("grace@example.com")
    expect(visitor.get_by_label("E-mail address")).not_to_be_editable()
    assert in_both(visitor) == []
    visitor.get_by_label("Your name").fill("Grace Hopper")
    visitor.get_by_label("Password").fill("grace@example.com")
    visitor.get_by_role("button", name="Join").click()
    expect(visitor.get_by_role("alert")).to_be_visible()
    expect(visitor.get_by_label("Your name")).to_have_value("Grace Hopper")
    visitor.get_by_label("Password").fill(PASSWORD)
    visitor.get_by_role("button", name="Join").click()
    expect(visitor.get_by_text("Welcome to ours.")).to_be_visible()
    expect(visitor.get_by_role("link", name="Drafts of Friday, 30 January")).to_be_visible()
    expect(visitor.locator(".who")).to_contain_text("Editor")

    visitor.get_by_role("button", name="Sign out").click()
    expect(visitor.get_by_text("You are signed out.")).to_be_visible()
    visitor.goto("/pipeline")
    expect(visitor).to_have_url(re.compile("/sign-in\\?next=/pipeline$"))
    visitor.goto(link)
    expect(visitor.get_by_role("heading", name="This invitation does not exist")).to_be_visible()


def test_a_first_workspace_a_second_one_and_the_way_between(
    signed_in: SignedIn, invited: Invited, made_run: MadeRun, operators: Database
) -> None:
    page = signed_in("grace@example.com", Role.OWNER)
    with operators.write() as session:
        session.execute(delete(Membership))
    page.goto("/pipeline")
    expect(page.get_by_role("heading", name="Welcome, Grace")).to_be_visible()
    assert in_both(page) == []
    page.get_by_label("Name of the workspace").fill("Harbour Mill")
    page.get_by_role("button", name="Make the workspace").click()
    expect(page.get_by_text("Harbour Mill is ready.")).to_be_visible()
    expect(page.get_by_role("heading", name="No drafts today")).to_be_visible()

    page.goto(invited("grace@example.com", Role.VIEWER))
    page.get_by_role("button", name="Join as grace@example.com").click()
    expect(page.get_by_text("Welcome to ours.")).to_be_visible()
    expect(page.get_by_role("link", name="Drafts of Friday, 30 January")).to_be_visible()
    expect(page.get_by_role("link", name="Start a run")).to_have_count(0)  # a viewer

    switcher = page.get_by_label("Workspace")
    expect(switcher.locator("option:checked")).to_have_text("ours")
    switcher.select_option(label="Harbour Mill")
    expect(page.get_by_role("heading", name="No drafts today")).to_be_visible()
    page.goto(f"/content/{made_run.draft}")
    expect(page.get_by_text("404 Not Found")).to_be_visible()
    page.goto("/")
    expect(switcher.locator("option:checked")).to_have_text("Harbour Mill")  # kept from page to page


def test_an_invitation_of_somebody_else_is_not_taken_by_accident(signed_in: SignedIn, invited: Invited) -> None:
    page = signed_in("editor@example.com", Role.EDITOR)
    page.goto(invited("grace@example.com", Role.OWNER))
    expect(page.get_by_text("You are signed in as editor@example.com")).to_be_visible()
    page.get_by_role("button", name="Sign out and go on as grace@example.com").click()
    expect(page.get_by_role("heading", name="Join ours")).to_be_visible()
