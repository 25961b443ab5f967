"""Registering: with an invitation into its workspace, or, where that is open, into a workspace of one's own."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from pressroom.errors import AlreadyThere, Forbidden
from pressroom.model import Origin
from pressroom.people import invitations, passwords, people, throttle, workspaces
from pressroom.people.addresses import normal_address
from pressroom.settings import settings
from pressroom.store import audit
from pressroom.store.account_tables import User
from pressroom.store.database import Database

TITLE = "My workspace"
AN_ADDRESS, WINDOW = 20, timedelta(hours=1)
"""Registrations one network address may ask for in an hour."""


def register(
    database: Database,
    *,
    email: str,
    password: str,
    name: str = "",
    workspace: str = "",
    invitation: str = "",
    origin: Origin,
) -> None:
    """Makes an account; the user signs in afterwards. workspace: the title of a new one, used without an invitation.

    Without an invitation the answer does not reveal whether the address has an account; the account's owner finds the
    attempt in their own audit log. With an invitation, which went to that address, the error says so.

    Raises:
        Forbidden: registration is closed, needs an invitation, or the invitation is for another address.
        NotFound: the invitation is invalid or has expired.
        WrongInput: `email` is not an e-mail address, or the password is too weak.
        AlreadyThere: the invited address has an account.
        PlanLimit: the workspace has no place left; the account is made all the same.
        Throttled: too many registrations from this network address.
    """
    _check_open(invitation)
    throttle.count(database, throttle.key_of("register", origin.network), limit=AN_ADDRESS, window=WINDOW)
    email = normal_address(email)
    passwords.check_strength(password, email)
    if invitation and invitations.offer_of(database, invitation).email != email:
        raise Forbidden("This invitation is for another address.", hint="Register with that one.")
    hashed = passwords.hash_password(password)
    user = _add(database, email, name, hashed, origin)
    if user is None:
        if invitation:
            raise AlreadyThere("This address has an account.", hint="Sign in, then accept the invitation.")
        return
    who = people.person(user, origin)
    if invitation:
        invitations.accept(database, who, invitation)
    else:
        workspaces.create(database, who, workspace or TITLE)


def _check_open(invitation: str) -> None:
    mode = settings().registration
    if mode == "closed":
        raise Forbidden("Registration is closed here.", hint="The desk's operator can make you an account.")
    if mode == "invited" and not invitation:
        raise Forbidden("Registering needs an invitation.", hint="Ask an owner of a workspace for one.")


def _add(database: Database, email: str, name: str, hashed: str, origin: Origin) -> User | None:
    """The new user; None when the address is taken, which is noted in its owner's log."""
    fresh = people.new_user(email, name, hashed)
    with database.within("", fresh.id).write() as session:
        if people.add_user(session, fresh):
            audit.note_of_user(session, fresh, "account.registered", origin=origin)
            return fresh
        owner = session.exec(select(User).where(User.email == email)).one()
    with database.within("", owner.id).write() as session:
        audit.note_of_user(session, owner, "account.register_refused", origin=origin)
    return None
