"""Invitations into a workspace: a link for one e-mail address, good for a week and for one use.

The desk sends no e-mail: the owner who invites passes the link on. An invitation does not reveal whether the address
has an account here.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from pydantic import Field
from sqlmodel import Session, col, select

from pressroom.errors import AlreadyThere, Forbidden, NotFound
from pressroom.model import Caller, Frozen, Role
from pressroom.people import permissions, plans
from pressroom.people import workspaces as homes
from pressroom.people.addresses import normal_address
from pressroom.people.people import Person
from pressroom.people.permissions import Action
from pressroom.people.workspaces import WorkspaceView
from pressroom.settings import Settings
from pressroom.store import audit
from pressroom.store.account_tables import Invitation, Membership, User
from pressroom.store.database import Database
from pressroom.store.tables import Workspace, utc_now
from pressroom.vault import new_token, token_hash

PREFIX = "pri"
LIFE = timedelta(days=7)

_FORM = re.compile(rf"{PREFIX}_([0-9a-f]{{32}})_[A-Za-z0-9_-]{{43}}")


class InvitationView(Frozen):
    """An open invitation, as the workspace sees it."""

    id: str
    email: str = Field(examples=["grace@example.com"])
    role: Role
    created_at: datetime
    expires_at: datetime


class InvitationOffer(Frozen):
    """An invitation, as the one sees it who was given the link."""

    workspace: str = Field(description="Its title.", examples=["Harbour Mill"])
    email: str
    role: Role
    expires_at: datetime


def invite(database: Database, caller: Caller, email: str, role: Role) -> tuple[InvitationView, str]:
    """Invites an e-mail address. Also returns the token, which is shown only now.

    An open invitation of the same address ends.

    Raises:
        Forbidden: the caller is not an owner.
        WrongInput: `email` is not an e-mail address.
        AlreadyThere: the address belongs to a member.
        PlanLimit: the plan has no place left; open invitations count.
    """
    permissions.check(caller, Action.MANAGE_MEMBERS)
    email, token = normal_address(email), new_token(f"{PREFIX}_{caller.workspace_id}")
    row = Invitation(
        workspace_id=caller.workspace_id,
        email=email,
        role=role,
        token_hash=token_hash(token),
        invited_by=caller.user_id or "",
        expires_at=utc_now() + LIFE,
    )
    with database.write() as session:
        homes.own(session, caller.workspace_id, lock=True)
        _check_stranger(session, caller.workspace_id, email)
        still = _open(session, caller.workspace_id)
        for before in (each for each in still if each.email == email):
            session.delete(before)
        plans.check_plan(session, caller.workspace_id, "members", adding=1 + sum(each.email != email for each in still))
        session.add(row)
        _note(session, caller, row, "member.invited")
    return _view(row), token


def list_invitations(database: Database, caller: Caller) -> list[InvitationView]:
    """The open invitations of the caller's workspace, newest first. Raises `Forbidden`."""
    permissions.check(caller, Action.MANAGE_MEMBERS)
    with database.read() as session:
        return [_view(row) for row in _open(session, caller.workspace_id)]


def withdraw(database: Database, caller: Caller, invitation_id: str) -> None:
    """End an open invitation. Raises `NotFound`, `Forbidden`."""
    permissions.check(caller, Action.MANAGE_MEMBERS)
    with database.write() as session:
        row = session.get(Invitation, invitation_id)
        if row is None or row.workspace_id != caller.workspace_id or not _is_open(row):
            raise NotFound("There is no such invitation.")
        session.delete(row)
        _note(session, caller, row, "member.uninvited")


def offer_of(database: Database, token: str) -> InvitationOffer:
    """The offer of an invitation's link. Raises `NotFound` when it is invalid, used, withdrawn or expired."""
    with _home(database, token, "").read() as session:
        row, workspace = _found(session, token)
    title = workspace.title or workspace.name
    return InvitationOffer(workspace=title, email=row.email, role=Role(row.role), expires_at=row.expires_at)


def accept(database: Database, who: Person, token: str) -> WorkspaceView:
    """Makes `who` a member, with the role of the invitation. A member keeps the role they have.

    Raises:
        NotFound: the invitation is invalid, used, withdrawn or expired.
        Forbidden: it is for another address.
        PlanLimit: the plan has no place left.
    """
    with _home(database, token, who.user_id).write() as session:
        row, workspace = _found(session, token, lock=True)
        if row.email != who.email:
            raise Forbidden("This invitation is for another address.", hint="Sign in with that one.")
        mine = session.exec(
            select(Membership).where(Membership.workspace_id == workspace.id, Membership.user_id == who.user_id)
        ).one_or_none()
        role = Role(mine.role if mine else row.role)
        if mine is None:
            plans.check_plan(session, workspace.id, "members")
            session.add(Membership(workspace_id=workspace.id, user_id=who.user_id, role=role))
        row.accepted_at = utc_now()
        session.add(row)
        _note(session, who.within(workspace, role), row, "member.joined")
    return homes.view(workspace, role)


def link(settings: Settings, token: str) -> str:
    """Where the page shows and accepts an invitation."""
    return f"{settings.resolved_desk_url}/invitations/{token}"


def _home(database: Database, token: str, user_id: str) -> Database:
    """The database within the workspace that `token` names."""
    form = _FORM.fullmatch(token)
    if form is None:
        raise _none()
    return database.within(form[1], user_id)


def _found(session: Session, token: str, *, lock: bool = False) -> tuple[Invitation, Workspace]:
    row = session.exec(select(Invitation).where(Invitation.token_hash == token_hash(token))).one_or_none()
    if row is None:
        raise _none()
    workspace = homes.own(session, row.workspace_id, lock=lock)
    session.refresh(row)  # it may have been used while the workspace was waited for
    if not _is_open(row):
        raise _none()
    return row, workspace


def _none() -> NotFound:
    return NotFound("This invitation does not exist, or is over.", hint="Ask the person who invited you for another.")


def _is_open(row: Invitation) -> bool:
    return row.accepted_at is None and row.expires_at > utc_now()


def _open(session: Session, workspace_id: str) -> list[Invitation]:
    query = select(Invitation).where(
        Invitation.workspace_id == workspace_id,
        col(Invitation.accepted_at).is_(None),
        Invitation.expires_at > utc_now(),
    )
    return list(session.exec(query.order_by(col(Invitation.created_at).desc())).all())


def _check_stranger(session: Session, workspace_id: str, email: str) -> None:
    query = select(Membership.id).join(User, col(User.id) == Membership.user_id)
    if session.exec(query.where(Membership.workspace_id == workspace_id, User.email == email)).first():
        raise AlreadyThere("This address is a member's already.", hint="Change the role instead.")


def _note(session: Session, caller: Caller, row: Invitation, action: str) -> None:
    details = {"email": row.email, "role": row.role}
    audit.note(session, caller, action, subject_kind="invitation", subject_id=row.id, details=details)


def _view(row: Invitation) -> InvitationView:
    return InvitationView.model_validate(row.model_dump(include=set(InvitationView.model_fields)))
