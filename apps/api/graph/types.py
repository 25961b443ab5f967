"""The types: the fields that lists of the API show, and what leads from one to another."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

import strawberry

from apps.api.graph.loading import Info
from pressroom.model import State
from pressroom.model.publication_states import PublicationState
from pressroom.model.trends import OpportunityState

for each in (State, PublicationState, OpportunityState):
    strawberry.enum(each)


class Shown:
    """A type whose fields are those of a value of the same names."""

    @classmethod
    def of(cls, value: Any) -> Self:
        fields = dataclasses.fields(cls)  # type: ignore[arg-type]
        return cls(**{each.name: getattr(value, each.name) for each in fields if each.init})

    @classmethod
    def each(cls, values: Iterable[Any]) -> list[Self]:
        return [cls.of(value) for value in values]


@strawberry.type(name="Publication", description="A draft for one channel.")
class PublicationNode(Shown):
    id: str
    content_id: str
    channel: str
    platform: str
    state: PublicationState
    planned_at: dt.datetime
    published_at: dt.datetime | None
    permalink: str
    reason: str
    cost_microusd: int


@strawberry.type(name="Content", description="A draft or post.")
class ContentNode(Shown):
    id: str
    version: int
    state: State
    format: str
    platform: str
    day: dt.date | None
    idea_id: str
    title: str
    category: str
    run_id: str
    excerpt: str
    words: int
    characters: int
    violation_count: int
    finding_count: int
    provider: str
    model: str
    created_at: dt.datetime
    updated_at: dt.datetime

    @strawberry.field(description="The idea or document it was made of.")
    async def idea(self, info: Info) -> IdeaNode | None:
        found = await info.context.ideas.load(self.idea_id)
        return IdeaNode.of(found) if found else None

    @strawberry.field(description="Where it goes or went out.")
    async def publications(self, info: Info) -> list[PublicationNode]:
        return PublicationNode.each(await info.context.publications.load(self.id))


@strawberry.type(name="Idea", description="An idea; of a document, that document.")
class IdeaNode(Shown):
    id: str
    run_id: str
    day: dt.date
    position: int
    title: str
    description: str
    category: str
    document_id: str | None
    created_at: dt.datetime

    @strawberry.field(description="What was made of it, in every format.")
    async def content(self, info: Info) -> list[ContentNode]:
        return ContentNode.each(await info.context.content_of_ideas.load(self.id))


@strawberry.type(name="Score", description="A topic's newest score: its parts from 0 to 1, the two sums from 0 to 100.")
class ScoreNode(Shown):
    at: dt.datetime
    volume: float
    velocity: float
    freshness: float
    breadth: float
    fit: float
    covered: float
    bursting: bool
    trend: float
    opportunity: float


@strawberry.type(name="Topic", description="A topic that is talked about.")
class TopicNode(Shown):
    id: str
    topic: str
    label: str
    region: str
    language: str
    category: str
    first_seen: dt.datetime
    last_seen: dt.datetime
    score: ScoreNode


@strawberry.type(name="Opportunity", description="A topic worth a post.")
class OpportunityNode(Shown):
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
    score: float
    expires_at: dt.datetime
    idea_id: str | None


@strawberry.type(name="Spent", description="Sums over calls.")
class SpentNode(Shown):
    calls: int
    failed: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost_usd: float


@strawberry.type(name="SpentOn", description="Sums over the calls of one day, provider, model or purpose.")
class SpentOnNode(SpentNode):
    on: str


@strawberry.type(name="Usage", description="Tokens, calls and money.")
class UsageNode(Shown):
    total: SpentNode
    by_day: list[SpentOnNode]
    by_provider: list[SpentOnNode]
    by_model: list[SpentOnNode]
    by_purpose: list[SpentOnNode]


@strawberry.type(description="How many drafts are in a state.")
class StateCount:
    state: State
    count: int


@strawberry.type(description="Part of a list; nextCursor leads to the part after it.")
class ContentPage:
    items: list[ContentNode]
    next_cursor: str | None


@strawberry.type(description="Part of a list; nextCursor leads to the part after it.")
class IdeaPage:
    items: list[IdeaNode]
    next_cursor: str | None


@strawberry.type(description="Part of a list; nextCursor leads to the part after it.")
class PublicationPage:
    items: list[PublicationNode]
    next_cursor: str | None
