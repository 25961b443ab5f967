"""How Anthropic says that something is wrong, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.dialects.shared.declare import AS_WRITTEN, Family, bearer
from sandbox.faults import Fault

_SLOW_DOWN = ("rate_limit_error", "This request would exceed the rate limit of requests per minute.")
_FEWER_TOKENS = ("rate_limit_error", "This request would exceed the rate limit of tokens per minute.")
_NO_MONEY = ("billing_error", "The credit balance of this account is too low.")

ERRORS: dict[Fault, tuple[str, str]] = {
    Fault.RATE_LIMIT: _SLOW_DOWN,
    Fault.RATE_LIMIT_DATE: _SLOW_DOWN,
    Fault.RATE_LIMIT_BARE: _SLOW_DOWN,
    Fault.TOKEN_LIMIT: _FEWER_TOKENS,
    Fault.SERVER_ERROR: ("api_error", "Internal server error."),
    Fault.UNAVAILABLE: ("api_error", "The service is unavailable for a moment."),
    Fault.OVERLOADED: ("overloaded_error", "Overloaded."),
    Fault.REQUEST_TIMEOUT: ("timeout_error", "The request took too long."),
    Fault.CONFLICT: ("conflict_error", "Another request changed the same resource."),
    Fault.BAD_KEY: ("authentication_error", "The API key is not valid."),
    Fault.FORBIDDEN: ("permission_error", "This key may not do that."),
    Fault.PAYMENT_REQUIRED: _NO_MONEY,
    Fault.INSUFFICIENT_QUOTA: _NO_MONEY,
    Fault.UNKNOWN_MODEL: ("not_found_error", "The model does not exist."),
    Fault.BAD_REQUEST: ("invalid_request_error", "The request is not valid."),
}


def _error(fault: Fault, message: str, request_id: str) -> dict[str, Any]:
    kind, usual = ERRORS[fault]
    return {"type": "error", "error": {"type": kind, "message": message or usual}, "request_id": request_id}


def _key_of(headers: Mapping[str, str]) -> str:
    return headers.get("x-api-key", "") or bearer(headers)


ANTHROPIC = Family(
    name="anthropic",
    key_of=_key_of,
    error=_error,
    id_header="request-id",
    statuses={Fault.INSUFFICIENT_QUOTA: 402},
    counting=AS_WRITTEN,
)
