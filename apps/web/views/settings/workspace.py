"""The workspace itself: its title, what its plan allows, taking everything along, closing it."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple
from uuid import uuid4

from fastapi import Form
from fastapi.responses import Response

from apps.api.routes.exports import fetch_export
from apps.desk import leaving
from apps.web import settings_menu
from apps.web.asking import ask
from apps.web.page import Page, PageDep
from apps.web.routing import page_router
from pressroom.errors import PressroomError, WrongInput
from pressroom.model.exports import ExportRequest
from pressroom.model.workflows import EXPORT
from pressroom.people import members, plans
from pressroom.people.permissions import Action
from pressroom.people.plans import PlanView
from pressroom.store import jobs

router = page_router(prefix="/workspace")

HERE = "/settings/workspace"
MOST_EXPORTS = 5


class Measure(NamedTuple):
    """How much of something there may be, and is. most: None where nothing limits it."""

    name: str
    used: int | None
    most: int | None


@router.get("")
def workspace(page: PageDep) -> Response:
    return _show(page)


@router.post("/title")
def rename(page: PageDep, title: Annotated[str, Form(max_length=1000)] = "") -> Response:
    """Give it another title; its name in addresses stays."""
    try:
        renamed = members.rename(page.database, page.caller, title)
    except PressroomError as error:
        return _show(page, error)
    return page.go(HERE, f"Workspace renamed to {renamed.title}.")


@router.post("/export")
def export(page: PageDep, key: Annotated[str, Form(max_length=64)]) -> Response:
    """Have everything of the workspace put into one file. The same form sent twice makes one."""
    page.check(Action.MANAGE_WORKSPACE)
    said = "Export started. The file appears in Settings."
    return ask(page, ExportRequest(), key=key, title="Export of the workspace", said=said)


@router.get("/exports/{job_id}")
def exported(page: PageDep, job_id: str) -> Response:
    """The file of an export."""
    page.check(Action.MANAGE_WORKSPACE)
    return fetch_export(page.desk, page.database, page.caller, job_id)


@router.post("/delete")
def delete(page: PageDep, name: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Close it to everybody, once its name has been typed."""
    page.check(Action.MANAGE_WORKSPACE)
    if name.strip() != page.caller.workspace:
        return _show(page, WrongInput("That is not the workspace's name.", hint="Nothing was deleted."))
    members.delete(page.database, page.caller)
    leaving.forget_schedules(page.desk, [page.caller.workspace])
    return page.go("/", "Workspace deleted.", "note")


def _show(page: Page, error: PressroomError | None = None) -> Response:
    plan = plans.plan_of(page.database, page.caller.workspace_id)
    exports, _ = jobs.list_jobs(page.database, page.caller.workspace_id, kinds=[EXPORT.kind], limit=MOST_EXPORTS)
    values: dict[str, Any] = {"plan": plan, "measures": _measures(plan), "exports": exports, "key": uuid4().hex}
    return settings_menu.show(page, "workspace.html", error=error, **values)


def _measures(plan: PlanView) -> list[Measure]:
    limits = plan.limits.model_dump()
    return [Measure(name, plan.used.get(name), most) for name, most in limits.items()]
