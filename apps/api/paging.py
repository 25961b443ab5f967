"""Shared by list routes: pages, a choice of fields, and 304 for an unchanged answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from pressroom.errors import WrongInput
from pressroom.store.paging import LONGEST_PAGE, PAGE, Page


class Part(BaseModel):
    """The part of a list that the caller asks for. Lists with filters extend it: FastAPI reads a query as one model."""

    model_config = ConfigDict(frozen=True)

    cursor: str | None = Field(default=None, max_length=200, description="`next_cursor` of the page before.")
    limit: int = Field(default=PAGE, ge=1, le=LONGEST_PAGE, description="Most items of the page.")


class Selection(Part):
    """A part of a list, and the fields of its items that are wanted."""

    fields: str | None = Field(
        default=None,
        max_length=500,
        description="Only these fields of every item, separated with commas: `id,state,text`.",
    )


PartDep = Annotated[Part, Query()]
SelectionDep = Annotated[Selection, Query()]


def page_answer(request: Request, page: Page[Any], model: type[BaseModel], fields: str | None = None) -> Response:
    """A page as JSON, each item with `fields` only; 304 when the caller has it already.

    Raises:
        WrongInput: items have no such field.
    """
    wanted = _wanted(model, fields)
    shown: Any = {"items": {"__all__": wanted}, "next_cursor": True} if wanted else None
    return _answer(request, page.model_dump_json(include=shown))


def answer(request: Request, content: BaseModel, *, etag: str | None = None) -> Response:
    """`content` as JSON with an ETag (by default its hash), or 304 when If-None-Match names that."""
    return _answer(request, content.model_dump_json(), etag)


def _answer(request: Request, written: str, etag: str | None = None) -> Response:
    body = written.encode()
    tag = f'"{etag or hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


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
