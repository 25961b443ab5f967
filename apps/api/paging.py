"""What list routes have in common: pages, the fields that are wanted, and answers that need not be sent again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from pressroom.errors import WrongInput
from pressroom.store.paging import LONGEST_PAGE, PAGE, Page


@dataclass(frozen=True)
class Part:
    """Which part of a list is wanted. `cursor`: the `next_cursor` of the page before."""

    cursor: str | None = None
    limit: int = PAGE


async def _part(
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="Most items of the page.")] = PAGE,
) -> Part:
    return Part(cursor, limit)


PartDep = Annotated[Part, Depends(_part)]

Fields = Annotated[
    str | None,
    Query(max_length=500, description="Only these fields of every item, parted by commas: `id,state,text`."),
]


def page_answer(request: Request, page: Page[Any], model: type[BaseModel], fields: str | None = None) -> Response:
    """A page as JSON, each item with `fields` only; 304 when the caller has it already.

    Raises:
        WrongInput: a field that items have not.
    """
    wanted = _wanted(model, fields)
    items = [each.model_dump(mode="json", include=wanted) for each in page.items]
    return answer(request, {"items": items, "next_cursor": page.next_cursor})


def answer(request: Request, content: Any, *, etag: str | None = None) -> Response:
    """`content` as JSON with an ETag (by default its hash), or 304 when If-None-Match names that."""
    response = JSONResponse(jsonable_encoder(content) if isinstance(content, BaseModel) else content)
    tag = f'"{etag or hashlib.sha256(response.body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def _tags(header: str) -> Iterable[str]:
    return (each.strip().removeprefix("W/") for each in header.split(","))


def _wanted(model: type[BaseModel], fields: str | None) -> set[str] | None:
    if not fields:
        return None
    wanted = {name.strip() for name in fields.split(",") if name.strip()}
    if unknown := wanted - set(model.model_fields):
        known = ", ".join(model.model_fields)
        raise WrongInput(f"There is no field {sorted(unknown)[0]!r}.", hint=f"Fields: {known}.")
    return wanted
