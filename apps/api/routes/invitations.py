"""Invitations into the caller's workspace, and accepting one."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from apps.api.parameters import Id
from apps.api.routes.auth import NO_STORE, Email
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, PersonDep, requires
from apps.desk.problems import responses
from pressroom.model import Role
from pressroom.people import invitations
from pressroom.people.invitations import InvitationOffer, InvitationView
from pressroom.people.permissions import Action
from pressroom.people.workspaces import WorkspaceView

router = APIRouter(prefix="/invitations", tags=["workspaces"])

FOR_OWNERS = [requires(Action.MANAGE_MEMBERS)]


class InvitationWanted(BaseModel):
    email: Email
    role: Role = Role.EDITOR


class InvitationMade(InvitationView):
    token: str = Field(description="Shown this once. Pass it on to whom it is for, as a link or as it is.")
    link: str = Field(description="Where the page accepts it.")


class InvitationToken(BaseModel):
    token: str = Field(max_length=200)


@router.get("", dependencies=FOR_OWNERS)
def list_invitations(database: DbDep, caller: CallerDep) -> list[InvitationView]:
    """The open invitations, newest first."""
    return invitations.list_invitations(database, caller)


@router.post("", status_code=201, dependencies=FOR_OWNERS, responses=responses(402, 409))
def invite(
    wanted: InvitationWanted, response: Response, desk: DeskDep, database: DbDep, caller: CallerDep
) -> InvitationMade:
    """Invite an address, whether or not it has an account. An earlier invitation of the same address ends."""
    found, token = invitations.invite(database, caller, wanted.email, wanted.role)
    response.headers.update(NO_STORE)
    return InvitationMade(**found.model_dump(), token=token, link=invitations.link(desk.settings, token))


@router.delete("/{invitation_id}", status_code=204, dependencies=FOR_OWNERS)
def withdraw_invitation(invitation_id: Id, database: DbDep, caller: CallerDep) -> None:
    """End an open invitation."""
    invitations.withdraw(database, caller, invitation_id)


@router.post("/offer", responses=responses(404))
def read_invitation(given: InvitationToken, desk: DeskDep) -> InvitationOffer:
    """Show an invitation to the holder of its token. (A POST, so that no log holds the token.)"""
    return invitations.offer_of(desk.database, given.token)


@router.post("/accept", responses=responses(402))
def accept_invitation(given: InvitationToken, desk: DeskDep, person: PersonDep) -> WorkspaceView:
    """Join the workspace. 403 when the invitation is for another address than the caller's."""
    return invitations.accept(desk.database, person, given.token)
