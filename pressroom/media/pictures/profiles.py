"""Colour profiles (ICC 4) for pictures that say their colours by numbers: a PNG's gAMA and cHRM, or its cICP.

One way leads to sRGB, a profile; so whatever else a file says of its colours becomes one. Numbers of cICP are those
of ITU-T H.273.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
"""x and y in the CIE 1931 diagram."""

Chromaticity = tuple[Point, Point, Point, Point]
"""White, red, green, blue."""

_D65, _DCI, _C = (0.3127, 0.3290), (0.314, 0.351), (0.310, 0.316)
SRGB: Chromaticity = (_D65, (0.64, 0.33), (0.30, 0.60), (0.15, 0.06))

PRIMARIES: Mapping[int, Chromaticity] = {
    1: SRGB,
    4: (_C, (0.67, 0.33), (0.21, 0.71), (0.14, 0.08)),
    5: (_D65, (0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: (_D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    7: (_D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    9: (_D65, (0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: (_DCI, (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    12: (_D65, (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}

PQ, HLG = 16, 18
"""Transfers of pictures with a high dynamic range."""

_SDR_WHITE = 203 / 10_000
"""Luminance of plain white as a share of the most that PQ can say, by ITU-R BT.2408."""

_STEPS = 4096
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])

Floats = NDArray[Any]


def _srgb(at: Floats) -> Floats:
    return np.where(at <= 0.04045, at / 12.92, ((at + 0.055) / 1.055) ** 2.4)


def _bt709(at: Floats) -> Floats:
    return np.where(at < 0.081, at / 4.5, ((at + 0.099) / 1.099) ** (1 / 0.45))


def _pq(at: Floats) -> Floats:
    power = at ** (1 / 78.84375)
    light = np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)
    return np.minimum(light ** (1 / 0.1593017578125) / _SDR_WHITE, 1)


def _hlg(at: Floats) -> Floats:
    """Reference white is 0.75 of the signal, by ITU-R BT.2408."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    light = np.where(at <= 0.5, at**2 / 3, (np.exp((at - c) / a) + b) / 12)
    shown: Floats = np.minimum(light / ((np.exp((0.75 - c) / a) + b) / 12), 1)
    return shown


def power(exponent: float) -> Callable[[Floats], Floats]:
    """The curve that raises a value from 0 to 1 to `exponent`."""

    def raised(at: Floats) -> Floats:
        values: Floats = np.power(at, exponent)
        return values

    return raised


TRANSFERS: Mapping[int, Callable[[Floats], Floats]] = {
    **dict.fromkeys((1, 6, 14, 15), _bt709),
    4: power(2.2),
    5: power(2.8),
    8: power(1.0),
    13: _srgb,
    PQ: _pq,
    HLG: _hlg,
}


def profile(curve: Callable[[Floats], Floats], chromaticity: Chromaticity | None) -> bytes:
    """An ICC profile. curve: from what is in the file to light, both 0 to 1. chromaticity: None for grey pictures."""
    table = np.round(np.clip(curve(np.linspace(0, 1, _STEPS)), 0, 1) * 65535).astype(">u2")
    curved = b"curv" + bytes(4) + struct.pack(">I", _STEPS) + table.tobytes()
    tags = {b"desc": _text("From the file's own numbers"), b"cprt": _text("Public domain"), b"wtpt": _xyz(_D50)}
    if chromaticity is None:
        return _file(b"GRAY", {**tags, b"kTRC": curved})
    columns = dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, _matrix(chromaticity).T), strict=True))
    return _file(b"RGB ", {**tags, **columns, **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curved)})


def _matrix(chromaticity: Chromaticity) -> Floats:
    """From linear red, green and blue to XYZ under D50."""
    white, *primaries = (np.array([x / y, 1.0, (1 - x - y) / y]) for x, y in chromaticity)
    columns = np.stack(primaries, axis=1)
    to_xyz = columns * np.linalg.solve(columns, white)
    cones = (_BRADFORD @ _D50) / (_BRADFORD @ white)
    adapted: Floats = np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD @ to_xyz
    return adapted


def _xyz(values: Floats) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(float(value) * 65536) for value in values))


def _text(words: str) -> bytes:
    encoded = words.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(encoded), 28) + encoded


def _file(space: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    """The profile's bytes; equal contents are kept once."""
    table, body, places = b"", b"", dict[bytes, int]()
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        if content not in places:
            places[content] = start + len(body)
            body += content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", places[content], len(content))
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"", 0x04200000, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H4s4sIII", 2026, 1, 1, 0, 0, 0, b"acsp", b"", 0, 0, 0) + struct.pack(">IIII", 0, 0, 0, 0)
    head += struct.pack(">3i", *(round(float(value) * 65536) for value in _D50))
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body
