"""POST /v1/moderations: flags the words of `Options.flagged`, each as its category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask, text_of
from sandbox.dialects.shared.declare import Dialect, require
from sandbox.dialects.shared.openai import OPENAI
from sandbox.replies import Options

CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
QUIET, LOUD = 0.0001, 0.97
"""Scores of a category that was not found, and of one that was."""


def _read(body: Mapping[str, Any]) -> Ask:
    require(body, input=object)
    texts = _texts(body["input"])
    return Ask("moderation", str(body.get("model", "omni-moderation-latest")), prompt="\n".join(texts), body=body)


def _texts(asked: Any) -> list[str]:
    """One text a result: a string is one, a list of strings many, a list of parts one together."""
    if isinstance(asked, list) and all(isinstance(item, str) for item in asked):
        return list(asked)
    return [text_of(asked)]


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    results = [_result(text.casefold(), options) for text in _texts(ask.body["input"])]
    return {"id": f"modr-{answer.request_id}", "model": ask.model, "results": results}


def _result(text: str, options: Options) -> dict[str, Any]:
    found = {category for word, category in options.flagged.items() if word.casefold() in text}
    return {
        "flagged": bool(found),
        "categories": {name: name in found for name in CATEGORIES},
        "category_scores": {name: LOUD if name in found else QUIET for name in CATEGORIES},
        "category_applied_input_types": {name: ["text"] for name in CATEGORIES},
    }


DIALECT = Dialect(name="openai_moderations", family=OPENAI, path="/moderations", read=_read, write=_write, text=False)
