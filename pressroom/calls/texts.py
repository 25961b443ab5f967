"""A text as a chain is asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from pressroom.calls.calling import Call
from pressroom.calls.ledger import CallRecord
from pressroom.calls.links import Link
from pressroom.calls.pictures import picture_tokens
from pressroom.calls.prices import cost_microusd, price_of
from pressroom.calls.reading import after, read
from pressroom.model import Answer, Finish, TextRequest

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
            tokens=_tokens(request),
            counted=lambda usage: link.counted(usage, request.max_output_tokens),
        )

    def read(self, answer: Answer) -> BaseModel:
        return read(answer, self.request.schema)


def _tokens(request: TextRequest) -> int:
    words = (len(request.system) + len(request.prompt)) // CHARACTERS_A_TOKEN
    return words + picture_tokens(request) + request.max_output_tokens
