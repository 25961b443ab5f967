"""Coming in and going out: signing in, registering, accepting an invitation, changing the workspace."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query
from fastapi.responses import Response

from apps.desk import cookies
from apps.web.page import WORKSPACE_COOKIE, PageDep, Visitor, VisitorDep, local
from apps.web.routing import page_router
from pressroom.errors import NotSignedIn, PressroomError
from pressroom.people import callers, members, registering, sign_ins
from pressroom.people.invitations import InvitationOffer
from pressroom.people.people import Person

router = page_router()

_YEAR = 365 * 24 * 3600
Text = Annotated[str, Form(max_length=1000)]


@router.get("/sign-in")
def sign_in_form(visitor: VisitorDep, wanted: Annotated[str, Query(alias="next")] = "/") -> Response:
    """The form; who is signed in already is on the way."""
    if _person(visitor):
        return visitor.go(local(wanted))
    return _sign_in_page(visitor, local(wanted))


@router.post("/sign-in")
def sign_in(
    visitor: VisitorDep, email: Text, password: Text, wanted: Annotated[str, Form(alias="next")] = "/"
) -> Response:
    """Sign in with an e-mail address and a password."""
    try:
        return _signed_in(visitor, email, password, local(wanted))
    except PressroomError as error:
        return _sign_in_page(visitor, local(wanted), email=email, error=error)


@router.post("/sign-out")
def sign_out(visitor: VisitorDep, wanted: Annotated[str, Form(alias="next")] = "/sign-in") -> Response:
    """End this sign-in; without one there is nothing to do."""
    if person := _person(visitor):
        sign_ins.revoke(visitor.desk.database, person.user_id, person.sign_in_id, visitor.origin)
    response = visitor.go(local(wanted), "You are signed out.")
    cookies.clear(response, visitor.desk.settings)
    response.delete_cookie(WORKSPACE_COOKIE, path="/")
    return response


@router.get("/register")
def register_form(visitor: VisitorDep) -> Response:
    """The form for a new account, where registration is open."""
    return _register_page(visitor, None)


@router.post("/register")
def register(
    visitor: VisitorDep, email: Text, password: Text, name: Text = "", workspace: Text = "", invitation: Text = ""
) -> Response:
    """Make an account, and sign in with it."""
    offer = _offer(visitor, invitation)
    given = {"email": email, "name": name, "workspace": workspace}
    try:
        registering.register(
            visitor.desk.database, password=password, invitation=invitation, origin=visitor.origin, **given
        )
    except PressroomError as error:
        return _register_page(visitor, offer, token=invitation, error=error, **given)
    try:
        return _signed_in(visitor, email, password, "/", f"Welcome to {offer.workspace}." if offer else "Welcome.")
    except NotSignedIn:  # the address had an account already: registering does not tell
        return visitor.go("/sign-in", "If this address had no account, it has one now. Sign in with it.", "note")


@router.get("/invitations/{token}")
def invited(visitor: VisitorDep, token: str) -> Response:
    """Show an invitation: a button for a signed-in user, else a form for a new account."""
    offer = members.offer_of(visitor.desk.database, token)
    if person := _person(visitor):
        return visitor.show("signin/invitation.html", offer=offer, person=person, token=token)
    return _register_page(visitor, offer, token=token, email=offer.email)


@router.post("/invitations/{token}")
def accept(visitor: VisitorDep, token: str) -> Response:
    """Join the workspace, and go there."""
    joined = members.accept(visitor.desk.database, _somebody(visitor), token)
    return _entered(visitor, joined.name, f"Welcome to {joined.title}.")


@router.get("/welcome")
def welcome(visitor: VisitorDep) -> Response:
    """The way to a workspace, for who is in none; or to a further one."""
    return _welcome_page(visitor, _somebody(visitor))


@router.post("/welcome")
def create_workspace(visitor: VisitorDep, title: Text) -> Response:
    """Make a workspace, and go there."""
    person = _somebody(visitor)
    try:
        made = members.create(visitor.desk.database, person, title)
    except PressroomError as error:
        return _welcome_page(visitor, person, title=title, error=error)
    return _entered(visitor, made.name, f"{made.title} is ready.")


@router.post("/workspace")
def change_workspace(page: PageDep, workspace: Text) -> Response:
    """Go on in another of one's workspaces."""
    return _entered(page, workspace, "")


def _entered(visitor: Visitor, workspace: str, said: str) -> Response:
    response = visitor.go("/", said)
    secure = cookies.is_secure(visitor.desk.settings)
    response.set_cookie(
        WORKSPACE_COOKIE, workspace, max_age=_YEAR, httponly=True, secure=secure, samesite="lax", path="/"
    )
    return response


def _signed_in(visitor: Visitor, email: str, password: str, wanted: str, said: str = "") -> Response:
    desk = visitor.desk
    done = sign_ins.sign_in(desk.database, desk.keys, email, password, visitor.origin, "page")
    response = visitor.go(wanted, said)
    cookies.put(response, desk.settings, done.token)
    return response


def _sign_in_page(visitor: Visitor, wanted: str, *, email: str = "", error: PressroomError | None = None) -> Response:
    status = 422 if error else 200
    return visitor.show(
        "signin/sign-in.html", status=status, wanted=wanted, email=email, error=error, **_doors(visitor)
    )


def _register_page(
    visitor: Visitor,
    offer: InvitationOffer | None,
    *,
    token: str = "",
    email: str = "",
    name: str = "",
    workspace: str = "",
    error: PressroomError | None = None,
) -> Response:
    values = {"offer": offer, "token": token, "email": email, "name": name, "workspace": workspace, "error": error}
    return visitor.show("signin/register.html", status=422 if error else 200, **values, **_doors(visitor))


def _welcome_page(
    visitor: Visitor, person: Person, *, title: str = "", error: PressroomError | None = None
) -> Response:
    known = members.workspaces_of(visitor.desk.database, person.user_id)
    values = {"person": person, "is_in_one": bool(known), "title": title, "error": error}
    return visitor.show("signin/welcome.html", status=422 if error else 200, **values)


def _doors(visitor: Visitor) -> dict[str, bool]:
    """For templates: whether registration is open to all."""
    return {"is_open": visitor.desk.settings.registration == "open"}


def _offer(visitor: Visitor, invitation: str) -> InvitationOffer | None:
    try:
        return members.offer_of(visitor.desk.database, invitation) if invitation else None
    except PressroomError:
        return None


def _person(visitor: Visitor) -> Person | None:
    """The signed-in user, in no particular workspace; None without a sign-in."""
    try:
        return _somebody(visitor)
    except NotSignedIn:
        return None


def _somebody(visitor: Visitor) -> Person:
    """The signed-in user, in no particular workspace. Raises NotSignedIn."""
    if not (token := cookies.read(visitor.request)):
        raise NotSignedIn("You are not signed in.")
    return callers.person_of_page(visitor.desk.database, token, visitor.origin)
