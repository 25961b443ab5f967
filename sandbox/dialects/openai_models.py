"""GET /v1/models: the models this server knows; with none declared, those the product asks for by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect
from sandbox.dialects.shared.openai import OPENAI
from sandbox.replies import Options

RELEASED = 1_767_225_600
"""Unix time every model claims to be from."""


def _read(body: Mapping[str, Any]) -> Ask:
    return Ask("models", body=body)


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    from pressroom.calls import providers

    declared = providers.get("openai").settings
    default = (declared.model_fields["model"].default,) if declared else ()
    names = options.known_models if options.known_models is not None else default
    models = [{"id": name, "object": "model", "created": RELEASED, "owned_by": "sandbox"} for name in names]
    return {"object": "list", "data": models}


DIALECT = Dialect(
    name="openai_models", family=OPENAI, method="GET", path="/models", read=_read, write=_write, text=False
)
