"""GET /v1beta/models: the models this server knows, as Gemini lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect
from sandbox.dialects.shared.gemini import GEMINI
from sandbox.replies import Options

DEFAULT = ("gemini-3.5-flash-lite",)


def _read(body: Mapping[str, Any]) -> Ask:
    return Ask("models", body=body)


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    names = DEFAULT if options.known_models is None else options.known_models
    return {"models": [_model(name.removeprefix("models/")) for name in names]}


def _model(name: str) -> dict[str, Any]:
    return {"name": f"models/{name}", "displayName": name, "supportedGenerationMethods": ["generateContent"]}


DIALECT = Dialect(
    name="gemini_models", family=GEMINI, method="GET", path="/v1beta/models", read=_read, write=_write, text=False
)
