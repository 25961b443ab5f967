"""Suggestions: rewrites of a draft that wait beside it until a person takes or dismisses them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from apps.api.routes.content import Redoing, told
from apps.api.wanted_content import ANOTHER, ContentId, Wish
from apps.desk import rewriting
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, VersionDep, requires
from apps.desk.problems import responses
from pressroom.people.permissions import Action
from pressroom.review import suggesting
from pressroom.review.suggesting import SuggestionShown
from pressroom.review.values import ContentDetail

router = APIRouter(prefix="/content/{content_id}/suggestions", tags=["content"], dependencies=[requires(Action.READ)])

EDITS = requires(Action.EDIT_CONTENT)

SuggestionId = Annotated[str, Path(max_length=64, description="The suggestion's id.", examples=[ANOTHER])]
States = Annotated[
    str | None, Query(alias="state", pattern="^(open|taken|dismissed)$", description="Only those in this state.",
                      examples=[suggesting.OPEN]),
]  # fmt: skip


class Suggestions(BaseModel):
    """The suggestions for a draft, the latest first."""

    items: list[SuggestionShown]


@router.get("")
def list_suggestions(content_id: ContentId, database: DbDep, state: States = None) -> Suggestions:
    """List the rewrites that wait beside the draft, and those that were decided on."""
    return Suggestions(items=suggesting.list_suggestions(database, content_id, state=state))


@router.post("", status_code=202, response_model=Redoing, dependencies=[requires(Action.START_WORK)])
def create_suggestion(
    request: Request, content_id: ContentId, wanted: Wish, desk: DeskDep, database: DbDep, caller: CallerDep
) -> Response:
    """Rewrite the draft to a wish, as a suggestion: the draft stays as it is until a person takes it."""
    key = request.headers.get("idempotency-key")
    job = rewriting.rewrite(desk, database, caller, content_id, wanted.note, suggest=True, key=key)
    started = Redoing(id=job.id, kind=job.kind, status=job.status, content_id=content_id)
    return JSONResponse(started.model_dump(mode="json"), 202, {"Location": f"/api/v1/jobs/{job.id}"})


@router.post("/{suggestion_id}/take", response_model=ContentDetail, dependencies=[EDITS], responses=responses(412, 428))
def take_suggestion(
    content_id: ContentId, suggestion_id: SuggestionId, version: VersionDep, database: DbDep, caller: CallerDep
) -> Response:
    """Make the suggestion the draft's text, as its next revision. Approvals of the text before become void."""
    return told(suggesting.take(database, caller, content_id, suggestion_id, version=version))


@router.delete("/{suggestion_id}", status_code=204, dependencies=[EDITS])
def dismiss_suggestion(content_id: ContentId, suggestion_id: SuggestionId, database: DbDep, caller: CallerDep) -> None:
    """Dismiss the suggestion; it stays in the list as dismissed."""
    suggesting.dismiss(database, caller, content_id, suggestion_id)
