"""Whether a workspace may have work done now: by its plan, and by the money set aside for its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from sqlmodel import Session

from pressroom.calls.accounts import chain_names
from pressroom.calls.budget import dollars
from pressroom.errors import PlanLimit
from pressroom.model import Caller, JobKind
from pressroom.people.plans import check_plan
from pressroom.store.database import Database
from pressroom.store.usage import spent_today

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

OFFLINE = "offline"


def check_room(session: Session, caller: Caller, kind: JobKind, request: Any) -> None:
    """Check that the plan has room for this work, within the transaction that notes it.

    Raises:
        PlanLimit: it has not.
    """
    if kind is JobKind.DAILY:
        check_plan(session, caller.workspace_id, "runs_a_day")
        check_plan(session, caller.workspace_id, "ideas_a_run", request.ideas or 0)
    elif kind is JobKind.REPURPOSE:
        check_plan(session, caller.workspace_id, "documents_a_day", max(1, len(request.sources)))
    elif kind is JobKind.OPTIMIZE:
        check_plan(session, caller.workspace_id, "images_a_day", len(request.images))


def check_money(desk: Desk, database: Database, caller: Caller, request: BaseModel) -> None:
    """Check that the day's money is not spent; a chain that ends offline costs nothing, and goes on without any.

    Raises:
        PlanLimit: it is, and all that could be made would be refused.
    """
    limit = desk.settings.day_budget_usd
    chain = getattr(request, "chain", None) or chain_names("text", desk.settings)
    if not limit or OFFLINE in chain:
        return
    if (spent := spent_today(database, caller.workspace_id)) >= limit:
        raise PlanLimit(
            f"Today's budget of ${dollars(limit)} is spent (${dollars(spent)}).",
            hint="It begins anew at midnight UTC; with `offline` last in the chain, work goes on without money.",
        )
