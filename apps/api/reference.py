"""GET /docs: the OpenAPI document as a page to read, made here, since nothing is loaded from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from jinja2 import Environment, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.responses import HTMLResponse

from apps.api import openapi

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Operation:
    """One route. `body`: an example of what it is sent, as JSON; `answers`: status and description of each."""

    id: str
    method: str
    path: str
    summary: str
    parameters: list[dict[str, Any]]
    body: str
    answers: list[tuple[str, str]]
    is_open: bool

    @property
    def first(self) -> str:
        """The first sentence of the summary."""
        return self.summary.partition(". ")[0].rstrip(".") + "."


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """How the API is used."""
    page, policy = _page(json.dumps(request.app.openapi()))
    return HTMLResponse(page, headers={"Content-Security-Policy": policy, "Cache-Control": "no-cache"})


@cache
def _page(document: str) -> tuple[str, str]:
    """The page, and what browsers may load for it: its own style, known by its hash."""
    described = json.loads(document)
    style = _file("reference.css")
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(_file("reference.html"))
    about = Markup(MarkdownIt().render(openapi.DESCRIPTION))  # noqa: S704 (our own words)
    page = template.render(style=Markup(style), about=about, groups=_groups(described), info=described["info"])  # noqa: S704
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return page, f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'"


def _file(name: str) -> str:
    return files("apps.api").joinpath(name).read_text("utf-8")


def _groups(document: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """Operations by what they are about, both by name."""
    found: dict[str, list[Operation]] = {}
    for tag, operation in sorted(_operations(document), key=lambda each: (each[0], each[1].path)):
        found.setdefault(tag, []).append(operation)
    return found


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            content = described.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            yield (
                described.get("tags", ["other"])[0],
                Operation(
                    id=described["operationId"],
                    method=method.upper(),
                    path=path,
                    summary=described.get("description", ""),
                    parameters=[each for each in described.get("parameters", ()) if "schema" in each],
                    body=json.dumps(example(schema, schemas), indent=2, ensure_ascii=False) if schema else "",
                    answers=[(status, each["description"]) for status, each in described["responses"].items()],
                    is_open=not described.get("security"),
                ),
            )


def example(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int = 0) -> Any:
    """A value that `schema` describes: its own example or default where it has one."""
    for key in ("examples", "enum", "anyOf", "oneOf"):
        if schema.get(key):
            first = schema[key][0]
            return example(first, schemas, depth) if key.endswith("Of") else first
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas, depth + 1) if depth < 6 else {}
    if "default" in schema or "const" in schema:
        return schema.get("const", schema.get("default"))
    if "properties" in schema:
        return {name: example(part, schemas, depth + 1) for name, part in schema["properties"].items()}
    if schema.get("type") == "array":
        return [example(schema["items"], schemas, depth + 1)]
    return {"string": "...", "integer": 1, "number": 1.0, "boolean": True, "object": {}}.get(schema.get("type", ""))
