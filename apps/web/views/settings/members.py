"""The workspace's members, their roles, and open invitations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import Response

from apps.web import settings_menu
from apps.web.page import Page, PageDep
from apps.web.routing import page_router
from pressroom.errors import PressroomError
from pressroom.model import Role
from pressroom.people import invitations, members
from pressroom.people.permissions import Action

router = page_router(prefix="/members")

HERE = "/settings/members"


@router.get("")
def everybody(page: PageDep) -> Response:
    """The members, and the open invitations for who may invite."""
    return _show(page)


@router.post("/{user_id}/role")
def set_role(page: PageDep, user_id: str, role: Annotated[Role, Form()]) -> Response:
    """Make a member something else."""
    found = members.set_role(page.database, page.caller, user_id, role)
    return page.go(HERE, f"{found.name or found.email} now has the role {role}.")


@router.post("/{user_id}/remove")
def remove(page: PageDep, user_id: str) -> Response:
    """Take a member out, or leave."""
    members.remove(page.database, page.caller, user_id)
    if user_id == page.caller.user_id:
        return page.go("/", "You have left the workspace.")
    return page.go(HERE, "Member removed. Service tokens they created are revoked.")


@router.post("/invitations")
def invite(
    page: PageDep, email: Annotated[str, Form(max_length=254)] = "", role: Annotated[Role, Form()] = Role.EDITOR
) -> Response:
    """Invite a user. The page shows the link only once."""
    try:
        invited, token = members.invite(page.database, page.caller, email, role)
    except PressroomError as error:
        return _show(page, email=email, role=role, error=error)
    return _show(page, link=invitations.link(page.desk.settings, token), invited=invited.email)


@router.post("/invitations/{invitation_id}/withdraw")
def withdraw(page: PageDep, invitation_id: str) -> Response:
    """End an open invitation."""
    members.withdraw(page.database, page.caller, invitation_id)
    return page.go(HERE, "Invitation withdrawn.")


def _show(
    page: Page,
    *,
    link: str = "",
    invited: str = "",
    email: str = "",
    role: Role = Role.EDITOR,
    error: PressroomError | None = None,
) -> Response:
    may_manage = page.may(Action.MANAGE_MEMBERS)
    values: dict[str, Any] = {
        "members": members.members(page.database, page.caller),
        "invitations": members.list_invitations(page.database, page.caller) if may_manage else (),
        "roles": [(each.value, each.value.capitalize()) for each in Role],
        "link": link,
        "invited": invited,
        "email": email,
        "role": role,
    }
    return settings_menu.show(page, "members.html", error=error, **values)
