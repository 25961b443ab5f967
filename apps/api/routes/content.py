"""Content: lists, details, changes, and rewriting a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response, StreamingResponse

from apps.api.paging import answer, page_answer
from apps.api.shown_jobs import Kind
from apps.api.wanted_content import (
    Bulk,
    ContentExport,
    ContentId,
    ContentList,
    ContentQuery,
    Edit,
    SeenDep,
    StateChange,
    Wish,
)
from apps.desk import rewriting
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, VersionDep, check_allowed, requires
from apps.desk.problems import responses
from pressroom.model import Caller, State
from pressroom.people.permissions import Action
from pressroom.review import editing, exporting, listing, moving, reading
from pressroom.review.values import ContentDetail, ContentSummary, MoveOutcome
from pressroom.store.database import Database
from pressroom.store.paging import Page

router = APIRouter(prefix="/content", tags=["content"], dependencies=[requires(Action.READ)])

EDITS = requires(Action.EDIT_CONTENT)

Rows = Callable[[Iterable[ContentSummary]], Iterator[str]]
EXPORTS: Mapping[str, tuple[Rows, str]] = MappingProxyType(
    {"csv": (exporting.csv_rows, "text/csv"), "json": (exporting.json_rows, "application/json")}
)


class Counts(BaseModel):
    """How many pieces of content there are in each state."""

    states: dict[State, int]
    total: int


class Bulked(BaseModel):
    """The outcome of each item, in the order of the request."""

    outcomes: list[MoveOutcome]


class Redoing(BaseModel):
    """The job that rewrites a draft; follow it at `GET /jobs/{id}`."""

    id: str
    kind: Kind
    status: str
    content_id: str


@router.get("", response_model=Page[ContentSummary], responses=responses(304))
def list_content(request: Request, database: DbDep, wanted: Annotated[ContentList, Query()]) -> Response:
    """Content, newest first. `body` and `text` are there when `fields` names them."""
    is_whole = not {"body", "text"}.isdisjoint(name.strip() for name in (wanted.fields or "").split(","))
    page = listing.list_content(database, wanted.filter, wanted.cursor, wanted.limit, whole=is_whole)
    return page_answer(request, page, ContentSummary, wanted.fields)


@router.get("/counts")
def count_content(database: DbDep, wanted: Annotated[ContentQuery, Query()]) -> Counts:
    """Count the content in each state; a filter by state is ignored."""
    found = listing.count_by_state(database, wanted.filter)
    return Counts(states=found, total=sum(found.values()))


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {"schema": {}} for _, kind in EXPORTS.values()}}},
)
def export_all_content(database: DbDep, wanted: Annotated[ContentExport, Query()]) -> StreamingResponse:
    """Export all content that matches the filter, with its texts, as a table or as JSON."""
    rows, media_type = EXPORTS[wanted.kind]
    attached = {"Content-Disposition": f'attachment; filename="content.{wanted.kind}"'}
    found = listing.all_content(database, wanted.filter)
    return StreamingResponse(rows(found), media_type=media_type, headers=attached)


@router.post("/bulk", dependencies=[EDITS])
def change_many(desk: DeskDep, database: DbDep, caller: CallerDep, wanted: Bulk) -> Bulked:
    """Move, delete or restore many pieces. A refused piece is listed with its reason; the others still change."""
    if wanted.action == "move" and wanted.to is State.READY:
        check_allowed(desk, caller, Action.APPROVE_CONTENT)
    return Bulked(outcomes=_changed(database, caller, wanted))


def _changed(database: Database, caller: Caller, wanted: Bulk) -> list[MoveOutcome]:
    if wanted.action == "delete":
        return moving.delete_all(database, caller, wanted.ids, versions=wanted.versions)
    if wanted.action == "restore" or wanted.to is None:
        return moving.restore_all(database, caller, wanted.ids, versions=wanted.versions)
    return moving.move_all(database, caller, wanted.ids, wanted.to, versions=wanted.versions, note=wanted.note)


@router.get("/{content_id}", response_model=ContentDetail, responses=responses(304))
def get_content(request: Request, content_id: ContentId, database: DbDep, caller: CallerDep) -> Response:
    """Return one piece of content, deleted or not. Its ETag is its version; a change names it in `If-Match`."""
    found = reading.get_content(database, caller, content_id)
    return answer(request, found, etag=str(found.version))


@router.put("/{content_id}", response_model=ContentDetail, dependencies=[EDITS], responses=responses(412, 428))
def edit_content(
    content_id: ContentId, wanted: Edit, version: VersionDep, database: DbDep, caller: CallerDep
) -> Response:
    """Save a new text. The original stays, approvals become void, and the answer lists broken rules."""
    return told(editing.edit(database, caller, content_id, wanted.body, version=version, note=wanted.note))


@router.patch("/{content_id}", response_model=ContentDetail, dependencies=[EDITS], responses=responses(412, 428))
def move_content(
    content_id: ContentId, wanted: StateChange, version: VersionDep, desk: DeskDep, database: DbDep, caller: CallerDep
) -> Response:
    """Move the content to a state. `ready` approves exactly this version: refused (422) while it breaks a rule."""
    if wanted.state is State.READY:
        check_allowed(desk, caller, Action.APPROVE_CONTENT)
    moved = moving.move(database, caller, content_id, wanted.state, version=version, note=wanted.note, url=wanted.url)
    return told(moved)


@router.delete("/{content_id}", status_code=204, dependencies=[EDITS], responses=responses(412))
def delete_content(content_id: ContentId, version: SeenDep, database: DbDep, caller: CallerDep) -> None:
    """Delete the content. It can be restored for 30 days, unless the desk has another setting."""
    moving.delete(database, caller, content_id, version=version)


@router.post("/{content_id}/restore", response_model=ContentDetail, dependencies=[EDITS], responses=responses(412))
def restore_content(content_id: ContentId, version: SeenDep, database: DbDep, caller: CallerDep) -> Response:
    """Restore deleted content."""
    return told(moving.restore(database, caller, content_id, version=version))


@router.post(
    "/{content_id}/regenerate", status_code=202, response_model=Redoing, dependencies=[requires(Action.START_WORK)]
)
def regenerate_content(
    request: Request, content_id: ContentId, wanted: Wish, desk: DeskDep, database: DbDep, caller: CallerDep
) -> Response:
    """Rewrite the draft, with a note on what to change. Other drafts of the idea and earlier revisions stay."""
    key = request.headers.get("idempotency-key")
    job = rewriting.rewrite(desk, database, caller, content_id, wanted.note, suggest=False, key=key)
    started = Redoing(id=job.id, kind=job.kind, status=job.status, content_id=content_id)
    return JSONResponse(started.model_dump(mode="json"), 202, {"Location": f"/api/v1/jobs/{job.id}"})


def told(content: ContentDetail) -> Response:
    """The content after a change, with the version that the next one names."""
    return JSONResponse(content.model_dump(mode="json"), headers={"ETag": f'"{content.version}"'})
