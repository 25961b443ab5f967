"""Pictures as a model would make them: of the size asked for, the same for the same words, never of one colour."""

from __future__ import annotations

import base64
import hashlib
import io
from random import Random

from PIL import Image, ImageDraw

from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Trouble
from sandbox.faults import Fault

SHAPES = 14

PAGE = b"<!doctype html><title>Sign in</title><p>This is no picture."


def in_base64(ask: Ask, width: int, height: int, fault: Fault | None) -> str:
    """A PNG for the words of `ask`, with `fault` in it.

    Raises:
        Trouble: the fault is that nothing is made of such words.
    """
    if fault is Fault.REFUSAL:
        raise Trouble(fault)
    return base64.b64encode(_spoilt(ask, width, height, fault)).decode()


def _spoilt(ask: Ask, width: int, height: int, fault: Fault | None) -> bytes:
    whole = _png(_drawn(ask, width, height))
    match fault:
        case Fault.TRUNCATED:
            whole = whole[: len(whole) // 2]
        case Fault.PROSE:
            whole = PAGE
        case Fault.EMPTY:
            whole = _png(Image.new("RGB", (width, height), "#808080"))
        case Fault.RULE_BREAKING:
            whole = _png(_drawn(ask, width // 4, height // 4))
    return whole


def _drawn(ask: Ask, width: int, height: int) -> Image.Image:
    chance = Random(hashlib.sha256(ask.prompt.encode()).digest())  # noqa: S311 (the same words, the same picture)
    shade = Image.linear_gradient("L").resize((width, height))
    ground = Image.new("RGB", (width, height), _colour(chance))
    image = Image.composite(ground, Image.new("RGB", (width, height), _colour(chance)), shade)
    draw = ImageDraw.Draw(image)
    for _ in range(SHAPES):
        x, y = chance.randrange(width), chance.randrange(height)
        size = chance.randrange(min(width, height) // 12 + 1, min(width, height) // 3 + 2)
        paint = draw.ellipse if chance.random() < 0.5 else draw.rectangle
        paint((x - size // 2, y - size // 2, x + size // 2, y + size // 2), fill=_colour(chance))
    return image


def _colour(chance: Random) -> tuple[int, int, int]:
    return (chance.randrange(256), chance.randrange(256), chance.randrange(256))


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()
