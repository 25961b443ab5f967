"""A good answer with something wrong inside."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pressroom.model import Answer, Finish
from sandbox.faults import Fault

REFUSAL = "This is a request I have to decline."
PROSE = "Certainly! Before I write anything, here are a few thoughts on how one could go about it."


def spoil(answer: Answer, fault: Fault) -> Answer:
    """`answer` with a fault of kind `content`; any other fault leaves it as it is."""
    text = answer.text
    match fault:
        case Fault.TRUNCATED:
            return _saying(answer, text[: len(text) // 2], Finish.LENGTH)
        case Fault.REFUSAL:
            return _saying(answer, REFUSAL, Finish.REFUSAL)
        case _:
            return _saying(answer, _otherwise(text, fault), answer.finish)


def _otherwise(text: str, fault: Fault) -> str:
    match fault:
        case Fault.MALFORMED_JSON:
            text = text.rstrip()[:-1]
        case Fault.PROSE:
            text = PROSE
        case Fault.EMPTY:
            text = ""
        case Fault.RULE_BREAKING:
            text = _edited(text, _shortened)
        case Fault.IDENTICAL_IDEAS:
            text = _edited(text, _all_the_first)
    return text


def _saying(answer: Answer, text: str, finish: Finish) -> Answer:
    return answer.model_copy(update={"text": text, "finish": finish})


def _edited(text: str, edit: Callable[[Any], Any]) -> str:
    try:
        return json.dumps(edit(json.loads(text)), ensure_ascii=False)
    except ValueError:
        return text


def _shortened(value: Any) -> Any:
    """Two words of each text, one item of each list; ideas stay as many and lose their descriptions."""
    match value:
        case {"ideas": [*ideas]}:
            return {"ideas": [{**idea, "description": ""} for idea in ideas]}
        case dict():
            return {key: _shortened(item) for key, item in value.items()}
        case list():
            return [_shortened(item) for item in value[:1]]
        case str():
            return " ".join(value.split()[:2])
        case _:
            return value


def _all_the_first(value: Any) -> Any:
    match value:
        case {"ideas": [first, *others]}:
            return {"ideas": [first] * (1 + len(others))}
        case _:
            return value
