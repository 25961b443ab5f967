"""The audit log: of the workspace, for its owners; of the caller's own account, for each user."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from apps.api.paging import Fields, PartDep, page_answer
from apps.api.parameters import ID, Moment
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, PersonDep, requires
from apps.desk.problems import responses
from pressroom.people.permissions import Action
from pressroom.store import audit
from pressroom.store.audit import AuditEntry
from pressroom.store.paging import Page

router = APIRouter(prefix="/audit", tags=["audit"])

ActionName = Annotated[
    str | None,
    Query(
        max_length=64,
        pattern=r"^[a-z_.]*$",
        description="Only this action, or what begins so up to a dot.",
        examples=["content."],
    ),
]


@router.get("", response_model=Page[AuditEntry], dependencies=[requires(Action.READ_AUDIT)], responses=responses(304))
def list_audit(
    request: Request,
    database: DbDep,
    caller: CallerDep,
    part: PartDep,
    action: ActionName = None,
    user_id: Annotated[str | None, Query(pattern=ID, description="Only what this user did.")] = None,
    since: Annotated[Moment | None, Query(description="Not before.")] = None,
    until: Annotated[Moment | None, Query(description="Before.")] = None,
    fields: Fields = None,
) -> Response:
    """List the actions in the workspace, newest first. Entries are kept for PRESSROOM_AUDIT_DAYS days."""
    found = audit.list_audit(
        database,
        caller.workspace_id,
        cursor=part.cursor,
        limit=part.limit,
        action=action,
        user_id=user_id,
        since=since,
        until=until,
    )
    return page_answer(request, found, AuditEntry, fields)


@router.get("/own", response_model=Page[AuditEntry], responses=responses(304))
def list_own_audit(
    request: Request, desk: DeskDep, person: PersonDep, part: PartDep, action: ActionName = None, fields: Fields = None
) -> Response:
    """List the events of the caller's own account, newest first: sign-ins, refused sign-ins, password changes."""
    found = audit.list_own(desk.database, person.user_id, cursor=part.cursor, limit=part.limit, action=action)
    return page_answer(request, found, AuditEntry, fields)
