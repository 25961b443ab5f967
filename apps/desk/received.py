"""Files and words that come with a request: as a form with a file, or as JSON."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from apps.desk.dependencies import CallerDep
from apps.desk.intake import File
from pressroom.errors import WrongInput

FORM = "multipart/form-data"
MOST_FILES, MOST_FIELDS = 20, 50
LONGEST_FIELD = 100_000
"""Characters of a form's field that is no file."""


@dataclass(frozen=True)
class Received:
    """Files by their field, and everything else by its name."""

    files: dict[str, list[File]] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)


async def _received(request: Request, caller: CallerDep) -> AsyncIterator[Received]:
    """Reads what came only once its sender is known; large files lie on the disk."""
    if not request.headers.get("content-type", "").lower().startswith(FORM):
        yield Received(fields=_object(await request.body()))
        return
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD) as form:
        files: dict[str, list[File]] = {}
        fields: dict[str, Any] = {}
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files.setdefault(name, []).append(File(value.filename or "", value.file))
            else:
                fields[name] = value
        yield Received(files, fields)


ReceivedDep = Annotated[Received, Depends(_received)]


def pasted(text: str, title: str) -> File:
    """Pasted words as the file they are kept in."""
    name = title.replace("/", " ").replace("\\", " ").strip()[:100]
    return File(f"{name or 'Pasted text'}.md", BytesIO(text.encode("utf-8", "replace")))


def body_of(form: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Describes to OpenAPI a route that takes a form or JSON, by the two schemas."""
    content = {FORM: {"schema": form}, "application/json": {"schema": other}}
    return {"requestBody": {"required": True, "content": content}}


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise WrongInput("The body is neither a form with a file nor a JSON object.")
    return found
