"""The key header and the error format of OpenAI and of providers compatible with it."""

from __future__ import annotations

from typing import Any, NamedTuple

from sandbox.dialects.shared.declare import Family, bearer
from sandbox.faults import Fault


class _Error(NamedTuple):
    type: str
    code: str | None
    message: str


_SLOW_DOWN = _Error("requests", "rate_limit_exceeded", "Rate limit reached on requests per minute.")
_FEWER_TOKENS = _Error("tokens", "rate_limit_exceeded", "Rate limit reached on tokens per minute.")
_NO_MONEY = _Error("insufficient_quota", "insufficient_quota", "The quota of this account is used up.")

ERRORS: dict[Fault, _Error] = {
    Fault.RATE_LIMIT: _SLOW_DOWN,
    Fault.RATE_LIMIT_DATE: _SLOW_DOWN,
    Fault.RATE_LIMIT_BARE: _SLOW_DOWN,
    Fault.TOKEN_LIMIT: _FEWER_TOKENS,
    Fault.SERVER_ERROR: _Error("server_error", None, "The server failed while it worked on this request."),
    Fault.UNAVAILABLE: _Error("server_error", "service_unavailable", "The service is unavailable for a moment."),
    Fault.OVERLOADED: _Error("server_error", "overloaded", "The model is overloaded."),
    Fault.REQUEST_TIMEOUT: _Error("invalid_request_error", "request_timeout", "The request took too long."),
    Fault.CONFLICT: _Error("invalid_request_error", "conflict", "Another request changed the same resource."),
    Fault.BAD_KEY: _Error("invalid_request_error", "invalid_api_key", "The API key is not correct."),
    Fault.FORBIDDEN: _Error("invalid_request_error", "insufficient_permissions", "This key may not do that."),
    Fault.PAYMENT_REQUIRED: _NO_MONEY,
    Fault.INSUFFICIENT_QUOTA: _NO_MONEY,
    Fault.UNKNOWN_MODEL: _Error("invalid_request_error", "model_not_found", "The model does not exist."),
    Fault.BAD_REQUEST: _Error("invalid_request_error", "invalid_value", "The request is not valid."),
    Fault.REFUSAL: _Error("image_generation_user_error", "moderation_blocked", "The safety system rejected this."),
}


def _error(fault: Fault, message: str, request_id: str) -> dict[str, Any]:
    kind, code, usual = ERRORS[fault]
    param = "model" if fault is Fault.UNKNOWN_MODEL else None
    return {"error": {"message": message or usual, "type": kind, "param": param, "code": code}}


OPENAI = Family(
    name="openai",
    key_of=bearer,
    error=_error,
    id_header="x-request-id",
    statuses={Fault.REFUSAL: 400},  # of pictures: a model that declines to write does so with a 200
)
