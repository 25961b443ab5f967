"""Accounts, as the operator of the desk manages them on the command line, without a sign-in.

These functions take a database that is bound to no workspace and sees all of them: never the desk's.
"""

from __future__ import annotations

from sqlalchemy import and_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from pressroom.errors import AlreadyThere, NotFound
from pressroom.model import Frozen, Origin, Role
from pressroom.people import passwords, people, sign_ins
from pressroom.people.addresses import normal_address
from pressroom.store import audit
from pressroom.store.account_tables import Membership, User
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.tables import Workspace
from pressroom.store.workspaces import workspace as row_of

ORIGIN = Origin(agent="pressroom admin")


class Account(Frozen):
    """A user, and what they are in which workspace."""

    email: str
    name: str
    roles: dict[str, Role]


def create_user(
    database: Database, email: str, password: str, *, workspace: str, role: Role = Role.OWNER, name: str = ""
) -> User:
    """A new user, a member of `workspace`, which is made when it is not there.

    Raises:
        WrongInput: no e-mail address, or too weak a password.
        AlreadyThere: the address has an account.
        NotFound: the workspace was deleted.
    """
    email = normal_address(email)
    passwords.check_strength(password, email)
    home = _open_home(database, workspace)
    user = people.new_user(email, name, passwords.hash_password(password))
    with database.write() as session:
        if not people.add_user(session, user):
            raise AlreadyThere("This address has an account.", hint="`pressroom admin add-member` lets it in.")
        audit.note_of_user(session, user, "account.made", origin=ORIGIN)
    add_member(database, email, workspace=home.name, role=role)
    return user


def add_member(database: Database, email: str, *, workspace: str, role: Role) -> None:
    """Make a user a member of `workspace`, or something else there. Raises `NotFound`."""
    user, home = user_called(database, email), _open_home(database, workspace)
    caller = people.person(user, ORIGIN).within(home, role)
    with database.write() as session:
        fresh = Membership(workspace_id=home.id, user_id=user.id, role=role)
        if not insert_unless_there(session, fresh, ("workspace_id", "user_id")):
            row = session.exec(_membership(home.id, user.id)).one()
            row.role = role
            session.add(row)
        details = {"role": str(role), "by": ORIGIN.agent}
        audit.note(session, caller, "member.added", subject_kind="user", subject_id=user.id, details=details)


def list_users(database: Database) -> list[Account]:
    """All users, by e-mail address."""
    query = (
        select(User, Workspace.name, Membership.role)
        .outerjoin(Membership, col(Membership.user_id) == User.id)
        .outerjoin(Workspace, and_(col(Workspace.id) == Membership.workspace_id, col(Workspace.deleted_at).is_(None)))
        .where(col(User.deleted_at).is_(None))
        .order_by(col(User.email), col(Membership.created_at))
    )
    found: dict[str, tuple[User, dict[str, Role]]] = {}
    with database.read() as session:
        for user, workspace, role in session.exec(query).all():
            roles = found.setdefault(user.email, (user, {}))[1]
            if workspace is not None:
                roles[workspace] = Role(role)
    return [Account(email=email, name=user.name, roles=roles) for email, (user, roles) in found.items()]


def set_password(database: Database, email: str, password: str) -> None:
    """Give a user another password, and end all their sign-ins. Raises `NotFound`, `WrongInput`."""
    sign_ins.set_password(database, user_called(database, email), password, ORIGIN)


def sign_out(database: Database, email: str) -> int:
    """End all of a user's sign-ins; how many there were. Raises `NotFound`."""
    return sign_ins.revoke_all(database, user_called(database, email).id, ORIGIN)


def user_called(database: Database, email: str) -> User:
    """The user of that address. Raises `NotFound`, `WrongInput`."""
    with database.read() as session:
        user = session.exec(select(User).where(User.email == normal_address(email))).one_or_none()
    if user is None:
        raise NotFound("No user has this address.", hint="`pressroom admin list-users` lists them.")
    return user


def _open_home(database: Database, name: str) -> Workspace:
    """The workspace of that name, made when it is not there."""
    home = row_of(database, name)
    if home.deleted_at is not None:
        raise NotFound(f"Workspace {name} was deleted.", hint="Take another name.")
    return home


def _membership(workspace_id: str, user_id: str) -> SelectOfScalar[Membership]:
    return select(Membership).where(Membership.workspace_id == workspace_id, Membership.user_id == user_id)
