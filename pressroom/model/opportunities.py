"""The life of an opportunity: one table of moves. Buttons, endpoints, commands and rules ask it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pydantic import Field

from pressroom.errors import MoveRefused
from pressroom.model.base import Frozen
from pressroom.model.ideas import Idea
from pressroom.model.trends import Opportunity, OpportunityState, Signal

S = OpportunityState


@dataclass(frozen=True)
class OpportunityMove:
    """One allowed move. label: on its button; empty where no person makes it."""

    origin: OpportunityState
    target: OpportunityState
    label: str
    means: str


OPPORTUNITY_MOVES = (
    OpportunityMove(S.OPEN, S.TAKEN, "Take", "The next daily run writes an idea about it, from its sources."),
    OpportunityMove(S.OPEN, S.DISMISSED, "Dismiss", "It is nothing for this workspace; the topic is left alone."),
    OpportunityMove(S.OPEN, S.EXPIRED, "", "Its time went by."),
    OpportunityMove(S.TAKEN, S.OPEN, "Give back", "It is open again, and no rule takes it; while no run writes it."),
)
"""Every allowed move; every other state is an end."""


def opportunity_moves(origin: OpportunityState, *, in_run: bool = False) -> tuple[OpportunityMove, ...]:
    """The moves that a person may make from a state, in the table's order. in_run: a run writes about it already."""
    return tuple(move for move in OPPORTUNITY_MOVES if move.origin is origin and move.label and not in_run)


def check_opportunity_move(origin: OpportunityState, target: OpportunityState) -> None:
    """Raises `MoveRefused` when no row of the table leads from `origin` to `target`."""
    if not any(move.origin is origin and move.target is target for move in OPPORTUNITY_MOVES):
        raise MoveRefused(
            f"An opportunity that is {origin} can't become {target}.",
            hint="Open ones can be taken or dismissed, taken ones given back: see `pressroom opportunities list`.",
        )


def check_can_take(state: OpportunityState, language: str, wanted: str) -> None:
    """Raises `MoveRefused` where it is not open, or its sources are in another language than posts are written in.

    language: of its sources, empty where it is unknown. wanted: of the posts.
    """
    check_opportunity_move(state, OpportunityState.TAKEN)
    if language and wanted and primary(language) != primary(wanted):
        raise MoveRefused(
            f"The sources of this opportunity are in {language!r}, and posts are written in {wanted!r}.",
            hint="Dismiss it, or change the workspace's language.",
        )


def primary(tag: str) -> str:
    """`de` of `de-AT`."""
    return tag.partition("-")[0].lower()


class FoundOpportunity(Frozen):
    """An opportunity with what it was made from. call_ids: the provider calls behind its words."""

    opportunity: Opportunity
    signals: tuple[Signal, ...] = ()
    call_ids: tuple[str, ...] = ()


class OpportunityRef(Frozen):
    """An opportunity that a run has taken."""

    id: str
    title: str


class GroundedIdea(Frozen):
    """An idea from an opportunity, with the document that it is written from."""

    opportunity_id: str
    idea: Idea
    document_id: str


class SourceReport(Frozen):
    """The outcome of one source in a collection."""

    source: str
    region: str = ""
    outcome: str = Field(description="`collected`, `unchanged`, `waiting` (asked too recently), or `failed`.")
    answers: int = 0
    signals: int = 0
    cost_usd: float = 0
    milliseconds: int = 0
    code: str = ""
    reason: str = ""


class CollectionReport(Frozen):
    """The result of one collection: one workspace, one region, one six-hour slot."""

    run_id: str
    workspace: str
    region: str = ""
    slot: dt.datetime
    status: str
    sources: tuple[SourceReport, ...] = ()
    signals: int = 0
    topics: int = 0
    opened: int = Field(default=0, description="Opportunities that are new.")
    taken: int = Field(default=0, description="Opportunities that rules took.")
    expired: int = 0
    foreign: int = Field(default=0, description="Topics that are left out for their language alone.")
    digest: str = Field(default="", description="SHA-256 of topics, scores and opportunities: a replay gives the same.")
    error: str = ""


class TrendsReport(Frozen):
    """The result of one start of the flow."""

    collections: tuple[CollectionReport, ...] = ()


class Replayed(Frozen):
    """One collection computed again from its stored answers. digest, before: of now, and as it was stored."""

    run_id: str
    region: str
    slot: dt.datetime
    topics: int
    opportunities: int
    digest: str
    before: str

    @property
    def is_same(self) -> bool:
        return self.digest == self.before
