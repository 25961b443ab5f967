"""Workspaces: list the caller's own, make one, rename and close it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from apps.desk import leaving
from apps.desk.dependencies import DeskDep, PersonDep
from apps.desk.problems import responses
from pressroom.model import Caller
from pressroom.people import workspaces
from pressroom.people.people import LONGEST_NAME
from pressroom.people.workspaces import WorkspaceView
from pressroom.store.database import Database

router = APIRouter(prefix="/workspaces", tags=["workspaces"])


class WorkspaceTitle(BaseModel):
    title: str = Field(max_length=LONGEST_NAME, examples=["Harbour Mill"])


def get_member(
    workspace: Annotated[
        str, Path(max_length=63, pattern=r"^[a-z0-9-]+$", description="Its name or id.", examples=["harbour-mill"])
    ],
    desk: DeskDep,
    person: PersonDep,
) -> Caller:
    """The caller in the workspace that the address names. Raises `NotFound`."""
    return workspaces.caller_in(desk.database, person, workspace)


MemberDep = Annotated[Caller, Depends(get_member)]


@router.get("")
def list_workspaces(desk: DeskDep, person: PersonDep) -> list[WorkspaceView]:
    """List the caller's workspaces in the order of joining. A request that names no workspace means the first."""
    return workspaces.workspaces_of(desk.database, person.user_id)


@router.post("", status_code=201, responses=responses(402))
def create_workspace(wanted: WorkspaceTitle, desk: DeskDep, person: PersonDep) -> WorkspaceView:
    """Make a workspace, and be its owner."""
    return workspaces.create(desk.database, person, wanted.title)


@router.get("/{workspace}")
def get_workspace(desk: DeskDep, member: MemberDep) -> WorkspaceView:
    """One workspace."""
    return workspaces.workspace_of(_within(desk.database, member), member)


@router.patch("/{workspace}")
def update_workspace(wanted: WorkspaceTitle, desk: DeskDep, member: MemberDep) -> WorkspaceView:
    """Give a workspace another title; its name stays. For owners."""
    return workspaces.rename(_within(desk.database, member), member, wanted.title)


@router.delete("/{workspace}", status_code=204)
def delete_workspace(desk: DeskDep, member: MemberDep) -> None:
    """Close a workspace for all its members, and end its service tokens. For owners."""
    workspaces.delete(_within(desk.database, member), member)
    leaving.forget_schedules(desk, [member.workspace])


def _within(database: Database, member: Caller) -> Database:
    return database.within(member.workspace_id, member.user_id or "")
