"""Ideas, and what was made of each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from apps.api.paging import Fields, PartDep, answer, page_answer
from apps.api.queries import query_of
from apps.api.wanted_content import AN_ID
from apps.desk.dependencies import DbDep, requires
from apps.desk.problems import responses
from pressroom.people.permissions import Action
from pressroom.review import ideas
from pressroom.review.ideas import IdeaFilter
from pressroom.review.values import IdeaDetail, IdeaSummary
from pressroom.store.paging import Page

router = APIRouter(prefix="/ideas", tags=["ideas"], dependencies=[requires(Action.READ)])


@router.get("", response_model=Page[IdeaSummary], responses=responses(304))
def list_ideas(
    request: Request,
    database: DbDep,
    wanted: Annotated[IdeaFilter, Depends(query_of(IdeaFilter))],
    part: PartDep,
    fields: Fields = None,
) -> Response:
    """Ideas, newest first."""
    page = ideas.list_ideas(database, wanted, part.cursor, part.limit)
    return page_answer(request, page, IdeaSummary, fields)


@router.get("/{idea_id}", response_model=IdeaDetail, responses=responses(304))
def get_idea(
    request: Request, idea_id: Annotated[str, Path(max_length=64, examples=[AN_ID])], database: DbDep
) -> Response:
    """One idea with the content that was made of it."""
    return answer(request, ideas.get_idea(database, idea_id))
