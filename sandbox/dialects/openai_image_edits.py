"""POST /v1/images/edits: pictures made out of one that is sent along, by a multipart form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.dialects import openai_images
from sandbox.dialects.shared.declare import Dialect, Trouble
from sandbox.dialects.shared.forms import form, picture_of
from sandbox.dialects.shared.openai import OPENAI
from sandbox.dialects.shared.pictures import in_base64
from sandbox.faults import Fault
from sandbox.replies import Options

FIDELITY = {"gpt-image-1.5": ("low", "high"), "gpt-image-1-mini": ("low",)}
"""Values of `input_fidelity` that a model accepts; the other models reject the field."""

PIXELS_A_TOKEN = 750
"""Of a picture that is sent along."""


def _read(body: Mapping[str, Any]) -> Ask:
    picture = picture_of(body, "image")
    numbered = {**body, "n": int(str(body.get("n", 1)))} if str(body.get("n", 1)).isdigit() else dict(body)
    ask = openai_images.DIALECT.read(numbered)
    allowed = next((told for model, told in FIDELITY.items() if ask.model.startswith(model)), ())
    if "input_fidelity" in body and body["input_fidelity"] not in allowed:
        raise Trouble(Fault.BAD_REQUEST, f"input_fidelity: {ask.model} does not take {body['input_fidelity']!r}.")
    return replace(ask, pictures=(picture,))


def _picture(ask: Ask, fault: Fault | None) -> str:
    return in_base64(
        replace(ask, prompt=f"{ask.prompt} {ask.pictures[0].sha256}"), *openai_images.size(ask.body), fault
    )


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    body = openai_images.DIALECT.write(ask, answer, options)
    usage, picture = body["usage"], ask.pictures[0]
    seen = -(-picture.width * picture.height // PIXELS_A_TOKEN)
    usage["input_tokens_details"]["image_tokens"] = seen
    usage["input_tokens"] += seen
    usage["total_tokens"] += seen
    return body


DIALECT = Dialect(
    name="openai_image_edits",
    family=OPENAI,
    path="/images/edits",
    read=_read,
    write=_write,
    text=False,
    parse=form,
    media=_picture,
)
