"""Signed-in people, apart from any workspace: what concerns the account itself."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field
from sqlmodel import Session

from pressroom.errors import WrongInput
from pressroom.model import Caller, Frozen, Origin, Role
from pressroom.store import audit
from pressroom.store.account_tables import User
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.tables import Workspace

LONGEST_NAME = 100


class Person(Frozen):
    """A signed-in user, whatever the workspace: also one who has none yet."""

    user_id: str
    email: str
    name: str
    sign_in_id: str = ""
    origin: Origin = Origin()

    def within(self, workspace: Workspace, role: Role) -> Caller:
        """The same person as a caller in `workspace`."""
        return Caller(
            workspace_id=workspace.id,
            workspace=workspace.name,
            role=role,
            name=self.email,
            user_id=self.user_id,
            sign_in_id=self.sign_in_id or None,
            origin=self.origin,
        )


class Profile(Frozen):
    """A user's own account."""

    id: str
    email: str = Field(examples=["ada@example.com"])
    name: str = Field(examples=["Ada"])
    created_at: datetime
    password_changed_at: datetime


def person(user: User, origin: Origin) -> Person:
    return Person(user_id=user.id, email=user.email, name=user.name, origin=origin)


def profile_of(database: Database, user_id: str) -> Profile:
    with database.within("", user_id).read() as session:
        return _profile(session.get_one(User, user_id))


def rename(database: Database, who: Person, name: str) -> Profile:
    """Have a user shown by another name. Raises `WrongInput` when it is empty or too long."""
    name = checked_name(name)
    with database.within("", who.user_id).write() as session:
        user = session.get_one(User, who.user_id)
        user.name = name
        session.add(user)
        audit.note_of_user(session, user, "account.renamed", origin=who.origin)
    return _profile(user)


def new_user(email: str, name: str, hashed: str) -> User:
    """A user who is not in the database yet, called like the mailbox when no `name` is given."""
    return User(email=email, name=checked_name(name or email.partition("@")[0][:LONGEST_NAME]), password_hash=hashed)


def add_user(session: Session, user: User) -> bool:
    """Add `user` unless the address is taken; says whether it was. `session`: as for `audit.note_of_user`."""
    return insert_unless_there(session, user, ("email",))


def checked_name(name: str) -> str:
    """`name` on one line. Raises `WrongInput` when it is empty or too long."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise WrongInput(f"A name has 1 to {LONGEST_NAME} characters on one line.")
    return name


def _profile(user: User) -> Profile:
    return Profile.model_validate(user.model_dump(include=set(Profile.model_fields)))
