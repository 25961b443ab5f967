"""The address at the foot of an e-mail that ends these e-mails, without a sign-in (RFC 8058: one click)."""

from __future__ import annotations

import re

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from apps.desk import limits
from apps.desk.courier import unsubscribe_token
from apps.desk.dependencies import Desk, DeskDep, OriginDep
from apps.web import rendering
from apps.web.routing import page_router
from pressroom.errors import NotFound
from pressroom.review import notifying
from pressroom.vault import same

router = page_router(prefix="/unsubscribe/{token}")

_FORM = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})\.[0-9a-f]{32}")


@router.get("")
def question(request: Request, desk: DeskDep, origin: OriginDep, token: str) -> Response:
    """The question first: programs that follow every link of an e-mail end nothing."""
    limits.count_address(desk, origin)
    _checked(desk, token)
    return HTMLResponse(rendering.render("unsubscribe.html", done=False), headers={"Cache-Control": "no-store"})


@router.post("")
def end(request: Request, desk: DeskDep, origin: OriginDep, token: str) -> Response:
    """End the e-mails. The address itself is the proof: a mailbox's own button sends nothing else."""
    limits.count_address(desk, origin)
    workspace_id, user_id = _checked(desk, token)
    notifying.unsubscribe(desk.database.within(workspace_id), user_id)
    return HTMLResponse(rendering.render("unsubscribe.html", done=True), headers={"Cache-Control": "no-store"})


def _checked(desk: Desk, token: str) -> tuple[str, str]:
    """(workspace, user) of the address. Raises NotFound when this desk did not make it."""
    found = _FORM.fullmatch(token)
    if found is None or not same(token, unsubscribe_token(desk.vault, found[1], found[2])):
        raise NotFound("This address ends no e-mails.", hint="Copy it whole from the foot of the e-mail.")
    return found[1], found[2]
