"""How ElevenLabs says that something is wrong, and who is asking."""

from __future__ import annotations

from typing import Any

from sandbox.dialects.shared.declare import Family
from sandbox.faults import Fault

_SLOW_DOWN = ("too_many_concurrent_requests", "Too many concurrent requests.")
_NO_MONEY = ("quota_exceeded", "This request exceeds your quota: you have 0 credits remaining.")

ERRORS: dict[Fault, tuple[str, str]] = {
    Fault.RATE_LIMIT: _SLOW_DOWN,
    Fault.RATE_LIMIT_DATE: _SLOW_DOWN,
    Fault.RATE_LIMIT_BARE: _SLOW_DOWN,
    Fault.TOKEN_LIMIT: _SLOW_DOWN,
    Fault.SERVER_ERROR: ("internal_error", "An internal error occurred."),
    Fault.UNAVAILABLE: ("system_busy", "The system is experiencing heavy traffic, please try again later."),
    Fault.OVERLOADED: ("system_busy", "The system is experiencing heavy traffic, please try again later."),
    Fault.REQUEST_TIMEOUT: ("timeout", "The request took too long."),
    Fault.CONFLICT: ("conflict", "Another request was in the way."),
    Fault.BAD_KEY: ("invalid_api_key", "Invalid API key."),
    Fault.FORBIDDEN: ("missing_permissions", "The API key you used is missing the permission text_to_speech."),
    Fault.PAYMENT_REQUIRED: _NO_MONEY,
    Fault.INSUFFICIENT_QUOTA: _NO_MONEY,
    Fault.UNKNOWN_MODEL: ("model_not_found", "A model with this model ID does not exist."),
    Fault.BAD_REQUEST: ("invalid_uid", "The request is not valid."),
    Fault.REFUSAL: ("content_against_policy", "This content violates our terms and was blocked by moderation."),
}


def _error(fault: Fault, message: str, request_id: str) -> dict[str, Any]:
    status, usual = ERRORS[fault]
    return {"detail": {"status": status, "message": message or usual}}


ELEVENLABS = Family(
    name="elevenlabs",
    key_of=lambda headers: headers.get("xi-api-key", ""),
    error=_error,
    id_header="request-id",
    statuses={Fault.REFUSAL: 403, Fault.INSUFFICIENT_QUOTA: 401, Fault.PAYMENT_REQUIRED: 401},
)
