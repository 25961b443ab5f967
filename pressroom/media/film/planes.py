"""A picture as the planes of a film: Y, U and V of BT.709 in limited range, colour at half the size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

KR, KB = 0.2126, 0.0722
"""Red's and blue's share of the luma, BT.709."""

Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Planes:
    """luma: whole size; u and v: half of it, both ways. All are pictures of mode L."""

    luma: Image.Image
    u: Image.Image
    v: Image.Image

    def seen(self, box: tuple[float, float, float, float], width: int, height: int) -> bytes:
        """The part of it in `box`, in pixels that need not be whole, as one frame of yuv420p."""
        half = (box[0] / 2, box[1] / 2, box[2] / 2, box[3] / 2)
        kernel = Image.Resampling.BICUBIC
        luma = self.luma.resize((width, height), kernel, box=box)
        u, v = (plane.resize((width // 2, height // 2), kernel, box=half) for plane in (self.u, self.v))
        return luma.tobytes() + u.tobytes() + v.tobytes()


def planes(image: Image.Image) -> Planes:
    """`image` is RGB with even sides; its colour stands over the left pixel of each pair, as in most films."""
    red, green, blue = (np.asarray(channel, dtype=np.float32) for channel in image.split())
    luma = KR * red + (1 - KR - KB) * green + KB * blue
    u, v = (blue - luma) / (2 * (1 - KB)), (red - luma) / (2 * (1 - KR))
    return Planes(
        _picture(luma * (219 / 255) + 16),
        _picture(_half(u) * (224 / 255) + 128),
        _picture(_half(v) * (224 / 255) + 128),
    )


def blend(before: bytes, after: bytes, share: float) -> bytes:
    """A frame between two: `share` of `after`, 0 to 1."""
    first, second = (np.frombuffer(frame, dtype=np.uint8).astype(np.float32) for frame in (before, after))
    mixed = first + (second - first) * np.float32(share)
    return (mixed + np.float32(0.5)).astype(np.uint8).tobytes()


def _half(plane: Plane) -> Plane:
    """At half the size: the mean of two rows; along a row a weight of 1, 2, 1 about the left pixel of each pair."""
    rows = (plane[0::2] + plane[1::2]) / 2
    before = np.concatenate((rows[:, :1], rows[:, 1:-1:2]), axis=1)
    return np.asarray((before + 2 * rows[:, 0::2] + rows[:, 1::2]) / 4, dtype=np.float32)


def _picture(plane: Plane) -> Image.Image:
    return Image.fromarray((plane + 0.5).clip(0, 255).astype(np.uint8))
