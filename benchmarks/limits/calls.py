"""The calls a client makes: all alike where requests are counted, of varying size where tokens are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from pressroom.calls.providers import as_asked, as_written
from pressroom.model import Usage

HEADERS = {"Authorization": "Bearer sandbox-key", "Content-Type": "application/json"}
INPUT, MOST_OUTPUT = (300, 1200), (300, 1800)
"""Tokens of a call: its prompt, and the answer it asks for at most. A draft's are of this size."""
OUTPUT = (100, 300)
"""Tokens of an answer."""
CHARACTERS_A_TOKEN = 4
ANSWERS = 1000
"""More than any case fetches."""
CHANCE = Random(0)
"""The same sizes every time, in each process."""


@dataclass(frozen=True)
class Asked:
    """One call. estimated, most_output: tokens it may take in all, and of them those of the answer."""

    body: str
    estimated: int = 0
    most_output: int = 0


@dataclass(frozen=True)
class Kind:
    """Calls of one kind. unit: what is limited. count: units that a call took, from its answer."""

    unit: str
    path: str
    ask: Callable[[], Asked]
    count: Callable[[Asked, Mapping[str, Any]], int]


def answers() -> list[dict[str, str]]:
    """Scripted replies of varying length."""
    return [{"text": "word" * CHANCE.randint(*OUTPUT)} for _ in range(ANSWERS)]


def _same() -> Asked:
    return Asked(json.dumps({"model": "gpt-4.1-mini", "messages": [{"role": "user", "content": "Say something."}]}))


def _varying() -> Asked:
    read, most = CHANCE.randint(*INPUT), CHANCE.randint(*MOST_OUTPUT)
    message = {"role": "user", "content": "w" * CHARACTERS_A_TOKEN * read}
    return Asked(json.dumps({"model": "m", "messages": [message], "max_tokens": most}), read + most, most)


def _by_openai(asked: Asked, answer: Mapping[str, Any]) -> int:
    usage = answer["usage"]
    used = Usage(input_tokens=usage["prompt_tokens"], output_tokens=usage["completion_tokens"])
    return as_asked(used, asked.most_output)


def _by_anthropic(asked: Asked, answer: Mapping[str, Any]) -> int:
    usage = answer["usage"]
    read = usage["input_tokens"] + usage["cache_read_input_tokens"]
    used = Usage(input_tokens=read, output_tokens=usage["output_tokens"])
    return as_written(used, asked.most_output)


KINDS = {
    "requests": Kind("requests", "/v1/chat/completions", _same, lambda *_: 1),
    "openai tokens": Kind("tokens", "/v1/chat/completions", _varying, _by_openai),
    "anthropic tokens": Kind("tokens", "/v1/messages", _varying, _by_anthropic),
}
