"""One's own account: name, password, where one is signed in, and deleting it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import Response

from apps.desk import cookies, leaving
from apps.web import settings_menu
from apps.web.log_lines import browser, deed
from apps.web.page import WORKSPACE_COOKIE, Page, PageDep
from apps.web.routing import page_router
from pressroom.errors import NotSignedIn, PressroomError, WrongInput
from pressroom.people import callers, deletion, people, sign_ins
from pressroom.people.passwords import LONGEST
from pressroom.people.people import Person
from pressroom.store import audit

router = page_router(prefix="/account")

HERE = "/settings/account"
LATEST = 10
"""Lines of one's own log that are shown."""

Password = Annotated[str, Form(max_length=LONGEST)]


@router.get("")
def account(page: PageDep) -> Response:
    return _show(page)


@router.post("/name")
def rename(page: PageDep, name: Annotated[str, Form(max_length=1000)] = "") -> Response:
    """Be shown by another name."""
    try:
        people.rename(page.desk.database, _person(page), name)
    except PressroomError as error:
        return _show(page, error)
    return page.go(HERE, "Name saved.")


@router.post("/password")
def change_password(page: PageDep, current: Password = "", new: Password = "", again: Password = "") -> Response:
    """Take another password; every other sign-in ends."""
    who = _person(page)
    try:
        if new != again:
            raise WrongInput("The two new passwords differ.", hint="Type the same one twice.")
        sign_ins.change_password(page.desk.database, who.user_id, current, new, page.origin, keep=who.sign_in_id)
    except PressroomError as error:
        return _show(page, error)
    return page.go(HERE, "Password changed. Other devices are signed out.")


@router.post("/sessions/end-others")
def end_others(page: PageDep) -> Response:
    """Sign out everywhere else."""
    who = _person(page)
    sign_ins.revoke_all(page.desk.database, who.user_id, page.origin, keep=who.sign_in_id)
    return page.go(HERE, "Other devices are signed out.")


@router.post("/sessions/{sign_in_id}/end")
def end(page: PageDep, sign_in_id: str) -> Response:
    """End one of one's own sign-ins."""
    sign_ins.revoke(page.desk.database, page.caller.user_id or "", sign_in_id, page.origin)
    return page.go("/sign-in" if sign_in_id == page.caller.sign_in_id else HERE, "Device signed out.")


@router.post("/delete")
def delete(page: PageDep, password: Password = "") -> Response:
    """Delete the account, the password being typed once more."""
    try:
        closed = deletion.delete_account(page.desk.database, _person(page), password)
    except PressroomError as error:
        return _show(page, error)
    leaving.forget_schedules(page.desk, closed)
    response = page.go("/sign-in", "Account deleted.", "note")
    cookies.clear(response, page.desk.settings)
    response.delete_cookie(WORKSPACE_COOKIE, path="/")
    return response


def _person(page: Page) -> Person:
    """The signed-in user, in no particular workspace. Raises NotSignedIn."""
    if not (token := cookies.read(page.request)):
        raise NotSignedIn("You are not signed in.")
    return callers.person_of_page(page.desk.database, token, page.origin)


def _show(page: Page, error: PressroomError | None = None) -> Response:
    user_id = page.caller.user_id or ""
    values: dict[str, Any] = {
        "profile": people.profile_of(page.desk.database, user_id),
        "sessions": sign_ins.sessions_of(page.desk.database, user_id, current=page.caller.sign_in_id),
        "browser": browser,
        "deed": deed,
        "log": audit.list_own(page.desk.database, user_id, limit=LATEST).items,
    }
    return settings_menu.show(page, "account.html", error=error, **values)
