"""Workflows: list them with their parameters, and start one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.responses import Response

from apps.api.asking import ACCEPTED, Around, AskingDep
from apps.api.paging import answer
from apps.desk.dependencies import CallerDep, DeskDep, requires
from apps.desk.problems import responses
from pressroom.errors import NotFound, PressroomError, WrongInput
from pressroom.model import workflows
from pressroom.model.workflows import Workflow
from pressroom.people.permissions import Action, check

router = APIRouter(prefix="/workflows", tags=["workflows"], dependencies=[requires(Action.READ)])

Name = Annotated[str, Path(max_length=32, description="As listed.", examples=["daily"])]


class WorkflowView(BaseModel):
    """A workflow that callers can start."""

    name: str = Field(examples=["daily"])
    description: str
    deployment: str = Field(description="As Prefect knows it.", examples=["daily/desk"])
    parameters: dict[str, Any] = Field(description="JSON schema of what it takes.")


class WorkflowDetail(WorkflowView):
    """A workflow, and whether a worker serves it now."""

    is_served: bool | None = Field(description="None: Prefect can't be asked.")


class Workflows(BaseModel):
    items: list[WorkflowView]


class Execution(Around):
    """The parameters to start a workflow with. The workspace is the caller's."""

    parameters: dict[str, Any] = Field(
        default={}, description="As the workflow's schema says.", examples=[{"ideas": 3, "focus": "bees in cities"}]
    )


@router.get("", response_model=Workflows, responses=responses(304))
def list_workflows(request: Request) -> Response:
    """List the workflows."""
    return answer(request, Workflows(items=[WorkflowView(**_facts(each)) for each in workflows.on_desk().values()]))


@router.get("/{name}", response_model=WorkflowDetail, responses=responses(304))
def get_workflow(request: Request, name: Name, desk: DeskDep) -> Response:
    """Return one workflow, with its parameters."""
    found = _named(name)
    try:
        is_served = desk.orchestrator.served(found.deployment).is_served
    except PressroomError:
        is_served = None
    return answer(request, WorkflowDetail(**_facts(found), is_served=is_served))


@router.post("/{name}/execute", dependencies=[requires(Action.START_WORK)], **ACCEPTED)
def execute_workflow(name: Name, wanted: Execution, asking: AskingDep, caller: CallerDep) -> Response:
    """Start the workflow and follow its job. With an `Idempotency-Key`, repeated requests start it once."""
    workflow = _named(name)
    check(caller, Action(workflow.scope))
    asked = {name: value for name, value in wanted.parameters.items() if name not in workflows.OURS}
    try:
        request = workflow.request.model_validate(asked)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(["parameters", *map(str, first["loc"])])
        raise WrongInput(f"{where}: {first['msg'].removeprefix('Value error, ')}.") from None
    return asking.start(request, wanted, title=workflow.description.partition(":")[0])


def _named(name: str) -> Workflow:
    there = workflows.on_desk()
    if name not in there:
        raise NotFound(f"There is no workflow {name!r}.", hint=f"Choose from: {', '.join(there)}.")
    return there[name]


def _facts(workflow: Workflow) -> dict[str, Any]:
    about = workflow.model_dump(include={"description", "deployment"})
    return {"name": workflow.kind, "parameters": workflow.parameters, **about}
