"""One call of a paid (or offline) model: what was asked, what came back, what it cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field

from pressroom.model.base import Frozen

MICRO = 1_000_000
"""Costs are whole millionths of a US dollar."""


class Finish(StrEnum):
    """Why a model stopped."""

    STOP = "stop"
    LENGTH = "length"
    REFUSAL = "refusal"


class Usage(Frozen):
    """Tokens of one call. `cached_tokens` is the part of `input_tokens` the provider had in its cache."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0


class Answer(Frozen):
    """A provider's paid answer before any check: a broken answer is an answer too."""

    text: str = Field(description="The model's output, JSON when a schema was asked for.")
    finish: Finish = Finish.STOP
    usage: Usage = Usage()
    model: str = Field(default="", description="The model that answered, as it names itself.")
    request_id: str = Field(default="", description="The provider's own id of the call.")


@dataclass(frozen=True)
class TextRequest:
    """One request for a text, structured by `schema`.

    `inputs` is the same request as data rather than words: what the offline engine works from.
    `prompt_hash` is the hash of the prompt files the words were made with. `round` counts the askings of one draft:
    feedback on the same mistake is a new question even in the same words.
    """

    purpose: str
    system: str
    prompt: str
    schema: type[BaseModel]
    temperature: float
    max_output_tokens: int
    prompt_hash: str = ""
    variant: int = 0
    round: int = 1
    inputs: dict[str, Any] = field(default_factory=dict)
