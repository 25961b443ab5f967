"""POST /v1/images/generations: pictures in base64, as the GPT image models give them."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from pressroom.model import Answer
from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect, Trouble, require
from sandbox.dialects.shared.openai import OPENAI
from sandbox.dialects.shared.pictures import in_base64
from sandbox.faults import Fault
from sandbox.replies import Options
from sandbox.usage import tokens

STANDARD = ("1024x1024", "1536x1024", "1024x1536")
ANY_SIZE = "gpt-image-2"
"""How models begin that make other sizes too, in steps of 16 pixels."""

PIXELS_A_TOKEN = {"low": 3900, "medium": 1000, "high": 250}


def _read(body: Mapping[str, Any]) -> Ask:
    require(body, model=str, prompt=str)
    size(body)
    if body.get("quality", "medium") not in PIXELS_A_TOKEN:
        raise Trouble(Fault.BAD_REQUEST, f"Invalid value: {body['quality']!r} for quality.")
    if body.get("n", 1) != 1 or body.get("output_format", "png") != "png":
        raise Trouble(Fault.BAD_REQUEST, "This server makes one PNG at a time.")
    if "response_format" in body:
        raise Trouble(Fault.BAD_REQUEST, "Unknown parameter: response_format.")
    return Ask("image", body["model"], prompt=body["prompt"], body=body)


def size(body: Mapping[str, Any]) -> tuple[int, int]:
    size = str(body.get("size", STANDARD[0]))
    match = re.fullmatch(r"(\d{2,4})x(\d{2,4})", size)
    width, height = (int(match[1]), int(match[2])) if match else (1, 1)
    free = str(body["model"]).startswith(ANY_SIZE) and not (width % 16 or height % 16)
    if size not in STANDARD and not (free and 655_360 <= width * height <= 8_294_400 and max(width, height) <= 3840):
        raise Trouble(Fault.BAD_REQUEST, f"Invalid size {size!r} for {body['model']}.")
    return width, height


def _picture(ask: Ask, fault: Fault | None) -> str:
    return in_base64(ask, *size(ask.body), fault)


def _write(ask: Ask, answer: Answer, options: Options) -> dict[str, Any]:
    width, height = size(ask.body)
    quality = ask.body.get("quality", "medium")
    said, made = tokens(ask.prompt), -(-width * height // PIXELS_A_TOKEN[quality])
    return {
        "created": int(time.time()),
        "background": ask.body.get("background", "opaque"),
        "data": [{"b64_json": answer.text}],
        "output_format": "png",
        "quality": quality,
        "size": f"{width}x{height}",
        "usage": {
            "input_tokens": said,
            "input_tokens_details": {"image_tokens": 0, "text_tokens": said},
            "output_tokens": made,
            "output_tokens_details": {"image_tokens": made, "text_tokens": 0},
            "total_tokens": said + made,
        },
    }


DIALECT = Dialect(
    name="openai_images",
    family=OPENAI,
    path="/images/generations",
    read=_read,
    write=_write,
    text=False,
    media=_picture,
)
