"""The members of the caller's workspace, and the limits of its plan."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from apps.api.parameters import Id
from apps.desk.dependencies import CallerDep, DbDep, requires
from pressroom.model import Role
from pressroom.people import members, plans
from pressroom.people.members import Member
from pressroom.people.permissions import Action
from pressroom.people.plans import PlanView

router = APIRouter(tags=["workspaces"])


class RoleChange(BaseModel):
    role: Role


@router.get("/members", dependencies=[requires(Action.READ)])
def list_members(database: DbDep, caller: CallerDep) -> list[Member]:
    """List the members of the workspace, by name."""
    return members.members(database, caller)


@router.patch("/members/{user_id}", dependencies=[requires(Action.MANAGE_MEMBERS)])
def update_member(user_id: Id, wanted: RoleChange, database: DbDep, caller: CallerDep) -> Member:
    """Change a member's role. One owner has to stay."""
    return members.set_role(database, caller, user_id, wanted.role)


@router.delete("/members/{user_id}", status_code=204)
def remove_member(user_id: Id, database: DbDep, caller: CallerDep) -> None:
    """Remove a member (for owners), or leave. Service tokens that the member made end too. One owner has to stay."""
    members.remove(database, caller, user_id)


@router.get("/plan", dependencies=[requires(Action.READ)])
def get_plan(database: DbDep, caller: CallerDep) -> PlanView:
    """Return the limits of the workspace's plan (null: no limit), and how much of each is used."""
    return plans.plan_of(database, caller.workspace_id)
