"""What a run of Pressroom would send, written down for programs that are not Pressroom."""

from __future__ import annotations

import datetime as dt
import json
import typing
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from benchmarks.daily.peers.work import model
from benchmarks.daily.site import FORMATS
from pressroom.model import Assignment, Idea, IdeaList, Preferences, TextRequest
from pressroom.settings import Settings
from pressroom.writing.requests import draft_request, ideas_request
from tasks.ideas import FIVE

SOME_IDEA = Idea(title="A title", description="A description.", category="technology")
"""Stands where the peers put the ideas that they were answered."""


def write(file: Path, count: int, model_name: str, client: dict[str, Any]) -> None:
    """Write the requests of a day of `count` ideas to `file`; `client`: arguments of the SDK's client."""
    defaults = Settings.model_construct()
    ideas = ideas_request(
        count=count,
        day=dt.datetime.now(dt.UTC).date(),
        preferences=Preferences(),
        temperature=defaults.ideas_temperature,
        max_output_tokens=defaults.ideas_output_tokens * -(-max(count, FIVE) // FIVE),
    )
    drafts = {
        form: draft_request(Assignment(idea=SOME_IDEA, format=form), temperature=defaults.draft_temperature)
        for form in FORMATS
    }
    asks = [_ask("ideas", ideas, model_name), *(_ask(form, request, model_name) for form, request in drafts.items())]
    file.write_text(json.dumps({"client": client, "asks": asks}), "utf-8")


def _ask(name: str, request: TextRequest, model_name: str) -> dict[str, Any]:
    """The request as `peers.work.Ask` takes it."""
    body = shape(request.schema)
    if model(body).model_json_schema() != _plain(IdeaList if name == "ideas" else request.schema):
        raise AssertionError(f"The peers' answer type for {name} is not ours.")
    options = {"model": model_name, "temperature": request.temperature, "max_tokens": request.max_output_tokens}
    return {
        "name": name,
        "system": request.system,
        "words": request.prompt.partition("\n\n<data>\n")[0],
        "inputs": request.inputs,
        "body": body,
        "options": options,
    }


def _plain(schema: type[BaseModel]) -> dict[str, Any]:
    """Its JSON schema without what only forbids more fields: the SDK forbids them anyway."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without(part) for key, part in value.items() if key != "additionalProperties"}
        return value

    plain: dict[str, Any] = without(schema.model_json_schema())
    return plain


def shape(schema: type[BaseModel]) -> dict[str, Any]:
    """`schema` in the words of `peers.work.model`."""
    return {
        "name": schema.__name__,
        "doc": schema.__doc__,
        "fields": {
            name: {"type": _kind(field.annotation), "description": field.description}
            for name, field in schema.model_fields.items()
        },
    }


def _kind(annotation: Any) -> str | dict[str, Any]:
    inner = typing.get_args(annotation)
    if inner and issubclass(inner[0], BaseModel):
        return shape(inner[0])
    return "list[str]" if inner else "str"
