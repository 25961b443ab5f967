"""Multipart forms with pictures in them, as clients of edits send them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from sandbox.asks import Picture
from sandbox.dialects.shared.declare import Trouble
from sandbox.dialects.shared.shown import shown
from sandbox.faults import Fault
from sandbox.wire import Request


def form(request: Request) -> dict[str, Any]:
    """The fields of a multipart form: text as it is, a file as what a `Picture` holds.

    Raises:
        ValueError: it is no such form. Trouble: a file is no picture, or of another type than it says.
    """
    kind = request.headers.get("content-type", "")
    mark = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n").get_boundary()
    if not kind.startswith("multipart/form-data") or not mark:
        raise ValueError("no multipart form")
    # Split by hand: the email parser changes line ends within a part, and a picture is full of what looks like them.
    parts = (b"\r\n" + request.body).split(b"\r\n--" + mark.encode())
    return dict(_field(part.removeprefix(b"\r\n")) for part in parts[1:-1])


def _field(part: bytes) -> tuple[str, Any]:
    above, _, content = part.partition(b"\r\n\r\n")
    head = message_from_bytes(above + b"\r\n\r\n", _class=EmailMessage, policy=policy.HTTP)
    name = str(head.get_param("name", header="content-disposition"))
    if head.get_filename() is None:
        return name, content.decode()
    picture = shown(head.get_content_type(), base64.b64encode(content).decode())
    return name, {"sha256": picture.sha256, "width": picture.width, "height": picture.height}


def picture_of(body: Mapping[str, Any], name: str) -> Picture:
    """The picture that was sent as `name`. Raises `Trouble` when none was."""
    sent = body.get(name)
    if not isinstance(sent, dict):
        raise Trouble(Fault.BAD_REQUEST, f"{name}: a picture is required.")
    return Picture(**sent)
