"""Opportunities: topics worth a post now. Take or dismiss them, or let rules take them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from apps.api.asking import AN_ID
from apps.api.paging import answer, page_answer
from apps.api.routes.trends import COUNTRY
from apps.desk.dependencies import CallerDep, DbDep, requires
from apps.desk.problems import responses
from pressroom.model.trends import OpportunityState
from pressroom.people.permissions import Action
from pressroom.review import trends
from pressroom.review.trends import RULE_NAME, OpportunityDetail, OpportunityView, RuleView, RuleWish
from pressroom.store.paging import LONGEST_PAGE, Page

router = APIRouter(prefix="/opportunities", tags=["trends"], dependencies=[requires(Action.READ)])

OpportunityId = Annotated[str, Path(max_length=64, description="The opportunity's id.", examples=[AN_ID])]
RuleName = Annotated[str, Path(pattern=RULE_NAME, description="The rule's name.", examples=["news"])]
EDITS = requires(Action.EDIT_CONTENT)


class OpportunityQuery(BaseModel):
    """The opportunities that are wanted."""

    model_config = ConfigDict(frozen=True)

    states: tuple[OpportunityState, ...] = Field(
        default=(OpportunityState.OPEN,), alias="state", description="In this state; given again: in one of them."
    )
    region: str | None = Field(default=None, pattern=COUNTRY, description="Of this country, e.g. DE.")
    category: str | None = Field(default=None, max_length=100, description="In this category.")
    limit: int = Field(default=50, ge=1, le=LONGEST_PAGE, description="Most opportunities.")
    fields: str | None = Field(default=None, max_length=500, description="Only these fields: `id,title,score`.")


@router.get("", response_model=Page[OpportunityView], responses=responses(304))
def list_opportunities(
    request: Request, database: DbDep, caller: CallerDep, wanted: Annotated[OpportunityQuery, Query()]
) -> Response:
    """Opportunities, the best first, all on one page; the open ones where no state is named."""
    items = trends.list_opportunities(
        database, caller, states=wanted.states, region=wanted.region, category=wanted.category, limit=wanted.limit
    )
    return page_answer(request, Page[OpportunityView](items=items), OpportunityView, wanted.fields)


@router.get("/rules", response_model=Page[RuleView], responses=responses(304))
def list_opportunity_rules(request: Request, database: DbDep, caller: CallerDep) -> Response:
    """The rules by which opportunities are taken without a person."""
    return page_answer(request, Page[RuleView](items=trends.list_rules(database, caller)), RuleView)


@router.put("/rules/{name}", dependencies=[requires(Action.CONFIGURE)])
def save_opportunity_rule(name: RuleName, wanted: RuleWish, database: DbDep, caller: CallerDep) -> RuleView:
    """Make a rule, or change the one of that name. It is applied after each collection."""
    return trends.save_rule(database, caller, name, wanted)


@router.delete("/rules/{name}", status_code=204, dependencies=[requires(Action.CONFIGURE)], responses=responses(404))
def remove_opportunity_rule(name: RuleName, database: DbDep, caller: CallerDep) -> None:
    """Remove a rule. What it has taken stays taken."""
    trends.remove_rule(database, caller, name)


@router.get("/{opportunity_id}", response_model=OpportunityDetail, responses=responses(304, 404))
def get_opportunity(request: Request, opportunity_id: OpportunityId, database: DbDep, caller: CallerDep) -> Response:
    """Return one opportunity with the parts of its score and the signals behind it."""
    return answer(request, trends.get_opportunity(database, caller, opportunity_id))


@router.post("/{opportunity_id}/take", dependencies=[EDITS], responses=responses(404, 409))
def take_opportunity(opportunity_id: OpportunityId, database: DbDep, caller: CallerDep) -> OpportunityDetail:
    """Take it: the next daily run writes an idea about it, from its sources."""
    return trends.take(database, caller, opportunity_id)


@router.post("/{opportunity_id}/give-back", dependencies=[EDITS], responses=responses(404, 409))
def give_opportunity_back(opportunity_id: OpportunityId, database: DbDep, caller: CallerDep) -> OpportunityDetail:
    """Open a taken one again, while no run writes about it. No rule takes it any more."""
    return trends.give_back(database, caller, opportunity_id)


@router.post("/{opportunity_id}/dismiss", dependencies=[EDITS], responses=responses(404, 409))
def dismiss_opportunity(opportunity_id: OpportunityId, database: DbDep, caller: CallerDep) -> OpportunityDetail:
    """Dismiss it: its topic gives no further opportunity for 30 days."""
    return trends.dismiss(database, caller, opportunity_id)
