"""How Azure's speech service says that something is wrong, and who is asking."""

from __future__ import annotations

from typing import Any

from sandbox.dialects.shared.declare import Family
from sandbox.faults import Fault

_USUAL = {
    Fault.BAD_KEY: "Access denied due to invalid subscription key or wrong API endpoint.",
    Fault.INSUFFICIENT_QUOTA: "Out of call volume quota. Quota exceeded for this subscription.",
    Fault.PAYMENT_REQUIRED: "Out of call volume quota. Quota exceeded for this subscription.",
    Fault.UNKNOWN_MODEL: "The model does not exist.",
    Fault.REFUSAL: "The text was blocked by the content filter.",
}


def _error(fault: Fault, message: str, request_id: str) -> dict[str, Any]:
    code = {Fault.REFUSAL: "content_filter", Fault.UNKNOWN_MODEL: "model_not_found"}.get(fault, fault.value)
    return {"error": {"code": code, "message": message or _USUAL.get(fault, fault.description)}}


AZURE = Family(
    name="azure",
    key_of=lambda headers: headers.get("ocp-apim-subscription-key", ""),
    error=_error,
    id_header="x-requestid",
    statuses={Fault.REFUSAL: 400, Fault.INSUFFICIENT_QUOTA: 403, Fault.PAYMENT_REQUIRED: 403},
)
