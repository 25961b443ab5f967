"""A model's fields as the parameters of an address's query, read at once.

FastAPI reads each parameter by itself, which for a list with a dozen filters takes as long as asking the database.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)

_SCHEMAS = "#/components/schemas/{model}"
_read: dict[Callable[..., Any], type[BaseModel]] = {}
"""Which model each dependency of `query_of` reads, for OpenAPI."""


def query_of(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """For `Depends`: the query as `model`; a field with several values is a tuple there. 422 for what it refuses."""
    several = {field.alias or name: get_origin(field.annotation) is tuple for name, field in model.model_fields.items()}

    async def read(request: Request) -> M:
        query = request.query_params
        given = {name: query.getlist(name) if several[name] else query[name] for name in several if name in query}
        try:
            return model.model_validate(given)
        except ValidationError as error:
            told = [{**each, "loc": ("query", *each["loc"])} for each in error.errors()]
            raise RequestValidationError(told) from None

    _read[read] = model
    return read


def described(dependant: Dependant) -> Iterator[dict[str, Any]]:
    """The parameters that a route reads so, for OpenAPI."""
    if dependant.call and (model := _read.get(dependant.call)):
        schema = model.model_json_schema(ref_template=_SCHEMAS)
        for name, each in schema["properties"].items():
            told = {key: each[key] for key in ("description",) if key in each}
            yield {"name": name, "in": "query", "required": False, "schema": each, **told}
    for inner in dependant.dependencies:
        yield from described(inner)
