"""Everything that can go wrong at a provider, as data, and when it should."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field

from pressroom.model import Frozen

Kind = Literal["status", "line", "content"]


class Fault(StrEnum):
    """One thing that goes wrong.

    kind: `status` is an error answer, `line` a broken or slow connection, `content` a good answer with
        something wrong inside. status: of the HTTP answer, 0 when none is sent.
    """

    kind: Kind
    status: int
    description: str

    def __new__(cls, value: str, kind: Kind, status: int, description: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.kind, member.status, member.description = kind, status, description
        return member

    RATE_LIMIT = "rate_limit", "status", 429, "Too many requests; Retry-After in seconds."
    RATE_LIMIT_DATE = "rate_limit_date", "status", 429, "Too many requests; Retry-After as an HTTP date."
    RATE_LIMIT_BARE = "rate_limit_bare", "status", 429, "Too many requests; no Retry-After."
    TOKEN_LIMIT = "token_limit", "status", 429, "Too many tokens a minute; Retry-After in seconds."
    SERVER_ERROR = "server_error", "status", 500, "The provider failed on its side."
    UNAVAILABLE = "unavailable", "status", 503, "The service is down for a moment."
    OVERLOADED = "overloaded", "status", 529, "The provider has more work than it can do."
    REQUEST_TIMEOUT = "request_timeout", "status", 408, "The provider gave up waiting for the request."
    CONFLICT = "conflict", "status", 409, "Another request was in the way."
    BAD_KEY = "bad_key", "status", 401, "The key is wrong or missing."
    FORBIDDEN = "forbidden", "status", 403, "The key has no right to do this."
    PAYMENT_REQUIRED = "payment_required", "status", 402, "The account has no money left, said with a 402."
    INSUFFICIENT_QUOTA = "insufficient_quota", "status", 429, "No money left: OpenAI's 429, Anthropic's 402."
    UNKNOWN_MODEL = "unknown_model", "status", 404, "The model does not exist."
    BAD_REQUEST = "bad_request", "status", 400, "The provider calls the request invalid."
    HANG = "hang", "line", 0, "No answer, until the client gives up."
    SLOW = "slow", "line", 200, "A good answer, some seconds later (5 unless told)."
    TRICKLE = "trickle", "line", 200, "A good answer byte by byte, one every tenth of a second unless told."
    CUT = "cut", "line", 200, "The connection ends in the middle of the answer."
    DROP = "drop", "line", 0, "The connection ends before the answer begins."
    MALFORMED_BODY = "malformed_body", "line", 200, "The HTTP body is not valid JSON."
    MALFORMED_JSON = "malformed_json", "content", 200, "The model's text is JSON but for its end."
    PROSE = "prose", "content", 200, "The model chats instead of giving JSON."
    TRUNCATED = "truncated", "content", 200, "Half of the text; stopped at the output limit, and says so."
    REFUSAL = "refusal", "content", 200, "The model declines to answer."
    RULE_BREAKING = (
        "rule_breaking",
        "content",
        200,
        "Far too short; ideas lose their description; pictures are small.",
    )
    IDENTICAL_IDEAS = "identical_ideas", "content", 200, "As many ideas as asked for, all the same one."
    EMPTY = "empty", "content", 200, "The model's text is empty, its picture one colour."


PASSING: tuple[Fault, ...] = (
    Fault.RATE_LIMIT,
    Fault.SERVER_ERROR,
    Fault.UNAVAILABLE,
    Fault.OVERLOADED,
    Fault.CUT,
    Fault.DROP,
    Fault.MALFORMED_BODY,
    Fault.MALFORMED_JSON,
    Fault.PROSE,
    Fault.TRUNCATED,
    Fault.RULE_BREAKING,
    Fault.IDENTICAL_IDEAS,
    Fault.EMPTY,
)
"""The faults of a fault rate by default: all that another attempt may cure, except slow ones."""


class Scope(Frozen):
    """Which requests something is meant for; an empty field means any.

    Nothing but `purposes` reaches what is no text: `moderation`, `models`, `image`, `speech`.
    """

    purposes: tuple[str, ...] = Field(
        default=(), description="`ideas`, `draft`, `vision`, `accounts`, `image_caption`, `moderation`, `image`, ..."
    )
    formats: tuple[str, ...] = Field(default=(), description="Formats of drafts, e.g. `x_thread`.")
    dialects: tuple[str, ...] = Field(default=(), description="E.g. `openai_chat`, `anthropic_messages`.")


class FaultRule(Scope):
    """A standing order: this fault for the requests in scope, until the server is reset."""

    fault: Fault
    nth: tuple[int, ...] = Field(default=(), description="Only these of the requests in scope, counted from 1.")
    times: int | None = Field(default=None, ge=1, description="At most so often.")
    rate: float = Field(default=1.0, ge=0, le=1, description="Share of the requests in scope, by the server's seed.")
    seconds: float | None = Field(
        default=None, ge=0, description="Retry-After of a 429, delay of `slow`, pause of `trickle`."
    )
