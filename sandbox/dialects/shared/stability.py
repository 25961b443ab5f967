"""How Stability AI says that something is wrong, who is asking, and how its endpoints make pictures of words."""

from __future__ import annotations

from collections.abc import Mapping
from email import message_from_bytes, policy
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect, Family, Trouble, bearer, require
from sandbox.dialects.shared.pictures import in_base64
from sandbox.faults import Fault
from sandbox.replies import Options
from sandbox.wire import Request

_SLOW_DOWN = ("rate_limit_exceeded", "You have exceeded the rate limit of requests within 10 seconds.")
_NO_MONEY = ("payment_required", "You lack sufficient credits to make this request.")

ERRORS: dict[Fault, tuple[str, str]] = {
    Fault.RATE_LIMIT: _SLOW_DOWN,
    Fault.RATE_LIMIT_DATE: _SLOW_DOWN,
    Fault.RATE_LIMIT_BARE: _SLOW_DOWN,
    Fault.TOKEN_LIMIT: _SLOW_DOWN,
    Fault.SERVER_ERROR: ("internal_error", "An internal error occurred."),
    Fault.UNAVAILABLE: ("service_unavailable", "The service is unavailable for a moment."),
    Fault.OVERLOADED: ("service_unavailable", "The service has more to do than it can."),
    Fault.REQUEST_TIMEOUT: ("timeout", "The request took too long."),
    Fault.CONFLICT: ("conflict", "Another request was in the way."),
    Fault.BAD_KEY: ("unauthorized", "The authorization header is missing or invalid."),
    Fault.FORBIDDEN: ("permission_denied", "This key may not do that."),
    Fault.PAYMENT_REQUIRED: _NO_MONEY,
    Fault.INSUFFICIENT_QUOTA: _NO_MONEY,
    Fault.UNKNOWN_MODEL: ("not_found", "The model does not exist."),
    Fault.BAD_REQUEST: ("bad_request", "The request is not valid."),
    Fault.REFUSAL: ("content_moderation", "Your request was flagged by our content moderation system."),
}

RATIOS = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "21:9": (1536, 640),
    "2:3": (832, 1216),
    "3:2": (1216, 832),
    "4:5": (896, 1088),
    "5:4": (1088, 896),
    "9:16": (768, 1344),
    "9:21": (640, 1536),
}

PRESETS = (
    *("3d-model", "analog-film", "anime", "cinematic", "comic-book", "digital-art", "enhance", "fantasy-art"),
    *("isometric", "line-art", "low-poly", "modeling-compound", "neon-punk", "origami", "photographic", "pixel-art"),
    "tile-texture",
)


def _error(fault: Fault, message: str, request_id: str) -> dict[str, Any]:
    name, usual = ERRORS[fault]
    return {"id": request_id, "name": name, "errors": [message or usual]}


STABILITY = Family(
    name="stability",
    key_of=bearer,
    error=_error,
    id_header="x-request-id",
    statuses={Fault.REFUSAL: 403, Fault.INSUFFICIENT_QUOTA: 402},
)


def generating(endpoint: str) -> Dialect:
    """The dialect of /v2beta/stable-image/generate/`endpoint`."""
    return Dialect(
        name=f"stability_{endpoint}",
        family=STABILITY,
        path=f"/v2beta/stable-image/generate/{endpoint}",
        read=lambda body: _read(body, endpoint),
        write=_write,
        text=False,
        parse=_parse,
        media=_picture,
    )


def _parse(request: Request) -> dict[str, str]:
    """The fields of a multipart form."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        raise ValueError("no multipart form")
    form = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.body, policy=policy.HTTP)
    parts = ((part.get_param("name", header="content-disposition"), part) for part in form.iter_parts())
    return {str(name): bytes(part.get_payload(decode=True)).decode() for name, part in parts}


def _read(body: Mapping[str, Any], endpoint: str) -> Ask:
    require(body, prompt=str)
    for name, allowed in (("aspect_ratio", RATIOS), ("output_format", {"png"}), ("style_preset", PRESETS)):
        if name in body and body[name] not in allowed:
            raise Trouble(Fault.BAD_REQUEST, f"{name}: {body[name]!r} is not one of those there are.")
    if ("model" in body) != (endpoint == "sd3"):
        raise Trouble(Fault.BAD_REQUEST, "model: is for sd3, and needed there.")
    return Ask("image", str(body.get("model", endpoint)), prompt=body["prompt"], body=body)


def _picture(ask: Ask, fault: Fault | None) -> str:
    return in_base64(ask, *RATIOS[ask.body.get("aspect_ratio", "1:1")], fault)


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    return {"image": answer.text, "finish_reason": "SUCCESS", "seed": 343940597}
