"""Reading what a model said: as a value of the schema that was asked for, or as what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from pressroom.errors import BrokenAnswer, ContentRefused
from pressroom.model import Answer, Finish, TextRequest

_THOUGHT = re.compile(
    r"</think(?:ing)?>|</reasoning>|</thought>|\[/THINK\]|<\|channel\|>final<\|message\|>", re.IGNORECASE
)
"""These end a model's thinking where its server leaves it in the answer; some send the end without a beginning."""

_THINKING = re.compile(r"(?i)\s*(<think|<reasoning>|<thought>|\[THINK\]|<\|channel\|>analysis)")

_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
"""A comma after the last item: it stands outside of every text, and can mean nothing else."""

_NUMBER = re.compile(r"\d+")
REPEATS = 3
REPEATED_CHARACTERS = 60
"""A model goes round in a circle when its last words stand there so often, in so many characters at least."""

_LONGEST_CIRCLE = 500

_DECODER = json.JSONDecoder(strict=False)  # line breaks inside of texts can mean nothing else either
_MOST_TRIES = 200
"""Braces at which an object is looked for; each costs a look at the text behind it."""


def read(answer: Answer, schema: type[BaseModel]) -> BaseModel:
    """The answer as a value of `schema`: the one object in it that fits, whatever stands around it.

    Raises:
        ContentRefused: the model declined. BrokenAnswer: it broke off, or wrote something else.
    """
    if answer.finish is Finish.REFUSAL:
        raise ContentRefused(f"The model declined: {answer.text[:200] or 'without a reason'}.")
    if answer.finish is Finish.LENGTH:
        over = " It repeats itself." if repeats_itself(answer.text) else ""
        raise _broken(f"The answer broke off at {answer.usage.output_tokens} output tokens.{over}")
    if "\\u0000" in answer.text or "\x00" in answer.text:  # PostgreSQL can't keep it
        raise _broken("The answer holds a NUL character, which no post has.")
    try:
        return schema.model_validate_json(answer.text)
    except ValidationError as error:
        return _found(answer.text, schema, error)


def _found(text: str, schema: type[BaseModel], whole: ValidationError) -> BaseModel:
    """The value of the one object in `text` that fits. `whole`: what is wrong with the text as it is."""
    wrong = whole
    for found in _found_in(text):
        fitting: list[BaseModel] = []
        for value in found:
            try:
                fitting.append(schema.model_validate_json(json.dumps(value)))
            except ValidationError as error:
                wrong = error
        if fitting and all(value == fitting[0] for value in fitting):
            return fitting[0]
        if fitting:
            raise _broken(f"The answer holds {len(fitting)} different objects of the kind that was asked for.")
    first = wrong.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the whole"
    raise _broken(f"The answer is not the JSON that was asked for: {where}: {first['msg']}.") from None


def objects_in(text: str) -> list[dict[str, Any]]:
    """The JSON objects in `text`, none inside of another: after its thinking, in a fence, between words."""
    return next((found for found in _found_in(text) if found), [])


def _found_in(text: str) -> Iterator[list[dict[str, Any]]]:
    """The objects of what is said, as it stands and without commas after last items; never of what is thought.

    What ends a thought may also stand inside of an object: then it is no end.
    """
    *thought, said = _THOUGHT.split(text)
    if not thought and _THINKING.match(text):
        return
    for view in (said, _without_last_commas(said)):
        yield list(_objects(view))
    for view in (text, _without_last_commas(text)) if thought else ():
        yield [value for value in _objects(view) if _THOUGHT.search(json.dumps(value, ensure_ascii=False))]


def _without_last_commas(text: str) -> str:
    return _LAST_COMMA.sub(lambda one: one[1] or "", text)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    at = text.find("{")
    for _ in range(_MOST_TRIES):
        if at < 0:
            return
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield value
        at = text.find("{", end)


def _broken(message: str) -> BrokenAnswer:
    return BrokenAnswer(message, retry_after=0)  # the provider is well: nothing to wait for


def ended(answer: Answer) -> Finish:
    """How it ended; one that went round in a circle didn't end for want of room: with more, it goes round longer."""
    return Finish.STOP if answer.finish is Finish.LENGTH and repeats_itself(answer.text) else answer.finish


def repeats_itself(text: str) -> bool:
    """True when it ends with the same words over and over; a list that goes on counting (1., 2.) is the same, too."""
    tail = _NUMBER.sub("0", text[-2 * REPEATS * _LONGEST_CIRCLE :])
    return any(
        tail.endswith(tail[-length:] * max(REPEATS, -(-REPEATED_CHARACTERS // length)))
        for length in range(1, min(_LONGEST_CIRCLE, len(tail)) + 1)
    )


def after(broken: Sequence[Finish], request: TextRequest) -> TextRequest:
    """The request once more: with twice the room for every answer that broke off for want of it."""
    return replace(request, max_output_tokens=request.max_output_tokens * 2 ** list(broken).count(Finish.LENGTH))
