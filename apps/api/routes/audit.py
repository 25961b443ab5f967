"""The audit log: of the workspace, for its owners; of the caller's own account, for each user."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from apps.api.paging import Selection, page_answer
from apps.api.parameters import ID, Moment
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, PersonDep, requires
from apps.desk.problems import responses
from pressroom.people.permissions import Action
from pressroom.store import audit
from pressroom.store.audit import AuditEntry
from pressroom.store.paging import Page

router = APIRouter(prefix="/audit", tags=["audit"])


class OwnAuditQuery(Selection):
    """The actions that are wanted, and the part of their list."""

    action: str | None = Field(
        default=None,
        max_length=64,
        pattern=r"^[a-z_.]*$",
        description="Only this action, or what begins so up to a dot.",
        examples=["content."],
    )


class AuditQuery(OwnAuditQuery):
    """Actions of a workspace."""

    user_id: str | None = Field(default=None, pattern=ID, description="Only what this user did.")
    since: Moment | None = Field(default=None, description="Not before.")
    until: Moment | None = Field(default=None, description="Before.")


@router.get("", response_model=Page[AuditEntry], dependencies=[requires(Action.READ_AUDIT)], responses=responses(304))
def list_audit(
    request: Request, database: DbDep, caller: CallerDep, wanted: Annotated[AuditQuery, Query()]
) -> Response:
    """List the actions in the workspace, newest first. Entries are kept for PRESSROOM_AUDIT_DAYS days."""
    found = audit.list_audit(database, caller.workspace_id, **wanted.model_dump(exclude={"fields"}))
    return page_answer(request, found, AuditEntry, wanted.fields)


@router.get("/own", response_model=Page[AuditEntry], responses=responses(304))
def list_own_audit(
    request: Request, desk: DeskDep, person: PersonDep, wanted: Annotated[OwnAuditQuery, Query()]
) -> Response:
    """List the events of the caller's own account, newest first: sign-ins, refused sign-ins, password changes."""
    found = audit.list_own(desk.database, person.user_id, **wanted.model_dump(exclude={"fields"}))
    return page_answer(request, found, AuditEntry, wanted.fields)
