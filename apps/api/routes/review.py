"""Review: the drafts of a day that wait for a person, and the approved ones put on the plan at once."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from apps.api.wanted_content import ANOTHER
from apps.desk.dependencies import CallerDep, DbDep, DeskDep, requires
from pressroom.people.permissions import Action
from pressroom.review import next_slots
from pressroom.review.next_slots import ChannelOffer, Planned
from pressroom.review.queue import ReviewQueue, queue

router = APIRouter(prefix="/review", tags=["content"], dependencies=[requires(Action.READ)])

Day = Annotated[dt.date | None, Query(description="The latest day with drafts that wait, without it.",
                                      examples=["2026-11-30"])]  # fmt: skip


class Offers(BaseModel):
    """Channels that take approved drafts of the day which they don't have yet."""

    channels: list[ChannelOffer]


class DayPlan(BaseModel):
    """The day, and the channels to put its approved drafts on."""

    day: dt.date = Field(examples=["2026-11-30"])
    channel_ids: list[Annotated[str, Field(max_length=64)]] = Field(min_length=1, max_length=50, examples=[[ANOTHER]])


class DayPlanned(BaseModel):
    """The outcome for each draft on each channel that takes it."""

    outcomes: list[Planned]


@router.get("")
def get_queue(database: DbDep, day: Day = None) -> ReviewQueue:
    """Return the drafts of a day that wait for a person, grouped by idea, in the order they are reviewed in."""
    return queue(database, day)


@router.get("/channels")
def list_offers(database: DbDep, day: Annotated[dt.date, Query(examples=["2026-11-30"])]) -> Offers:
    """List the channels that approved drafts of a day can go out on, with those drafts."""
    return Offers(channels=list(next_slots.offers(database, day)))


@router.post("/plan", dependencies=[requires(Action.PUBLISH)])
def plan_day(wanted: DayPlan, desk: DeskDep, database: DbDep, caller: CallerDep) -> DayPlanned:
    """Put every approved draft of a day on the next free slots of channels. A refusal leaves the others alone."""
    outcomes = next_slots.plan_day(database, caller, desk.vault, wanted.day, wanted.channel_ids)
    return DayPlanned(outcomes=list(outcomes))
