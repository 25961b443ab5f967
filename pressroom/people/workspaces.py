"""Workspaces as their members see them: which are mine, making one, renaming and deleting it.

The `name` of a workspace is in addresses, commands and paths of artifacts, and never changes; its `title` may.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime

from pydantic import Field
from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from pressroom.errors import AlreadyThere, NotFound, PlanLimit
from pressroom.model import Caller, Frozen, Preferences, Role
from pressroom.people import permissions, service_tokens
from pressroom.people.people import Person, checked_name
from pressroom.people.permissions import Action
from pressroom.store import audit
from pressroom.store.account_tables import Membership
from pressroom.store.database import Database, insert_unless_there
from pressroom.store.tables import Workspace, new_id, utc_now

MOST_OWNED = 20
"""Workspaces one user may own: each has a plan of its own."""

LONGEST_SLUG = 50


class WorkspaceView(Frozen):
    """A workspace, and what the one who asks is in it."""

    id: str
    name: str = Field(description="In addresses and commands; never changes.", examples=["harbour-mill"])
    title: str = Field(examples=["Harbour Mill"])
    role: Role
    created_at: datetime


def workspaces_of(database: Database, user_id: str) -> list[WorkspaceView]:
    """The workspaces a user is in, in the order of joining."""
    query = (
        select(Workspace, Membership.role)
        .join(Membership, col(Membership.workspace_id) == Workspace.id)
        .where(Membership.user_id == user_id, col(Workspace.deleted_at).is_(None))
        .order_by(col(Membership.created_at), col(Membership.id))
    )
    with database.within("", user_id).read() as session:
        return [view(row, Role(role)) for row, role in session.exec(query).all()]


def workspace_of(database: Database, caller: Caller) -> WorkspaceView:
    """The caller's workspace."""
    with database.read() as session:
        return view(own(session, caller.workspace_id), caller.role)


def caller_in(database: Database, who: Person, wanted: str) -> Caller:
    """`who` in the workspace of that name or id. Raises `NotFound` when they are in none such."""
    query = select(Workspace, Membership.role).join(Membership, col(Membership.workspace_id) == Workspace.id)
    query = query.where(or_(col(Workspace.name) == wanted, col(Workspace.id) == wanted))
    with database.within("", who.user_id).read() as session:
        found = session.exec(
            query.where(Membership.user_id == who.user_id, col(Workspace.deleted_at).is_(None))
        ).first()
    if found is None:
        raise NotFound("You are in no such workspace.", hint="GET /api/v1/workspaces lists yours.")
    return who.within(found[0], Role(found[1]))


def create(database: Database, who: Person, title: str) -> WorkspaceView:
    """A new workspace with `who` as its owner. Its name is the title's slug, with something added if that is taken.

    Raises:
        WrongInput: the title is empty or too long.
        PlanLimit: the user owns as many as one may.
    """
    title = checked_name(title)
    _check_room(database, who)
    slug = _slug(title)
    for name in (slug, *(f"{slug}-{secrets.token_hex(3)}" for _ in range(5))):
        preferences = Preferences().model_dump(mode="json")
        row = Workspace(id=new_id(), name=name, title=title, preferences=preferences)
        with database.within(row.id, who.user_id).write() as session:
            if insert_unless_there(session, row, ("name",)):
                session.add(Membership(workspace_id=row.id, user_id=who.user_id, role=Role.OWNER))
                _note(session, who.within(row, Role.OWNER), "workspace.made")
                return view(row, Role.OWNER)
    raise AlreadyThere("No name is free for this workspace.", hint="Try again, or take another title.")


def rename(database: Database, caller: Caller, title: str) -> WorkspaceView:
    """Give a workspace another title. Raises `Forbidden`, `WrongInput`."""
    permissions.check(caller, Action.MANAGE_WORKSPACE)
    title = checked_name(title)
    with database.write() as session:
        row = own(session, caller.workspace_id, lock=True)
        row.title, row.updated_at = title, utc_now()
        session.add(row)
        _note(session, caller, "workspace.renamed")
    return view(row, caller.role)


def delete(database: Database, caller: Caller) -> None:
    """Close a workspace to everybody: its members no longer see it, its tokens end. Raises `Forbidden`."""
    permissions.check(caller, Action.MANAGE_WORKSPACE)
    with database.write() as session:
        close(session, caller)


def close(session: Session, caller: Caller) -> None:
    """`delete` within the caller's transaction."""
    row = own(session, caller.workspace_id, lock=True)
    row.deleted_at = row.updated_at = utc_now()
    row.schedule = None
    session.add(row)
    service_tokens.revoke_all(session, row.id)
    _note(session, caller, "workspace.deleted")


def own(session: Session, workspace_id: str, *, lock: bool = False) -> Workspace:
    """The row of a workspace that is not deleted.

    lock: holds it until the transaction ends; every change of who is in it does, so that of two owners who leave at
    once one stays.
    """
    held = {"key_share": True} if lock else False  # others may still add rows that name it
    row = session.get(Workspace, workspace_id, with_for_update=held, populate_existing=lock)
    if row is None or row.deleted_at is not None:
        raise NotFound("There is no such workspace.")
    return row


def view(row: Workspace, role: Role) -> WorkspaceView:
    return WorkspaceView(id=row.id, name=row.name, title=row.title or row.name, role=role, created_at=row.created_at)


def _check_room(database: Database, who: Person) -> None:
    owned = select(func.count()).select_from(Membership)
    owned = owned.where(Membership.user_id == who.user_id, Membership.role == Role.OWNER)
    with database.within("", who.user_id).read() as session:
        if session.exec(owned).one() >= MOST_OWNED:
            raise PlanLimit(
                f"One may own {MOST_OWNED} workspaces.", hint="Delete one, or make another person its owner."
            )


def _note(session: Session, caller: Caller, action: str) -> None:
    audit.note(session, caller, action, subject_kind="workspace", subject_id=caller.workspace_id)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].rstrip("-") or "workspace"
