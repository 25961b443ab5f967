"""The request that a vision chain gets for one picture, or for several to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pressroom.formats import prompts
from pressroom.model.vision import ALT_CHARACTERS, ShownImage, Sights, VisionRequest
from pressroom.writing.requests import with_data

PURPOSE = "vision"

TEMPERATURE = 0.2
OUTPUT_TOKENS = 800
OUTPUT_TOKENS_MORE = 500
"""For each further picture."""


def vision_request(
    images: Sequence[ShownImage], *, words: str = "", language: str = "en", variant: int = 0
) -> VisionRequest:
    """Ask what `images` show; the answer is a `Sights`. words: what their owner says of them. language: BCP 47 tag."""
    inputs: dict[str, Any] = {"pictures": len(images), "words": words}
    system, asked = prompts.load("vision_system"), prompts.load("vision")
    return VisionRequest(
        purpose=PURPOSE,
        system=system.render(),
        prompt=with_data(asked.render(count=len(images), language=language, most=ALT_CHARACTERS), inputs),
        schema=Sights,
        temperature=TEMPERATURE,
        max_output_tokens=OUTPUT_TOKENS + OUTPUT_TOKENS_MORE * (len(images) - 1),
        prompt_hash=f"vision_system:{system.hash}+vision:{asked.hash}",
        variant=variant,
        inputs=inputs,
        images=tuple(images),
    )
