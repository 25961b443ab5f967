"""Members of a workspace and their roles. At least one owner always stays.

Other packages import everything about members from here, also workspaces and invitations.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import Field
from sqlmodel import Session, col, func, select

from pressroom.errors import Forbidden, NotFound
from pressroom.model import Caller, Frozen, Role
from pressroom.people import permissions, service_tokens
from pressroom.people import workspaces as homes
from pressroom.people.invitations import accept, invite, list_invitations, offer_of, withdraw
from pressroom.people.permissions import Action
from pressroom.people.workspaces import create, delete, rename, workspace_of, workspaces_of
from pressroom.store import audit
from pressroom.store.account_tables import Membership, User
from pressroom.store.database import Database

__all__ = [
    "Member",
    "accept",
    "create",
    "delete",
    "has_other_owner",
    "invite",
    "leave",
    "list_invitations",
    "members",
    "offer_of",
    "remove",
    "rename",
    "set_role",
    "withdraw",
    "workspace_of",
    "workspaces_of",
]


class Member(Frozen):
    """A user in a workspace."""

    user_id: str
    email: str = Field(examples=["ada@example.com"])
    name: str = Field(examples=["Ada"])
    role: Role
    joined_at: datetime


def members(database: Database, caller: Caller) -> list[Member]:
    """Everybody in the caller's workspace, by name."""
    query = (
        select(Membership, User.email, User.name)
        .join(User, col(User.id) == Membership.user_id)
        .where(Membership.workspace_id == caller.workspace_id)
        .order_by(col(User.name), col(User.email))
    )
    with database.read() as session:
        rows = session.exec(query).all()
    return [_member(row, email, name) for row, email, name in rows]


def set_role(database: Database, caller: Caller, user_id: str, role: Role) -> Member:
    """Make a member something else.

    Raises:
        Forbidden: who asks is no owner, or the last owner would be none.
        NotFound: no such member.
    """
    permissions.check(caller, Action.MANAGE_MEMBERS)
    with database.write() as session:
        row, user = _of(session, caller.workspace_id, user_id)
        if role != Role.OWNER:
            _check_owner_stays(session, row)
        before, row.role = row.role, role
        session.add(row)
        _note(session, caller, user_id, "member.role_changed", {"from": before, "to": str(role)})
    return _member(row, user.email, user.name)


def remove(database: Database, caller: Caller, user_id: str) -> None:
    """Take a member out, or leave: the service tokens they made end with it.

    Raises:
        Forbidden: who asks is neither an owner nor the member, or it is the last owner.
        NotFound: no such member.
    """
    if user_id != caller.user_id:
        permissions.check(caller, Action.MANAGE_MEMBERS)
    with database.write() as session:
        leave(session, caller, user_id)


def leave(session: Session, caller: Caller, user_id: str) -> None:
    """`remove` within the caller's transaction, without asking whether the caller may."""
    row, _ = _of(session, caller.workspace_id, user_id)
    _check_owner_stays(session, row)
    service_tokens.revoke_all(session, caller.workspace_id, made_by=user_id)
    session.delete(row)
    _note(session, caller, user_id, "member.removed", {"role": row.role})


def has_other_owner(session: Session, workspace_id: str, user_id: str) -> bool:
    """True when another user owns the workspace too."""
    others = select(func.count()).select_from(Membership)
    others = others.where(Membership.workspace_id == workspace_id, Membership.role == Role.OWNER)
    return session.exec(others.where(Membership.user_id != user_id)).one() > 0


def _of(session: Session, workspace_id: str, user_id: str) -> tuple[Membership, User]:
    """A member, the workspace held until the transaction ends."""
    homes.own(session, workspace_id, lock=True)
    query = select(Membership, User).join(User, col(User.id) == Membership.user_id)
    mine = query.where(Membership.workspace_id == workspace_id, Membership.user_id == user_id)
    found = session.exec(mine).one_or_none()
    if found is None:
        raise NotFound("There is no such member.")
    return found


def _check_owner_stays(session: Session, row: Membership) -> None:
    if row.role == Role.OWNER and not has_other_owner(session, row.workspace_id, row.user_id):
        raise Forbidden("A workspace keeps one owner.", hint="Make another member an owner first.")


def _note(session: Session, caller: Caller, user_id: str, action: str, details: dict[str, str]) -> None:
    audit.note(session, caller, action, subject_kind="user", subject_id=user_id, details=details)


def _member(row: Membership, email: str, name: str) -> Member:
    return Member(user_id=row.user_id, email=email, name=name, role=Role(row.role), joined_at=row.created_at)
