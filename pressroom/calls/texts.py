"""A text as a chain is asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from pressroom.calls import accepted
from pressroom.calls.calling import Call
from pressroom.calls.ledger import CallRecord
from pressroom.calls.links import Link
from pressroom.calls.pictures import picture_tokens
from pressroom.calls.prices import cost_microusd, price_of
from pressroom.calls.reading import after, read
from pressroom.model import Answer, Finish, TextRequest, Usage

CHARACTERS_A_TOKEN = 4
"""As a rule of thumb, for what a call takes of its account's tokens a minute."""


@dataclass(frozen=True)
class TextErrand:
    """The `Errand` of one request for a text."""

    request: TextRequest

    def record(self, link: Link, broken: Sequence[Finish], task: str) -> CallRecord:
        return link.record(self.request, broken, task)

    def call(self, link: Link, broken: Sequence[Finish], task: str) -> Call:
        request = after(broken, self.request)
        model = link.model(request)
        price_of(model)  # a price file that can't be used is reported before money is spent
        return Call(
            record=self.record(link, broken, task),
            send=lambda: link.client.complete(request),
            cost=lambda answer: cost_microusd(answer.model or model, answer.usage),
            most=_most(link, model, request),
            tokens=_tokens(request),
            counted=lambda usage: link.counted(usage, request.max_output_tokens),
        )

    def read(self, answer: Answer) -> BaseModel:
        return read(answer, self.request.schema)


def _most(link: Link, model: str, request: TextRequest) -> int:
    """The most it may cost, in millionths of a dollar. Words count by their bytes: three are a token at least."""
    words = len((request.system + request.prompt + accepted.in_words(request.schema)).encode("utf-8", "replace")) // 3
    output = accepted.of(link.account, model).output(request.max_output_tokens)
    return cost_microusd(model, Usage(input_tokens=words + picture_tokens(request), output_tokens=output))


def _tokens(request: TextRequest) -> int:
    words = (len(request.system) + len(request.prompt)) // CHARACTERS_A_TOKEN
    return words + picture_tokens(request) + request.max_output_tokens
