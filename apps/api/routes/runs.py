"""Runs: what was made, what failed and why, the brief, and the Data Docs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from apps.api.asking import AN_ID
from apps.api.paging import Selection, answer, page_answer
from apps.api.shown_jobs import API
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.problems import responses
from apps.desk.sending import send_page
from pressroom.errors import NotFound
from pressroom.model import RunStatus
from pressroom.people.permissions import Action
from pressroom.store import runs
from pressroom.store.artifacts.keys import content_type_of
from pressroom.store.paging import Page
from pressroom.store.progress import RunProgress, progress_of
from pressroom.store.tables import Run

router = APIRouter(prefix="/runs", tags=["runs"], dependencies=[requires(Action.READ)])

RunId = Annotated[str, Path(max_length=64, description="The run's id.", examples=[AN_ID])]
SHOWN = ("brief.html", "brief.md", "data_docs/index.html")
"""Files of a run that people look for, by where they lie."""


class RunView(BaseModel):
    """One run. `totals`: counts, tokens, cost and seconds, once it has ended."""

    id: str
    kind: str = Field(examples=["daily"])
    day: dt.date
    status: RunStatus
    trigger: str = Field(examples=["scheduled"])
    variant: int = Field(description="How often it was made again, from 0.")
    totals: dict[str, Any] | None
    budget: dict[str, Any] | None = Field(description="The limit of money that was reached, if one was.")
    error: str | None
    started_at: dt.datetime
    closed_at: dt.datetime | None


class FileView(BaseModel):
    """A file of a run."""

    path: str = Field(examples=["brief.html"])
    kind: str = Field(examples=["brief"])
    size: int = Field(description="Bytes.")
    href: str


class RunDetail(RunView):
    """A run with what failed, what was checked, and its files."""

    chain: list[str] = Field(description="Providers it asks, in order.")
    request: dict[str, Any]
    failures: list[dict[str, Any]]
    gate: dict[str, Any] | None = Field(description="What the batch gate found.")
    progress: RunProgress
    links: dict[str, str] = Field(description="The brief and the Data Docs, where they are there.")
    files: list[FileView]


class RunQuery(Selection):
    """The runs that are wanted, and the part of their list."""

    kind: str | None = Field(default=None, max_length=32, examples=["daily"])
    status: RunStatus | None = None
    day: dt.date | None = Field(default=None, description="The day it is for.")


@router.get("", response_model=Page[RunView], responses=responses(304))
def list_runs(request: Request, database: DbDep, caller: CallerDep, wanted: Annotated[RunQuery, Query()]) -> Response:
    """Runs, newest first."""
    asked = wanted.model_dump(exclude={"fields"})
    rows, following = runs.page_of_runs(database, caller.workspace_id, **asked)
    return page_answer(request, Page(items=[_view(row) for row in rows], next_cursor=following), RunView, wanted.fields)


@router.get("/{run_id}", response_model=RunDetail, responses=responses(304))
def get_run(request: Request, run_id: RunId, database: DbDep, caller: CallerDep) -> Response:
    """One run, with its files."""
    run = runs.run_of(database, caller.workspace_id, run_id)
    files = [
        FileView(path=path, kind=each.kind, size=each.size, href=f"{API}/runs/{run.id}/files/{path}")
        for path, each in runs.files_of(database, run).items()
    ]
    detail = RunDetail(
        **run.model_dump(include=set(RunDetail.model_fields)),
        chain=list(run.chain),
        request=run.plan.model_dump(mode="json", exclude={"preferences", "chain"}),
        progress=progress_of(database, run),
        links={each.path: each.href for each in files if each.path in SHOWN},
        files=files,
    )
    return answer(request, detail)


@router.get(
    "/{run_id}/files/{path:path}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def get_run_file(
    run_id: RunId,
    path: Annotated[str, Path(max_length=1000, examples=["brief.html"])],
    desk: DeskDep,
    database: DbDep,
    caller: CallerDep,
) -> Response:
    """Return a file of the run. Pages are shown without running anything in them."""
    run = runs.run_of(database, caller.workspace_id, run_id)
    found = runs.files_of(database, run).get(path)
    if found is None:
        raise NotFound(f"The run has no file {path!r}.", hint="GET /runs/{id} lists them.")
    name = path.rpartition("/")[2]
    return send_page(desk.store, found.key, content_type_of(found.key, None), name=name, sha256=found.sha256)


def _view(row: Run) -> RunView:
    return RunView(**row.model_dump(include=set(RunView.model_fields)))
