"""GraphQL: one route that reads."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from graphql import GraphQLSyntaxError, parse
from pydantic import BaseModel, Field

from apps.api.graph.loading import Context
from apps.api.graph.schema import LONGEST, MOST_ROWS, rows_of, schema
from apps.desk.dependencies import CallerDep, DbDep, requires
from pressroom.errors import WrongInput
from pressroom.people.permissions import Action

router = APIRouter(prefix="/graphql", tags=["graphql"], dependencies=[requires(Action.READ)])


class GraphQuery(BaseModel):
    """A query, with its variables."""

    query: str = Field(max_length=20_000, examples=["{ contents(limit: 5) { items { title state idea { title } } } }"])
    variables: dict[str, Any] = Field(default={}, examples=[{}])
    operation_name: str | None = Field(default=None, alias="operationName", max_length=200, examples=[None])


class GraphAnswer(BaseModel):
    """As the GraphQL specification has it."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]] = []


@router.post("")
async def query_graph(wanted: GraphQuery, database: DbDep, caller: CallerDep) -> GraphAnswer:
    """Answer a GraphQL query for dashboards. It reads only; depth, length and rows are limited."""
    try:
        rows = rows_of(parse(wanted.query, max_tokens=LONGEST), wanted.variables)
    except GraphQLSyntaxError as error:
        raise WrongInput(f"The query can't be read: {error.message}.") from None
    if rows > MOST_ROWS:
        raise WrongInput(
            f"The query could lead to {rows:,} rows, of {MOST_ROWS:,} that one may.", hint="Set smaller limits."
        )
    done = await schema.execute(
        wanted.query,
        variable_values=wanted.variables,
        context_value=Context(database, caller),
        operation_name=wanted.operation_name,
    )
    return GraphAnswer(data=done.data, errors=[dict(error.formatted) for error in done.errors or ()])


@router.get("/schema")
def get_graph_schema() -> dict[str, str]:
    """Return the schema in GraphQL's own language."""
    return {"schema": schema.as_str()}
