"""The schema, and what a query may cost: its depth, its length, and the rows it could lead to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)
from strawberry.extensions import MaskErrors, MaxAliasesLimiter, MaxTokensLimiter, QueryDepthLimiter
from strawberry.schema.config import StrawberryConfig

from apps.api.graph.loading import Info, apart
from apps.api.graph.types import (
    ContentNode,
    ContentPage,
    IdeaNode,
    IdeaPage,
    OpportunityNode,
    PublicationNode,
    PublicationPage,
    StateCount,
    TopicNode,
    UsageNode,
)
from pressroom.errors import PressroomError, WrongInput
from pressroom.model import State
from pressroom.model.trends import OpportunityState
from pressroom.review import ideas, listing, publication_views, trends
from pressroom.review.ideas import IdeaFilter
from pressroom.review.listing import ContentFilter
from pressroom.review.publication_views import PublicationFilter
from pressroom.store import usage
from pressroom.store.paging import LONGEST_PAGE, PAGE

DEEPEST, LONGEST, MOST_ALIASES = 6, 2000, 30
MOST_ROWS = 5_000
LONGEST_SPAN = 366

ROWS_WITHOUT_LIMIT = {"content": 15, "publications": 5, "items": 1}
"""About how many rows a list below another field has: the drafts of an idea, the channels of a draft."""


@strawberry.type
class Query:
    """Everything that dashboards read."""

    @strawberry.field(description="Drafts and posts, newest first.")
    async def contents(
        self,
        info: Info,
        states: list[State] | None = None,
        platform: str | None = None,
        format: str | None = None,  # noqa: A002 (the field's own name)
        date_from: dt.date | None = None,
        date_to: dt.date | None = None,
        cursor: str | None = None,
        limit: int = PAGE,
    ) -> ContentPage:
        wanted = ContentFilter(
            states=tuple(states or ()), platform=platform, format=format, date_from=date_from, date_to=date_to
        )
        page = await apart(listing.list_content, info.context.database, wanted, cursor, checked(limit))
        return ContentPage(items=ContentNode.each(page.items), next_cursor=page.next_cursor)

    @strawberry.field(description="How many drafts are in each state.")
    async def counts(
        self, info: Info, date_from: dt.date | None = None, date_to: dt.date | None = None
    ) -> list[StateCount]:
        wanted = ContentFilter(date_from=date_from, date_to=date_to)
        found = await apart(listing.count_by_state, info.context.database, wanted)
        return [StateCount(state=state, count=count) for state, count in found.items()]

    @strawberry.field(description="Ideas and documents, newest first.")
    async def ideas(
        self,
        info: Info,
        category: str | None = None,
        date_from: dt.date | None = None,
        date_to: dt.date | None = None,
        cursor: str | None = None,
        limit: int = PAGE,
    ) -> IdeaPage:
        wanted = IdeaFilter(category=category, date_from=date_from, date_to=date_to)
        page = await apart(ideas.list_ideas, info.context.database, wanted, cursor, checked(limit))
        return IdeaPage(items=IdeaNode.each(page.items), next_cursor=page.next_cursor)

    @strawberry.field(description="What goes out and went out, newest first.")
    async def publications(
        self,
        info: Info,
        planned_from: dt.datetime | None = None,
        planned_to: dt.datetime | None = None,
        cursor: str | None = None,
        limit: int = PAGE,
    ) -> PublicationPage:
        wanted = PublicationFilter(planned_from=planned_from, planned_to=planned_to)
        list_them = publication_views.list_publications
        page = await apart(list_them, info.context.database, wanted, cursor, checked(limit))
        return PublicationPage(items=PublicationNode.each(page.items), next_cursor=page.next_cursor)

    @strawberry.field(description="Topics, the highest trend first.")
    async def topics(
        self, info: Info, region: str | None = None, category: str | None = None, days: int = 2, limit: int = PAGE
    ) -> list[TopicNode]:
        found = await apart(
            trends.list_topics, info.context.database, info.context.caller,
            region=region, category=category, days=checked(days), limit=checked(limit),
        )  # fmt: skip
        return TopicNode.each(found)

    @strawberry.field(description="Topics worth a post, the best first.")
    async def opportunities(
        self, info: Info, states: list[OpportunityState] | None = None, limit: int = PAGE
    ) -> list[OpportunityNode]:
        found = await apart(
            trends.list_opportunities, info.context.database, info.context.caller,
            states=tuple(states or (OpportunityState.OPEN,)), limit=checked(limit),
        )  # fmt: skip
        return OpportunityNode.each(found)

    @strawberry.field(description="Tokens, calls and money from one day to another, both included, in UTC.")
    async def usage(self, info: Info, date_from: dt.date, date_to: dt.date) -> UsageNode:
        if not 0 <= (date_to - date_from).days < LONGEST_SPAN or date_to >= dt.date.max:
            raise WrongInput(f"{date_from} to {date_to} is not a span of 1 to {LONGEST_SPAN} days.")
        workspace = info.context.caller.workspace_id
        found = await apart(usage.usage_of, info.context.database, workspace, date_from, date_to)
        return UsageNode.of(found)


def checked(limit: int) -> int:
    """Raises `WrongInput` for a number of rows or days that no list gives."""
    if not 1 <= limit <= LONGEST_PAGE:
        raise WrongInput(f"{limit} is not a number from 1 to {LONGEST_PAGE}.")
    return limit


def _is_ours(error: Any) -> bool:
    """True for a mistake of ours, of which nothing is told."""
    return error.original_error is not None and not isinstance(error.original_error, PressroomError)


schema = strawberry.Schema(
    query=Query,
    extensions=[
        lambda: QueryDepthLimiter(max_depth=DEEPEST),
        lambda: MaxTokensLimiter(max_token_count=LONGEST),
        lambda: MaxAliasesLimiter(max_alias_count=MOST_ALIASES),
        lambda: MaskErrors(should_mask_error=_is_ours, error_message="An internal error. It is logged."),
    ],
    config=StrawberryConfig(disable_field_suggestions=False),
)


def rows_of(document: DocumentNode, variables: Mapping[str, Any]) -> int:
    """About how many rows the costliest operation of a query leads to, by its limits and what its lists usually have.

    A fragment that is inside itself is counted once; it is refused when the query is validated.
    """
    parts = document.definitions
    fragments = {each.name.value: each for each in parts if isinstance(each, FragmentDefinitionNode)}

    def of(chosen: SelectionSetNode | None, within: tuple[str, ...]) -> int:
        total = 0
        for each in chosen.selections if chosen else ():
            if isinstance(each, FragmentSpreadNode):
                name = each.name.value
                if name in fragments and name not in within:
                    total += of(fragments[name].selection_set, (*within, name))
            elif isinstance(each, FieldNode):
                total += _rows(each, variables) * (1 + of(each.selection_set, within)) if each.selection_set else 0
            elif isinstance(each, InlineFragmentNode):
                total += of(each.selection_set, within)
        return total

    return max((of(each.selection_set, ()) for each in parts if isinstance(each, OperationDefinitionNode)), default=0)


def _rows(field: FieldNode, variables: Mapping[str, Any]) -> int:
    for argument in field.arguments or ():
        if argument.name.value == "limit":
            if isinstance(argument.value, IntValueNode):
                return max(1, int(argument.value.value))
            if isinstance(argument.value, VariableNode):
                given = variables.get(argument.value.name.value)
                return max(1, given) if isinstance(given, int) else PAGE
    return ROWS_WITHOUT_LIMIT.get(field.name.value, PAGE if field.name.value in PAGED else 1)


PAGED = frozenset({"contents", "ideas", "publications", "topics", "opportunities"})
