"""Google Gemini: texts, and what it sees in pictures, by generateContent with structured output."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from pressroom.calls import accepted
from pressroom.calls.accepted import SCHEMA, Accepted
from pressroom.calls.clients import is_listed
from pressroom.calls.failures import unknown_model
from pressroom.calls.pictures import in_base64, label, pictures_of
from pressroom.calls.providers import Account, Kind
from pressroom.model import Answer, Finish, TextRequest
from pressroom.providers.gemini.client import (
    answer_of,
    broken,
    call,
    client_of,
    declared,
    generating,
    generation_config,
    system_instruction,
    tried,
)

MOST_LISTED = 1000
"""Models on one page of the list; there are about sixty."""


class GenerateContent:
    """A client of one account."""

    def __init__(self, account: Account) -> None:
        self.account = account
        client_of(account)

    def send(self, request: TextRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        body = accepted.adapted(
            self.account,
            model,
            lambda known: tried(self.account, "POST", generating(model), _asked(request, model, known)),
            asked=request.max_output_tokens,
        )
        answer = answer_of(self.account, body)
        spent = answer.finish is Finish.LENGTH and not answer.text  # all of it for thinking
        accepted.learn(self.account, model, answer, request.schema, thought=int(spent))
        return answer

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model.removeprefix("models/")
        body = call(self.account, "GET", f"/models?pageSize={MOST_LISTED}", model)
        try:
            known = [listed["name"] for listed in body["models"]]
        except (LookupError, TypeError):
            raise broken(self.account) from None
        if not is_listed(model, known):
            raise unknown_model(self.account, model)


def _asked(request: TextRequest, model: str, known: Accepted) -> dict[str, Any]:
    """The request's body, as `known` takes it."""
    system = known.system(request)
    words = request.prompt if known.takes("system") else f"{system}\n\n{request.prompt}"
    config = generation_config(model, known.output(request.max_output_tokens))
    if not known.takes("thinking"):
        config.pop("thinkingConfig", None)
    if known.takes("temperature"):
        config["temperature"] = request.temperature
    if known.format:
        config["responseMimeType"] = "application/json"
    if known.format == SCHEMA:
        config["responseJsonSchema"] = _schema(request.schema)
    return {
        **(system_instruction(system) if known.takes("system") else {}),
        "contents": [{"role": "user", "parts": _parts(request, words)}],
        "generationConfig": config,
    }


def _parts(request: TextRequest, words: str) -> list[dict[str, Any]]:
    """The words, and before them the pictures, each with its number."""
    parts: list[dict[str, Any]] = []
    for number, image in enumerate(pictures_of(request), 1):
        inline = {"mimeType": image.media_type, "data": in_base64(image)}
        parts += [{"text": label(number)}, {"inlineData": inline}]
    return [*parts, {"text": words}]


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


TEXT = Kind(client=GenerateContent, probe=lambda account: GenerateContent(account).probe())
