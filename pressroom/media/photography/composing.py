"""A product picture put together without a model: the cut-out on a ground, with the shadow it would throw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pressroom.calls.images import EditRequest
from pressroom.errors import CannotCompose
from pressroom.media.photography.cutting_out import CutOut, check_cut_out, cut_out
from pressroom.media.photography.grounds import ground, ground_colour
from pressroom.media.photography.shadows import shadow
from pressroom.media.photography.styles import Composition, photo_style, photo_styles
from pressroom.media.pictures.taken import Taken

MOST_ENLARGED = 2.0
"""A cut-out with fewer pixels than that stays smaller in the frame than its style would have it."""

_SOFT = 1.15
_SHADE_OF_GROUND = 0.12
"""The share of the ground's colour that is left in the darkest shadow: a shadow is its ground in little light."""


def check_composable(request: EditRequest) -> None:
    """Raises `CannotCompose` when `request` can't be made without a model."""
    _composition(request.style)
    check_cut_out(_photo(request))


def composed(request: EditRequest) -> tuple[Image.Image, tuple[str, ...]]:
    """The picture of `request`, RGB, in its size, and sentences for a reviewer.

    Raises:
        CannotCompose: its style needs a model, or the product can't be cut out.
    """
    spec = _composition(request.style)
    cut = cut_out(_photo(request), request.width, request.height)
    return _set(cut, spec, request)


def _photo(request: EditRequest) -> Taken:
    assert isinstance(request.source, Taken), "what is composed here was taken in here"
    return request.source


def _set(cut: CutOut, spec: Composition, request: EditRequest) -> tuple[Image.Image, tuple[str, ...]]:
    size, scale = (request.width, request.height), _scale(cut.image, spec, request)
    product = scaled(cut.image, *(max(1, round(edge * scale)) for edge in cut.image.size))
    colour, moved = ground_colour(product, request.ground or request.brand.background)
    place = ((size[0] - product.width) // 2, _upper(product.height, size[1], spec))
    levels = ground(colour, *size, spec)
    levels *= 1 - shadow(product, place, size, spec)[..., None] * (1 - _SHADE_OF_GROUND)
    picture = Image.fromarray(np.clip(levels + 0.5, 0, 255).astype(np.uint8)).convert("RGBA")
    picture.alpha_composite(product, place)
    notes = (*cut.notes, moved, f"Enlarged {scale:.2f} times: the cut-out is small." if scale > _SOFT else "")
    return picture.convert("RGB"), tuple(filter(None, notes))


def _scale(product: Image.Image, spec: Composition, request: EditRequest) -> float:
    room = 1 + spec.lift  # the shadow below it has to fit too
    fits = min(request.width * spec.share / product.width, request.height * spec.share / (product.height * room))
    return min(fits, MOST_ENLARGED)


def _upper(high: int, frame: int, spec: Composition) -> int:
    return max(0, round(frame * spec.centre - high / 2))


def _composition(style: str) -> Composition:
    spec = photo_style(style).composed
    if spec is None:
        able = " and ".join(name for name, one in photo_styles().items() if one.composed)
        raise CannotCompose(
            f"The style {style} needs a model that edits pictures.",
            hint=f"Put openai or stability into the image chain; {able} are made without one.",
        )
    return spec


_OPAQUE = 250
_REACH = 2.0
"""Pixels, as the radius of a blur, from which a half-transparent edge takes its colour."""
_NEAR_CLEAR = 3
"""Pixels within which an edge has something transparent: glass and gauze inside stay as they are."""
_MARGIN = 8
_KNOWN = 0.02
"""Share of opaque neighbours below which nothing is known of the edge's own colour."""


def scaled(product: Image.Image, width: int, height: int) -> Image.Image:
    """`product`, RGBA, as `width` x `height`; Pillow scales colours by their alpha, so that hidden ones don't show."""
    return cleaned(product.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0))


def cleaned(product: Image.Image) -> Image.Image:
    """Half-transparent pixels of the outline take the colour of the opaque ones beside them.

    An edge that was cut out of a white page holds some of the white, which shows as a halo on any other ground.
    """
    pixels = np.pad(np.asarray(product), ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN), (0, 0)))
    alpha = pixels[..., 3]
    solid = (alpha >= _OPAQUE).astype(np.float32)
    weight = _blurred(solid)
    outline = (alpha > 0) & (solid == 0) & _near_clear(alpha) & (weight > _KNOWN)
    for channel in range(3):
        colour = pixels[..., channel]
        near = _blurred(colour * solid) / np.maximum(weight, _KNOWN)
        colour[outline] = np.clip(near[outline] + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN])


def _near_clear(alpha: NDArray[np.uint8]) -> NDArray[np.bool_]:
    least = Image.fromarray(alpha).filter(ImageFilter.MinFilter(2 * _NEAR_CLEAR + 1))
    return np.asarray(np.asarray(least) == 0)


def _blurred(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """By a Gaussian; Pillow blurs no floats."""
    reach = 2 * round(_REACH)
    kernel = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * _REACH**2))
    kernel /= kernel.sum()
    for axis in (0, 1):
        done = np.zeros_like(values)
        for step, weight in zip(range(-reach, reach + 1), kernel, strict=True):
            done += np.float32(weight) * np.roll(values, step, axis)  # the margin keeps the ends apart
        values = done
    return values
