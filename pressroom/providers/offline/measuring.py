"""The engine measures a picture's colours, shape, light and sharpness, not what it shows."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pressroom.model.vision import ShownImage

Array = NDArray[np.float64]

SAMPLE = 64
"""Pixels a side of the copy that colours are counted on."""

MOST_COLOURS = 3
SHARPEST = 0.99

_WHITE = np.array([0.95047, 1.0, 1.08883])
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


@dataclass(frozen=True)
class Measures:
    """colours: names, most of the picture first. ground: colour of its edge, "" where that isn't plain.

    brightness: mean CIE L*, 0 to 100; contrast: its standard deviation. sharpness: of its sharpest hundredth, as the
    Laplacian of 8-bit grey.
    """

    colours: tuple[str, ...]
    ground: str
    shape: str
    brightness: float
    contrast: float
    sharpness: float


def measure(image: ShownImage) -> Measures:
    with Image.open(io.BytesIO(image.data)) as opened:
        whole = opened.convert("RGB")
    small = np.asarray(whole.resize((SAMPLE, SAMPLE), Image.Resampling.BOX), dtype=np.float64)
    lab = _lab(small / 255)
    named = _nearest(lab)
    return Measures(
        colours=_most(named),
        ground=_ground(named),
        shape=next(name for least, name in declared()["shapes"] if image.width / image.height >= least),
        brightness=float(lab[..., 0].mean()),
        contrast=float(lab[..., 0].std()),
        sharpness=_sharpness(np.asarray(whole.convert("L"), dtype=np.float64)),
    )


@lru_cache(maxsize=1)
def declared() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("pressroom.providers.offline").joinpath("colours.json").read_text("utf-8"))
    return data


def _lab(srgb: Array) -> Array:
    """CIE L*a*b* (D65) of sRGB values between 0 and 1."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T / _WHITE
    curve = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = curve[..., 0], curve[..., 1], curve[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


@lru_cache(maxsize=1)
def _palette() -> tuple[tuple[str, ...], Array]:
    names = declared()["names"]
    values = [[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in names.values()]
    return tuple(names), _lab(np.array(values))


def _nearest(lab: Array) -> NDArray[np.intp]:
    """For each pixel the number of the named colour nearest to it."""
    nearest: NDArray[np.intp] = ((lab[..., None, :] - _palette()[1]) ** 2).sum(axis=-1).argmin(axis=-1)
    return nearest


def _most(named: NDArray[np.intp]) -> tuple[str, ...]:
    """The colours with a fair share of the picture; the largest in any case."""
    names = _palette()[0]
    counts = np.bincount(named.ravel(), minlength=len(names))
    order = [int(number) for number in counts.argsort(kind="stable")[::-1][:MOST_COLOURS]]
    least = declared()["least_share"] * named.size
    return tuple(names[number] for place, number in enumerate(order) if place == 0 or counts[number] >= least)


def _ground(named: NDArray[np.intp]) -> str:
    edge = np.concatenate([named[:2].ravel(), named[-2:].ravel(), named[:, :2].ravel(), named[:, -2:].ravel()])
    number = int(np.bincount(edge).argmax())
    plain = float((edge == number).mean()) >= declared()["plain_ground_share"]
    return _palette()[0][number] if plain else ""


def _sharpness(grey: Array) -> float:
    if min(grey.shape) < 3:
        return 0.0
    middle = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * middle
    return float(np.quantile(np.abs(laplacian), SHARPEST))
