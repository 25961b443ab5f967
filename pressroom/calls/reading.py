"""Reading what a model said: as a value of the schema that was asked for, or as what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, ValidationError

from pressroom.errors import BrokenAnswer, ContentRefused
from pressroom.model import Answer, Finish, TextRequest


def read(answer: Answer, schema: type[BaseModel]) -> BaseModel:
    """The answer as a value of `schema`.

    Raises:
        ContentRefused: the model declined. BrokenAnswer: it broke off, or wrote something else.
    """
    if answer.finish is Finish.REFUSAL:
        raise ContentRefused(f"The model declined: {answer.text[:200] or 'without a reason'}.")
    if answer.finish is Finish.LENGTH:
        raise _broken(f"The answer broke off at {answer.usage.output_tokens} output tokens.")
    if "\\u0000" in answer.text:  # PostgreSQL can't keep it
        raise _broken("The answer holds a NUL character, which no post has.")
    try:
        return schema.model_validate_json(answer.text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise _broken(f"The answer is not the JSON that was asked for: {where}: {first['msg']}.") from None


def _broken(message: str) -> BrokenAnswer:
    return BrokenAnswer(message, retry_after=0)  # the provider is well: nothing to wait for


def after(broken: Sequence[Finish], request: TextRequest) -> TextRequest:
    """The request once more: with twice the room for every answer that broke off for want of it."""
    return replace(request, max_output_tokens=request.max_output_tokens * 2 ** list(broken).count(Finish.LENGTH))
