"""Trends: topics with their scores over time, the sources behind them, and a collection on demand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from apps.api.asking import ACCEPTED, AN_ID, Around, AskingDep
from apps.api.paging import answer, page_answer
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from apps.desk.problems import responses
from pressroom.model import TrendsRequest
from pressroom.model.requests import Name
from pressroom.model.workflows import TRENDS
from pressroom.people.permissions import Action
from pressroom.review import trends
from pressroom.review.trends import SourceView, TopicDetail, TopicView
from pressroom.store.paging import LONGEST_PAGE, Page

router = APIRouter(prefix="/trends", tags=["trends"], dependencies=[requires(Action.READ)])

TopicId = Annotated[str, Path(max_length=64, description="The topic's id.", examples=[AN_ID])]
COUNTRY = r"^[A-Z]{2}$"


class TopicQuery(BaseModel):
    """The topics that are wanted."""

    model_config = ConfigDict(frozen=True)

    region: str | None = Field(default=None, pattern=COUNTRY, description="Of this country, e.g. DE.")
    category: str | None = Field(default=None, max_length=100, description="In this category.")
    days: int = Field(default=2, ge=1, le=90, description="Seen within so many days.")
    limit: int = Field(default=50, ge=1, le=LONGEST_PAGE, description="Most topics.")
    fields: str | None = Field(default=None, max_length=500, description="Only these fields: `id,label,score`.")


class Collecting(Around):
    """A collection: countries and sources, or those that are set."""

    regions: tuple[Annotated[str, Field(pattern=COUNTRY)], ...] | None = Field(
        default=None, min_length=1, max_length=20, examples=[["DE"]]
    )
    sources: tuple[Name, ...] | None = Field(default=None, min_length=1, max_length=50, examples=[["hacker_news"]])
    example: bool = Field(default=False, description="Collect the recorded example day, without a network.")


@router.get("", response_model=Page[TopicView], responses=responses(304))
def list_trends(
    request: Request, database: DbDep, caller: CallerDep, wanted: Annotated[TopicQuery, Query()]
) -> Response:
    """Topics with their newest scores, the highest trend first, all on one page."""
    chosen = wanted.model_dump(exclude={"fields"})
    items = trends.list_topics(database, caller, **chosen)
    return page_answer(request, Page[TopicView](items=items), TopicView, wanted.fields)


@router.get("/sources", response_model=Page[SourceView], responses=responses(304))
def list_trend_sources(request: Request, database: DbDep, desk: DeskDep, caller: CallerDep) -> Response:
    """Every source: whether it is on, what it needs and costs, its terms, and how it answered last."""
    found = trends.list_sources(database, caller, desk.settings.trends)
    return page_answer(request, Page[SourceView](items=found), SourceView)


@router.post("/collect", dependencies=[requires(Action.START_WORK)], **ACCEPTED)
def collect_trends(wanted: Collecting, asking: AskingDep) -> Response:
    """Ask the sources now. With an `Idempotency-Key`, repeated requests start it once."""
    request = TrendsRequest(regions=wanted.regions, sources=wanted.sources, example=wanted.example)
    return asking.start(request, wanted, title=TRENDS.title)


@router.get("/{topic_id}", response_model=TopicDetail, responses=responses(304, 404))
def get_trend(request: Request, topic_id: TopicId, database: DbDep, caller: CallerDep) -> Response:
    """Return one topic: its scores of 14 days, and what each source says of it."""
    return answer(request, trends.get_topic(database, caller, topic_id))
