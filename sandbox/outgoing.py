"""Answers and errors as HTTP responses, with what may befall them on the line."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from sandbox.dialects.shared.declare import Family, Trouble
from sandbox.faults import Fault
from sandbox.wire import Request, Response


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


TRICKLE_SECONDS = 0.1


def on_the_line(response: Response, fault: Fault | None, seconds: float | None = None) -> Response:
    """`seconds`: the pause of a trickle."""
    match fault:
        case Fault.TRICKLE:
            pause = TRICKLE_SECONDS if seconds is None else seconds
            return Response(response.status, response.body, response.headers, pause=pause)
        case Fault.CUT:
            return Response(response.status, response.body, response.headers, "cut")
        case Fault.DROP:
            return Response(response.status, response.body, response.headers, "drop")
        case Fault.MALFORMED_BODY:
            return Response(response.status, response.body[: len(response.body) // 2], response.headers)
        case _:
            return response


def error_response(family: Family, trouble: Trouble, number: str) -> Response:
    headers = {family.id_header: f"req_{number}", **_retry_after(trouble)}
    body = family.error(trouble.fault, trouble.message, f"req_{number}")
    return Response(family.status(trouble.fault), encoded(body), headers)


def nothing_here(request: Request) -> Response:
    message = f"There is nothing at {request.method} {request.path}."
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return Response(404, encoded({"error": error}))


def _retry_after(trouble: Trouble) -> Mapping[str, str]:
    if trouble.seconds is None:
        return {}
    if trouble.fault is Fault.RATE_LIMIT_DATE:
        return {"retry-after": formatdate(math.ceil(time.time() + trouble.seconds), usegmt=True)}
    return {"retry-after": f"{trouble.seconds:.3f}".rstrip("0").rstrip(".") or "0"}
