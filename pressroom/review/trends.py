"""Trends and opportunities as the desk shows them: topics over time, sources with their health, rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from pressroom.errors import NotFound
from pressroom.model import Caller
from pressroom.model.opportunities import opportunity_moves
from pressroom.model.trends import OpportunityState, Signal
from pressroom.settings import TrendSettings
from pressroom.sources.trends import SOURCES, enabled, missing_of
from pressroom.store import opportunities, trends
from pressroom.store.database import Database
from pressroom.store.tables import utc_now
from pressroom.store.trend_tables import OpportunityRow, OpportunityRule, TrendSourceHealth

DAYS = 14
"""Days that the lines of topics go back."""
RULE_NAME = r"^[a-z0-9][a-z0-9-]{0,62}$"
MICROS = 1_000_000


class PointView(BaseModel):
    """A topic's trend at the time of one collection."""

    at: dt.datetime
    trend: float


class ScoreView(BaseModel):
    """A topic's newest score: the parts are between 0 and 1, the two sums between 0 and 100. `docs/trends.md`."""

    model_config = ConfigDict(from_attributes=True)

    at: dt.datetime
    volume: float
    velocity: float
    freshness: float
    breadth: float
    fit: float = Field(description="To the workspace's topics and audience.")
    covered: float = Field(description="How much of it the workspace has covered in 30 days.")
    bursting: bool
    trend: float
    opportunity: float


class TopicView(BaseModel):
    """A topic with its newest score."""

    id: str
    topic: str = Field(description="Stable from day to day.")
    label: str
    region: str = Field(description="ISO 3166-1 alpha-2; empty for the whole world.")
    language: str
    category: str
    first_seen: dt.datetime
    last_seen: dt.datetime
    score: ScoreView
    line: list[PointView] = Field(description="Its trend over time, oldest first.")


class TopicDetail(TopicView):
    """A topic with everything that the sources say of it."""

    signals: list[Signal]


class SourceView(BaseModel):
    """A source of trends: what it needs and costs, and how it answers."""

    name: str
    title: str
    family: str
    is_on: bool
    missing: list[str] = Field(description="Settings without which it can't be asked.")
    terms: str
    terms_address: str
    least_interval_seconds: int
    micros_a_signal: int = Field(description="Price of a signal in millionths of a US dollar; 0: free.")
    last_success_at: dt.datetime | None = None
    failing_since: dt.datetime | None = None
    retry_at: dt.datetime | None = None
    reason: str = ""


class OpportunityView(BaseModel):
    """A topic worth a post now."""

    id: str
    state: OpportunityState
    topic: str
    region: str
    language: str
    category: str
    title: str
    angle: str
    why_now: str
    formats: list[str]
    score: float = Field(description="Between 0 and 100.")
    is_example: bool = Field(description="From the recorded example day: nothing in it is real.")
    links: list[dict[str, Any]] = Field(description="Title and address of the pages it would be written from.")
    signals: int = Field(description="How many signals stand behind it.")
    expires_at: dt.datetime
    taken_by: str
    run_id: str | None = Field(description="The run that writes it.")
    idea_id: str | None = Field(description="The idea it became.")
    moves: list[str] = Field(description="States that a person may move it to now.")


class OpportunityDetail(OpportunityView):
    """An opportunity with the parts of its score and the signals behind it."""

    parts: dict[str, Any]
    behind: list[Signal]


class RuleWish(BaseModel):
    """A rule that takes opportunities by itself."""

    least_score: float = Field(default=70, ge=0, le=100, description="From this score on.", examples=[70])
    categories: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(
        default=[], max_length=20, description="In one of these; empty: in any.", examples=[["technology"]]
    )
    most_a_day: int = Field(default=1, ge=1, le=100, examples=[2])
    active: bool = True


class RuleView(RuleWish):
    """A rule with its name."""

    model_config = ConfigDict(from_attributes=True)

    name: str


# Topics


def list_topics(
    database: Database,
    caller: Caller,
    *,
    region: str | None = None,
    category: str | None = None,
    days: int = 2,
    limit: int = 50,
) -> list[TopicView]:
    """The topics seen in the last `days`, the highest trend first."""
    since = utc_now() - dt.timedelta(days=days)
    found = trends.topics_of(
        database, caller.workspace_id, region=region, category=category, since=since, limit=limit
    )  # fmt: skip
    return [TopicView(**_topic(each)) for each in found]


def get_topic(database: Database, caller: Caller, topic_id: str, *, days: int = DAYS) -> TopicDetail:
    """A topic by its id. Raises NotFound, also for another workspace's."""
    found = trends.topic_of(database, caller.workspace_id, topic_id, utc_now() - dt.timedelta(days=days))
    if found is None or topic_id not in (found.row.id, found.row.topic_id):
        raise NotFound("There is no such topic, or no source has named it for a while.", hint="List the trends.")
    return TopicDetail(**_topic(found), signals=trends.signals_of(database, found.row.id))


def _topic(found: trends.TopicNow) -> dict[str, Any]:
    row = found.row
    return {
        "id": row.id, "topic": row.topic_id, "label": row.label, "region": row.region, "language": row.language,
        "category": row.category, "first_seen": row.first_seen, "last_seen": row.last_seen,
        "score": ScoreView.model_validate(found.score),
        "line": [PointView(at=at, trend=value) for at, value in found.line],
    }  # fmt: skip


# Sources


def list_sources(database: Database, caller: Caller, chosen: TrendSettings) -> list[SourceView]:
    """Every source by name, with its health in the region where it does worst."""
    worst: dict[str, TrendSourceHealth] = {}
    for row in trends.health_of(database, caller.workspace_id):
        if row.source not in worst or (row.failing_since and not worst[row.source].failing_since):
            worst[row.source] = row
    on = set(enabled(chosen))
    return [
        SourceView(
            name=one.name, title=one.title, family=one.family, is_on=one.name in on,
            missing=list(missing_of(one, chosen)), terms=one.terms, terms_address=one.terms_address,
            least_interval_seconds=int(one.least_interval.total_seconds()),
            micros_a_signal=one.price.micros if one.price else 0, **_health(worst.get(one.name)),
        )
        for one in SOURCES
    ]  # fmt: skip


def _health(row: TrendSourceHealth | None) -> dict[str, Any]:
    if row is None:
        return {}
    return row.model_dump(include={"last_success_at", "failing_since", "retry_at"}) | {
        "reason": row.reason if row.failing_since else ""
    }


# Opportunities


def list_opportunities(
    database: Database,
    caller: Caller,
    *,
    states: Iterable[OpportunityState] = (OpportunityState.OPEN,),
    region: str | None = None,
    category: str | None = None,
    limit: int = 50,
) -> list[OpportunityView]:
    """Opportunities in any of the states, the best first."""
    found = opportunities.opportunities_of(
        database, caller.workspace_id, states=tuple(states), region=region, category=category, now=utc_now(),
        limit=limit,
    )  # fmt: skip
    return [OpportunityView(**_opportunity(row)) for row in found]


def get_opportunity(database: Database, caller: Caller, opportunity_id: str) -> OpportunityDetail:
    """One opportunity. Raises NotFound, also for another workspace's."""
    row = opportunities.opportunity_row(database, caller.workspace_id, opportunity_id)
    behind = [Signal.model_validate(signal) for signal in row.signals]
    return OpportunityDetail(**_opportunity(row), parts=row.score, behind=behind)


def take(database: Database, caller: Caller, opportunity_id: str) -> OpportunityDetail:
    """Take it: the next daily run writes about it. Raises NotFound, and MoveRefused when it is not open any more."""
    opportunities.take(database, caller.workspace_id, opportunity_id, by=caller.name, caller=caller)
    return get_opportunity(database, caller, opportunity_id)


def dismiss(database: Database, caller: Caller, opportunity_id: str) -> OpportunityDetail:
    """Dismiss it: its topic gives no further one for 30 days. Raises as `take` does."""
    opportunities.dismiss(database, caller.workspace_id, opportunity_id, by=caller.name, caller=caller)
    return get_opportunity(database, caller, opportunity_id)


def give_back(database: Database, caller: Caller, opportunity_id: str) -> OpportunityDetail:
    """Open a taken one again. Raises NotFound, and MoveRefused where it is not taken or a run writes about it."""
    opportunities.give_back(database, caller.workspace_id, opportunity_id, by=caller.name, caller=caller)
    return get_opportunity(database, caller, opportunity_id)


def _opportunity(row: OpportunityRow) -> dict[str, Any]:
    state = opportunities.state_of(row, utc_now())
    return {
        "id": row.id, "state": state, "topic": row.topic_id, "region": row.region, "language": row.language,
        "category": row.category, "title": row.title, "angle": row.angle, "why_now": row.why_now,
        "formats": row.formats, "score": row.value, "links": row.links, "signals": len(row.signals),
        "is_example": row.is_example,
        "expires_at": row.expires_at, "taken_by": row.taken_by, "run_id": row.taken_run_id, "idea_id": row.subject_id,
        "moves": [move.target for move in opportunity_moves(state, in_run=row.taken_run_id is not None)],
    }  # fmt: skip


# Rules


def is_rule_name(name: str) -> bool:
    return re.fullmatch(RULE_NAME, name) is not None


def list_rules(database: Database, caller: Caller) -> list[RuleView]:
    """The workspace's rules by name."""
    return [RuleView.model_validate(row) for row in opportunities.rules_of(database, caller.workspace_id)]


def save_rule(database: Database, caller: Caller, name: str, wish: RuleWish) -> RuleView:
    """Make a rule, or change the one of that name."""
    wanted = OpportunityRule(
        workspace_id=caller.workspace_id, name=name, created_by=caller.name, **wish.model_dump()
    )  # fmt: skip
    return RuleView.model_validate(opportunities.save_rule(database, wanted, caller))


def remove_rule(database: Database, caller: Caller, name: str) -> None:
    """Raises NotFound when there is no rule of that name."""
    opportunities.remove_rule(database, caller.workspace_id, name, caller)
