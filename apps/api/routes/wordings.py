"""Revisions of content: list and compare them, restore one, check a text before it is saved."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, PlainTextResponse, Response

from apps.api.paging import SelectionDep, page_answer
from apps.api.wanted_content import HIGHEST, ContentId, Number, Reversion, Words
from apps.desk.dependencies import CallerDep, DbDep, VersionDep, requires
from apps.desk.problems import responses
from pressroom.people.permissions import Action
from pressroom.review import checking, editing, exporting, reading
from pressroom.review.values import Change, Checked, ContentDetail, Wording
from pressroom.store.paging import Page

router = APIRouter(prefix="/content/{content_id}", tags=["content"], dependencies=[requires(Action.READ)])


class Difference(BaseModel):
    """How wording `old` became wording `new`, word by word."""

    old: int
    new: int
    changes: list[Change]


@router.get("/revisions", response_model=Page[Wording], responses=responses(304))
def list_revisions(request: Request, content_id: ContentId, database: DbDep, wanted: SelectionDep) -> Response:
    """List the revisions, the latest first; number 1 is the generated text."""
    page = reading.list_revisions(database, content_id, wanted.cursor, wanted.limit)
    return page_answer(request, page, Wording, wanted.fields)


@router.get("/revisions/{number}")
def get_revision(content_id: ContentId, number: Number, database: DbDep) -> Wording:
    """Return one revision."""
    return reading.get_revision(database, content_id, number)


@router.get("/diff")
def diff_revisions(
    content_id: ContentId,
    database: DbDep,
    old: Annotated[int, Query(ge=1, le=HIGHEST, description="Number of a revision.")],
    new: Annotated[int, Query(ge=1, le=HIGHEST, description="Number of another.")],
) -> Difference:
    """How one wording became another: stretches of words that are `same`, `removed` or `added`."""
    before, after = (reading.get_revision(database, content_id, number) for number in (old, new))
    return Difference(old=old, new=new, changes=list(editing.diff(before.text, after.text)))


@router.post(
    "/revert",
    response_model=ContentDetail,
    dependencies=[requires(Action.EDIT_CONTENT)],
    responses=responses(412, 428),
)
def revert_content(
    content_id: ContentId, wanted: Reversion, version: VersionDep, database: DbDep, caller: CallerDep
) -> Response:
    """Restore an earlier revision as a new one, checked by today's rules."""
    found = editing.revert(database, caller, content_id, wanted.number, version=version)
    return JSONResponse(found.model_dump(mode="json"), headers={"ETag": f'"{found.version}"'})


@router.post("/check")
def check_wording(content_id: ContentId, wanted: Words, database: DbDep) -> Checked:
    """Check a new text without saving it: lengths as the platform counts them, violations, findings."""
    return checking.check_for(database, content_id, wanted.body)


@router.get("/trace")
def trace_content(content_id: ContentId, database: DbDep, caller: CallerDep) -> dict[str, Any]:
    """Return the lineage of the content: document, run, idea, calls, revisions, media, approvals."""
    return reading.trace(database, caller, content_id)


@router.get(
    "/export",
    response_class=PlainTextResponse,
    responses={200: {"content": {"application/json": {"schema": {}}}}},
)
def export_content(
    content_id: ContentId,
    database: DbDep,
    caller: CallerDep,
    kind: Annotated[Literal["text", "json"], Query(alias="as")] = "text",
) -> Response:
    """Export the content, ready to paste: its parts as text with the names of its media, or everything as JSON."""
    found = reading.get_content(database, caller, content_id)
    if kind == "json":
        return JSONResponse(found.model_dump(mode="json"))
    return PlainTextResponse(exporting.as_text(found.parts, found.attachments))
