"""How Google Gemini says that something is wrong, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.dialects.shared.declare import AS_READ, Family
from sandbox.faults import Fault

_SLOW_DOWN = ("RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details.")
_FEWER_TOKENS = ("RESOURCE_EXHAUSTED", "You exceeded your current quota of input tokens per minute.")
_NO_MONEY = ("RESOURCE_EXHAUSTED", "Your prepayment credits are depleted.")

ERRORS: dict[Fault, tuple[str, str]] = {
    Fault.RATE_LIMIT: _SLOW_DOWN,
    Fault.RATE_LIMIT_DATE: _SLOW_DOWN,
    Fault.RATE_LIMIT_BARE: _SLOW_DOWN,
    Fault.TOKEN_LIMIT: _FEWER_TOKENS,
    Fault.SERVER_ERROR: ("INTERNAL", "An internal error has occurred."),
    Fault.UNAVAILABLE: ("UNAVAILABLE", "The service is currently unavailable."),
    Fault.OVERLOADED: ("UNAVAILABLE", "The model is overloaded. Please try again later."),
    Fault.REQUEST_TIMEOUT: ("DEADLINE_EXCEEDED", "The request took too long."),
    Fault.CONFLICT: ("ABORTED", "Another request was in the way."),
    Fault.BAD_KEY: ("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
    Fault.FORBIDDEN: ("PERMISSION_DENIED", "This key may not do that."),
    Fault.PAYMENT_REQUIRED: _NO_MONEY,
    Fault.INSUFFICIENT_QUOTA: _NO_MONEY,
    Fault.UNKNOWN_MODEL: ("NOT_FOUND", "The model is not found for API version v1beta."),
    Fault.BAD_REQUEST: ("INVALID_ARGUMENT", "The request is not valid."),
    Fault.REFUSAL: ("INVALID_ARGUMENT", "The text was blocked by the content filter."),
}

STATUSES = {Fault.BAD_KEY: 400, Fault.OVERLOADED: 503, Fault.REQUEST_TIMEOUT: 504}


def _error(fault: Fault, message: str, request_id: str) -> dict[str, Any]:
    status, usual = ERRORS[fault]
    error: dict[str, Any] = {
        "code": STATUSES.get(fault, fault.status),
        "message": message or usual,
        "status": status,
    }
    if fault is Fault.BAD_KEY:
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
        error["details"] = [{**info, "domain": "googleapis.com"}]
    return {"error": error}


def _key_of(headers: Mapping[str, str]) -> str:
    return headers.get("x-goog-api-key", "")


GEMINI = Family(
    name="gemini",
    key_of=_key_of,
    error=_error,
    id_header="x-request-id",
    statuses=STATUSES,
    counting=AS_READ,
)

GOOGLE = replace(GEMINI, name="google", statuses={**STATUSES, Fault.REFUSAL: 400})
"""Google Cloud says it in the same way."""
