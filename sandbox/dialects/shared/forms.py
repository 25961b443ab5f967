"""Multipart forms with pictures in them, as clients of edits send them."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from sandbox.asks import Picture
from sandbox.dialects.shared.declare import Trouble
from sandbox.dialects.shared.shown import shown
from sandbox.faults import Fault
from sandbox.wire import Request


@dataclass(frozen=True)
class FormPart:
    """One field of a multipart form. filename: None for a plain field."""

    name: str
    filename: str | None
    media_type: str
    content: bytes


def parts(request: Request) -> Iterator[FormPart]:
    """The fields of a multipart form, in their order.

    Raises:
        ValueError: it is no such form.
    """
    kind = request.headers.get("content-type", "")
    mark = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n").get_boundary()
    if not kind.startswith("multipart/form-data") or not mark:
        raise ValueError("no multipart form")
    # Split by hand: the email parser changes line ends within a part, and a picture is full of what looks like them.
    for part in (b"\r\n" + request.body).split(b"\r\n--" + mark.encode())[1:-1]:
        above, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        head = message_from_bytes(above + b"\r\n\r\n", _class=EmailMessage, policy=policy.HTTP)
        name = str(head.get_param("name", header="content-disposition"))
        yield FormPart(name, head.get_filename(), head.get_content_type(), content)


def form(request: Request) -> dict[str, Any]:
    """The fields of a multipart form: text as it is, a file as what a `Picture` holds.

    Raises:
        ValueError: it is no such form. Trouble: a file is no picture, or of another type than it says.
    """
    return {part.name: _value(part) for part in parts(request)}


def _value(part: FormPart) -> Any:
    if part.filename is None:
        return part.content.decode()
    picture = shown(part.media_type, base64.b64encode(part.content).decode())
    return {"sha256": picture.sha256, "width": picture.width, "height": picture.height}


def picture_of(body: Mapping[str, Any], name: str) -> Picture:
    """The picture that was sent as `name`. Raises `Trouble` when none was."""
    sent = body.get(name)
    if not isinstance(sent, dict):
        raise Trouble(Fault.BAD_REQUEST, f"{name}: a picture is required.")
    return Picture(**sent)
