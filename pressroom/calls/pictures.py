"""The pictures that go with a request, in the words providers have for them."""

from __future__ import annotations

import base64

from pressroom.model import TextRequest
from pressroom.model.vision import ShownImage, VisionRequest

PIXELS_A_TOKEN = 750
"""Providers count about so many pixels a token: https://platform.claude.com/docs/en/build-with-claude/vision."""


def pictures_of(request: TextRequest) -> tuple[ShownImage, ...]:
    """The pictures to be sent along; none for a request that is about words alone."""
    return request.images if isinstance(request, VisionRequest) else ()


def in_base64(image: ShownImage) -> str:
    return base64.b64encode(image.data).decode()


def label(number: int) -> str:
    """The label before a picture, so that an answer can name it. number: from 1."""
    return f"Picture {number}:"


def picture_tokens(request: TextRequest) -> int:
    """About what the pictures take of an account's tokens a minute."""
    return sum(image.width * image.height // PIXELS_A_TOKEN + 1 for image in pictures_of(request))
