"""One sentence carried over a redirect to the page that comes next, in a cookie that lives for that long."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "pressroom_flash"

Kind = Literal["good", "bad", "note"]
_SECONDS = 60
_LONGEST = 500


@dataclass(frozen=True)
class Flash:
    """`kind`: how it is shown."""

    text: str
    kind: Kind = "good"


def put(response: Response, flash: Flash, *, secure: bool) -> None:
    """Have the next page show `flash`."""
    plain = json.dumps([flash.kind, flash.text[:_LONGEST]]).encode()
    value = base64.urlsafe_b64encode(plain).decode()
    response.set_cookie(COOKIE, value, max_age=_SECONDS, httponly=True, secure=secure, samesite="lax", path="/")


def read(request: Request) -> Flash | None:
    """What the page before left, if anything."""
    try:
        kind, text = json.loads(base64.urlsafe_b64decode(request.cookies.get(COOKIE, "")))
    except (binascii.Error, ValueError, TypeError):
        return None
    return Flash(str(text), kind if kind in {"good", "bad", "note"} else "note")


def clear(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/")
