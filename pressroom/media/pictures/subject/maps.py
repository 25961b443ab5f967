"""Maps of what stands out: walled off from the picture's edges, in focus, unusual in the picture's spectrum.

Multiplied, they kept more of the subject than any one alone and any other choice (benchmarks/crops/README.md).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from pressroom.media.pictures.subject.focus import Map

_TO_XYZ = np.array([[0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8728]], dtype=np.float32)
"""sRGB's primaries (IEC 61966-2-1), divided by the white point D65."""

_KNEE = 0.008856
"""Below this CIE L*a*b* is linear (CIE 15)."""

_FINE = 24
"""Detail is averaged over about this part of the longer side."""

_SWEEPS = 2


def lab(image: Image.Image) -> Map:
    """Rows x columns x (L*, a*, b*) of an RGB picture."""
    levels = np.arange(256, dtype=np.float32) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4).astype(np.float32)
    xyz = linear[np.asarray(image.convert("RGB"))] @ _TO_XYZ.T
    bent = np.where(xyz > _KNEE, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = bent[..., 0], bent[..., 1], bent[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1, dtype=np.float32)


def blurred(values: Map, radius: int) -> Map:
    """The mean of the neighbours up to `radius` cells away, taken twice; the outermost cells are continued."""
    for axis in (0, 1, 0, 1):
        values = _averaged(values, min(radius, values.shape[axis] - 1), axis)
    return values


def scaled(values: Map) -> Map:
    """From 0 to 1; all 0 where every cell is the same."""
    values = values - values.min()
    most = float(values.max())
    return values / most if most > 1e-6 else np.zeros_like(values)


def walled_off(colours: Map) -> Map:
    """In units of L*a*b*: the change that can't be avoided on the way from a cell to the picture's edge.

    The minimum barrier distance (Strand and others 2013), found by sweeps over rows and columns as Zhang and others do
    (2015); the three channels are added.
    """
    smooth = blurred(colours, 1)
    walls, highest, lowest = np.full_like(smooth, 1e6), smooth.copy(), smooth.copy()
    for edge in (walls[0], walls[-1], walls[:, 0], walls[:, -1]):
        edge[...] = 0
    for _ in range(_SWEEPS):
        for turned in _TURNS:
            _sweep(*(turned(part) for part in (smooth, walls, highest, lowest)))
    return blurred(walls.sum(axis=-1), 1)


def in_focus(colours: Map) -> Map:
    """Fine detail in the neighbourhood: a background out of focus, a sky or a wall has little."""
    fine = np.abs(colours - blurred(colours, 1)).sum(axis=-1)
    return scaled(np.sqrt(blurred(fine, max(1, round(max(fine.shape) / _FINE)))))


def unusual(colours: Map) -> Map:
    """The spectral residual (Hou and Zhang 2007): what the neighbouring frequencies' amplitudes don't let expect."""
    found = np.zeros(colours.shape[:2])
    for channel in np.moveaxis(colours, 2, 0):
        spectrum = np.fft.fft2(channel)
        amplitude = np.log(np.abs(spectrum) + 1e-3)
        around = sum(np.roll(amplitude, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)) / 9
        found += np.abs(np.fft.ifft2(np.exp(amplitude - around + 1j * np.angle(spectrum)))) ** 2
    return scaled(blurred(found.astype(np.float32), 2))


_TURNS: tuple[Callable[[Map], Map], ...] = (
    lambda part: part,
    lambda part: part[::-1],
    lambda part: part.swapaxes(0, 1),
    lambda part: part.swapaxes(0, 1)[::-1],
)
"""Views in which a sweep from the first row to the last goes down, up, right and left."""


def _sweep(colours: Map, walls: Map, highest: Map, lowest: Map) -> None:
    """One pass in place: each cell takes the way through the cell above it if that has the lower wall."""
    for row in range(1, len(colours) - 1):
        high = np.maximum(highest[row - 1], colours[row])
        low = np.minimum(lowest[row - 1], colours[row])
        better = high - low < walls[row]
        for part, value in ((walls, high - low), (highest, high), (lowest, low)):
            np.copyto(part[row], value, where=better)


def _averaged(values: Map, radius: int, axis: int) -> Map:
    size = values.shape[axis]
    around = [(0, 0)] * values.ndim
    around[axis] = (radius + 1, radius)
    sums = np.moveaxis(np.cumsum(np.pad(values, around, mode="edge"), axis=axis, dtype=np.float64), axis, 0)
    mean = (sums[2 * radius + 1 :] - sums[:size]) / (2 * radius + 1)
    return np.moveaxis(mean, 0, axis).astype(np.float32)
