"""Deleting one's account: out of every workspace, signed out everywhere, the user's row emptied.

The row itself stays, since what others see (an approval, an invitation) names its id. The audit log keeps the
address until its own time is over.
"""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from pressroom.errors import Forbidden
from pressroom.model import Caller
from pressroom.people import attempts, families, members
from pressroom.people import workspaces as homes
from pressroom.people.people import Person
from pressroom.people.workspaces import WorkspaceView
from pressroom.store import audit
from pressroom.store.account_tables import Membership, SignIn, User
from pressroom.store.database import Database
from pressroom.store.tables import utc_now


def delete_account(database: Database, who: Person, password: str) -> list[str]:
    """Deletes the account of `who`, who typed the password again. Returns the names of the workspaces that closed.

    A workspace without other members is closed. After a failure half-way, a second call completes the deletion.

    Raises:
        WrongInput: the password is wrong.
        Forbidden: a workspace with other members would be left without an owner; nothing was changed.
        Throttled: too many passwords were wrong.
    """
    user = attempts.confirm(database, who.user_id, password, who.origin)
    homes_of = members.workspaces_of(database, user.id)
    if kept := [home.title for home in homes_of if _is_needed(database, home, user.id)]:
        raise Forbidden(
            f"You are the last owner of {', '.join(kept)}.", hint="Make another member an owner, or remove the others."
        )
    closed = [home.name for home in homes_of if _leave(database, home, who)]
    with database.within("", user.id).write() as session:
        _empty(session, who)
    return closed


def _is_needed(database: Database, home: WorkspaceView, user_id: str) -> bool:
    """True when the user is the last owner of a workspace that has other members."""
    with database.within(home.id, user_id).read() as session:
        return _has_others(session, home.id, user_id) and not members.has_other_owner(session, home.id, user_id)


def _leave(database: Database, home: WorkspaceView, who: Person) -> bool:
    """Leaves a workspace, or closes it when it has no other members. Returns True when it was closed."""
    with database.within(home.id, who.user_id).write() as session:
        caller = who.within(homes.own(session, home.id, lock=True), home.role)
        if _has_others(session, home.id, who.user_id):
            members.leave(session, caller, who.user_id)
            return False
        _close(session, caller)
        return True


def _close(session: Session, caller: Caller) -> None:
    homes.close(session, caller)
    mine = Membership.workspace_id == caller.workspace_id, Membership.user_id == caller.user_id
    session.delete(session.exec(select(Membership).where(*mine)).one())


def _has_others(session: Session, workspace_id: str, user_id: str) -> bool:
    others = select(func.count()).select_from(Membership).where(Membership.workspace_id == workspace_id)
    return session.exec(others.where(Membership.user_id != user_id)).one() > 0


def _empty(session: Session, who: Person) -> None:
    """Take all that is personal out of the rows of a user and of their sign-ins."""
    user = session.get_one(User, who.user_id, with_for_update=True)
    audit.note_of_user(session, user, "account.deleted", origin=who.origin)
    user.email, user.name, user.password_hash = f"deleted-{user.id}", "", ""
    user.deleted_at = utc_now()
    session.add(user)
    families.end_all(session, user.id, keep=None, because="account deleted")
    for row in session.exec(select(SignIn).where(col(SignIn.user_id) == user.id)).all():
        row.address = row.agent = ""
        session.add(row)
