"""How a wire format is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.faults import Fault
from sandbox.replies import Options
from sandbox.wire import Request


class Trouble(Exception):
    """The request gets an error answer. `seconds`: of Retry-After, None for no such header."""

    def __init__(self, fault: Fault, message: str = "", *, seconds: float | None = None) -> None:
        super().__init__(message)
        self.fault = fault
        self.message = message
        self.seconds = seconds


@dataclass(frozen=True)
class Counting:
    """The tokens of a call that count against its provider's limit a minute.

    asked: the count when the request comes in, from (input tokens, most output tokens). written: the count once the
    answer is there, from its output tokens.
    """

    asked: Callable[[int, int], int]
    written: Callable[[int], int]


AS_ASKED = Counting(asked=lambda read, most: read + most, written=lambda _: 0)
"""The output asked for counts from the beginning, however little comes. So does OpenAI, and its likes follow it."""
AS_WRITTEN = Counting(asked=lambda read, _: read, written=lambda tokens: tokens)
"""Output counts as it is written. So does Anthropic, which has a limit for each; here one holds for both together."""
AS_READ = Counting(asked=lambda read, _: read, written=lambda _: 0)
"""Input alone counts. So does Gemini: https://ai.google.dev/gemini-api/docs/rate-limits."""


@dataclass(frozen=True)
class Family:
    """The properties that all endpoints of one provider share.

    key_of: the key in the (lower-case) headers, "" when not found.
    error: body of an error answer, from the fault, a message ("" for the usual one) and the request's id.
    id_header: the header that carries the request's id.
    statuses: this provider's statuses for faults, where they differ from the usual ones.
    counting: the tokens that count against its limit a minute.
    """

    name: str
    key_of: Callable[[Mapping[str, str]], str]
    error: Callable[[Fault, str, str], dict[str, Any]]
    id_header: str
    statuses: Mapping[Fault, int] = field(default_factory=dict)
    counting: Counting = AS_ASKED

    def status(self, fault: Fault) -> int:
        return self.statuses.get(fault, fault.status)


@dataclass(frozen=True)
class Dialect:
    """One endpoint. `path`: without `/v1`; `text`: a model writes the answer, so latency, faults, limits apply.

    read: the request's body freed from its wire format; raises `Trouble` for one the provider would reject.
    write: the body of a good answer.
    status: that of a good answer, from its body.
    parse: the fields of a request whose body is no JSON; raises ValueError.
    media: the picture or sound that is made, spoilt by a fault of kind `content`, in base64: the answer's text to
        `write`. media_type: of a body that is the sound itself; "" for JSON, as `write` has it.
    """

    name: str
    family: Family
    path: str
    read: Callable[[Mapping[str, Any]], Ask]
    write: Callable[[Ask, Answer, Options], dict[str, Any]]
    method: str = "POST"
    text: bool = True
    parse: Callable[[Request], Mapping[str, Any]] | None = None
    media: Callable[[Ask, Fault | None], str] | None = None
    media_type: str = ""
    status: Callable[[Mapping[str, Any]], int] = lambda _: 200


def nothing(_ask: Ask, _answer: Answer, _options: Options) -> dict[str, Any]:
    """An empty body: the answer is in its status, or it is a sound."""
    return {}


def bearer(headers: Mapping[str, str]) -> str:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def require(body: Mapping[str, Any], **kinds: type) -> None:
    """Raises `Trouble` for the first field of `kinds` that is missing or of another type."""
    for name, kind in kinds.items():
        if name not in body:
            raise Trouble(Fault.BAD_REQUEST, f"Missing required parameter: {name}.")
        if not isinstance(body[name], kind):
            raise Trouble(Fault.BAD_REQUEST, f"Invalid type for {name}: expected {kind.__name__}.")
    if body.get("stream"):
        raise Trouble(Fault.BAD_REQUEST, "This server does not stream.")
