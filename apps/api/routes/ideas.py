"""Ideas, and what was made of each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import ConfigDict
from starlette.responses import Response

from apps.api.paging import Selection, answer, page_answer
from apps.api.wanted_content import AN_ID
from apps.desk.dependencies import DbDep, requires
from apps.desk.problems import responses
from pressroom.people.permissions import Action
from pressroom.review import ideas
from pressroom.review.ideas import IdeaFilter
from pressroom.review.values import IdeaDetail, IdeaSummary
from pressroom.store.paging import Page

router = APIRouter(prefix="/ideas", tags=["ideas"], dependencies=[requires(Action.READ)])


class IdeaQuery(Selection, IdeaFilter):
    """The ideas that are wanted, and the part of their list."""

    model_config = ConfigDict(extra="ignore")


@router.get("", response_model=Page[IdeaSummary], responses=responses(304))
def list_ideas(request: Request, database: DbDep, wanted: Annotated[IdeaQuery, Query()]) -> Response:
    """Ideas, newest first."""
    page = ideas.list_ideas(database, wanted, wanted.cursor, wanted.limit)
    return page_answer(request, page, IdeaSummary, wanted.fields)


@router.get("/{idea_id}", response_model=IdeaDetail, responses=responses(304))
def get_idea(
    request: Request, idea_id: Annotated[str, Path(max_length=64, examples=[AN_ID])], database: DbDep
) -> Response:
    """One idea with the content that was made of it."""
    return answer(request, ideas.get_idea(database, idea_id))
