"""Google Gemini: texts, and what it sees in pictures, by generateContent with structured output."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from pressroom.calls.clients import is_listed
from pressroom.calls.declare import Account, Provider
from pressroom.calls.failures import from_status
from pressroom.calls.pictures import in_base64, label, pictures_of
from pressroom.calls.token_counts import as_read
from pressroom.model import Answer, TextRequest
from pressroom.providers.gemini.client import (
    answer_of,
    broken,
    call,
    client_of,
    declared,
    generate,
    generation_config,
    system_instruction,
)
from pressroom.providers.gemini.search import GeminiSearch

MOST_LISTED = 1000
"""Models on one page of the list; there are about sixty."""


class GenerateContent:
    """A client of one account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        client_of(account)

    def complete(self, request: TextRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        body = generate(
            self.account,
            model,
            {
                **system_instruction(request.system),
                "contents": [{"role": "user", "parts": _parts(request)}],
                "generationConfig": {
                    **generation_config(model, request.max_output_tokens),
                    "temperature": request.temperature,
                    "responseMimeType": "application/json",
                    "responseJsonSchema": _schema(request.schema),
                },
            },
        )
        return answer_of(self.account, body)

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model.removeprefix("models/")
        body = call(self.account, "GET", f"/models?pageSize={MOST_LISTED}", model)
        try:
            known = [listed["name"] for listed in body["models"]]
        except (LookupError, TypeError):
            raise broken(self.account) from None
        if not is_listed(model, known):
            raise from_status(self.account, HTTPStatus.NOT_FOUND, "", {}, model)


def _parts(request: TextRequest) -> list[dict[str, Any]]:
    """The words, and before them the pictures, each with its number."""
    parts: list[dict[str, Any]] = []
    for number, image in enumerate(pictures_of(request), 1):
        inline = {"mimeType": image.media_type, "data": in_base64(image)}
        parts += [{"text": label(number)}, {"inlineData": inline}]
    return [*parts, {"text": request.prompt}]


@lru_cache(maxsize=64)
def _schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema without what Gemini's structured output does not know."""
    known: dict[str, Any] = _known(schema.model_json_schema())
    return known


def _known(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return [_known(one) for one in schema] if isinstance(schema, list) else schema
    kept = {key: value for key, value in schema.items() if key in declared()["schema_keywords"]}
    if "const" in schema:
        kept["enum"] = [schema["const"]]
    for names in ("properties", "$defs"):  # what stands in them are names, and no keywords
        if names in kept:
            kept[names] = {name: _known(value) for name, value in kept[names].items()}
    return {key: value if key in {"properties", "$defs", "enum"} else _known(value) for key, value in kept.items()}


PROVIDER = Provider(
    name="gemini",
    paid=True,
    text=GenerateContent,
    probe=lambda account: GenerateContent(account).probe(),
    sees=True,
    search=GeminiSearch,
    counted=as_read,
)
