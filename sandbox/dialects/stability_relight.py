"""POST /v2beta/stable-image/edit/replace-background-and-relight: an order, whose picture is fetched by its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.dialects.shared import orders
from sandbox.dialects.shared.declare import Dialect, Trouble, require
from sandbox.dialects.shared.forms import form, picture_of
from sandbox.dialects.shared.pictures import in_base64
from sandbox.dialects.shared.stability import STABILITY
from sandbox.faults import Fault
from sandbox.replies import Options
from sandbox.wire import Request

ENDPOINT = "replace-background-and-relight"

SMALLEST = 64
MOST_PIXELS = 9_437_184


def _parse(request: Request) -> dict[str, Any]:
    """The fields of the form, and the client's own name for the job."""
    return {**form(request), "idempotency_key": request.headers.get("idempotency-key", "")}


def _read(body: Mapping[str, Any]) -> Ask:
    require(body, background_prompt=str)
    picture = picture_of(body, "subject_image")
    if min(picture.width, picture.height) < SMALLEST or picture.width * picture.height > MOST_PIXELS:
        raise Trouble(Fault.BAD_REQUEST, "subject_image: it has too many pixels, or too few.")
    if not 0 <= float(body.get("preserve_original_subject", 0.6)) <= 1:
        raise Trouble(Fault.BAD_REQUEST, "preserve_original_subject: it must be between 0 and 1.")
    if body.get("output_format", "png") != "png":
        raise Trouble(Fault.BAD_REQUEST, "This server makes PNGs.")
    return Ask("image", ENDPOINT, prompt=body["background_prompt"], body=body, pictures=(picture,))


def _picture(ask: Ask, fault: Fault | None) -> str:
    sent = ask.pictures[0]
    return in_base64(replace(ask, prompt=f"{ask.prompt} {sent.sha256}"), sent.width, sent.height, fault)


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    return {"id": orders.order(answer.text, looks=options.job_looks, key=ask.body["idempotency_key"])}


DIALECT = Dialect(
    name="stability_relight",
    family=STABILITY,
    path=f"/v2beta/stable-image/edit/{ENDPOINT}",
    read=_read,
    write=_write,
    text=False,
    parse=_parse,
    media=_picture,
)
