"""One sentence carried over a redirect to the page that comes next, in a signed cookie that lives for that long."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from pressroom.vault import Vault, same

COOKIE = "pressroom_flash"

Kind = Literal["good", "bad", "note"]
_SECONDS = 60
_LONGEST = 500
_PURPOSE = "flash:"


@dataclass(frozen=True)
class Flash:
    """`kind`: how it is shown. `undo`: the name of the changes that its button undoes; empty for none."""

    text: str
    kind: Kind = "good"
    undo: str = ""


def put(response: Response, flash: Flash, vault: Vault, *, secure: bool) -> None:
    """Have the next page show `flash`."""
    plain = base64.urlsafe_b64encode(json.dumps([flash.kind, flash.text[:_LONGEST], flash.undo]).encode()).decode()
    value = f"{plain}.{vault.mark(_PURPOSE + plain)}"
    response.set_cookie(COOKIE, value, max_age=_SECONDS, httponly=True, secure=secure, samesite="lax", path="/")


def read(request: Request, vault: Vault) -> Flash | None:
    """The message that the page before left; None when it left no message, or the signature is not ours."""
    plain, _, mark = request.cookies.get(COOKIE, "").rpartition(".")
    if not plain or not same(mark, vault.mark(_PURPOSE + plain)):
        return None
    kind, text, undo = json.loads(base64.urlsafe_b64decode(plain))
    return Flash(text, kind, undo)


def clear(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/")
