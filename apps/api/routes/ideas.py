"""Ideas, and what was made of each."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from apps.api.dependencies import DbDep, requires
from apps.api.paging import Fields, PartDep, answer, page_answer
from apps.api.problems import responses
from apps.api.wanted_content import AN_ID
from pressroom.accounts.permissions import Action
from pressroom.review import ideas
from pressroom.review.ideas import IdeaFilter
from pressroom.review.listing import LONGEST_SEARCH
from pressroom.review.values import IdeaDetail, IdeaSummary
from pressroom.store.paging import Page

router = APIRouter(prefix="/ideas", tags=["ideas"], dependencies=[requires(Action.READ)])


async def _wanted(
    date_from: Annotated[dt.date | None, Query(description="Of runs on this day or later.")] = None,
    date_to: Annotated[dt.date | None, Query(description="Of runs on this day or earlier.")] = None,
    category: Annotated[str | None, Query(max_length=200, description="Its topic.")] = None,
    text: Annotated[
        str | None, Query(max_length=LONGEST_SEARCH, description="Stands in its title or description.")
    ] = None,
    run: Annotated[str | None, Query(max_length=32, description="Id of its run.")] = None,
) -> IdeaFilter:
    return IdeaFilter(date_from=date_from, date_to=date_to, category=category, text=text, run=run)


@router.get("", response_model=Page[IdeaSummary], responses=responses(304))
def list_ideas(
    request: Request,
    database: DbDep,
    wanted: Annotated[IdeaFilter, Depends(_wanted)],
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
