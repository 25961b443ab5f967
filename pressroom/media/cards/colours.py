"""Colours that can be read on each other: contrast by WCAG 2.2 (success criterion 1.4.3), mixing, and adjusting.

A colour that fails moves in lightness only, so that a brand's hue stays its own.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import Literal

from pressroom.model.images import Brand, Colour

NORMAL = 4.5
"""Contrast asked of text of normal size."""

LARGE = 3.0
"""Contrast asked of large text (from 24 px, bold from 19 px, as seen) and of shapes that carry meaning."""

RGB = tuple[int, int, int]
Ground = Literal["dark", "light", "accent"]
"""The brand colour that fills the card: its background, its text colour, or its accent."""


@dataclass(frozen=True)
class Palette:
    """The colours of one card. `ink` and `muted` are readable on `ground`, `shade` and `surface`, as is `accent` where
    something is written in it.

    `fill` is the accent as the brand has it, for shapes that say nothing; `on_fill` is readable on it.
    """

    ground: RGB
    shade: RGB
    surface: RGB
    ink: RGB
    muted: RGB
    accent: RGB
    fill: RGB
    on_fill: RGB
    notes: tuple[str, ...] = ()


def parse(colour: Colour) -> RGB:
    """`#rrggbb` as three numbers, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hexed(colour: RGB) -> Colour:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    """Contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """`one` with `share` (0 to 1) of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def readable(colour: RGB, grounds: tuple[RGB, ...], least: float) -> RGB:
    """The colour nearest in lightness to `colour`, of the same hue, with at least this contrast to every ground.

    Where none exists (grounds far apart), black or white: whichever is better.
    """
    if _worst(colour, grounds) >= least:
        return colour
    found = [one for one in (_moved(colour, grounds, least, 0.0), _moved(colour, grounds, least, 1.0)) if one]
    if not found:
        return max(((0, 0, 0), (255, 255, 255)), key=lambda end: _worst(end, grounds))
    return min(found, key=lambda one: abs(_lightness(one) - _lightness(colour)))


def palette(brand: Brand, ground: Ground, *, written: float = 0.0) -> Palette:
    """The brand's colours on this ground, adjusted where they could not be read; `notes` says which and how.

    `written`: the contrast the accent needs for what is written in it, 0 where nothing is.
    """
    background, text, accent = parse(brand.background), parse(brand.text), parse(brand.accent)
    base, ink, mark = {
        "dark": (background, text, accent),
        "light": (text, background, accent),
        "accent": (accent, background, text),
    }[ground]
    if ground == "accent" and contrast(text, accent) > contrast(background, accent):
        ink, mark = text, background
    strong = readable(ink, (base,), NORMAL)
    under = base, shade, surface = base, *_neighbours(base, strong)
    strong = readable(strong, under, NORMAL)
    marked = readable(mark, under, written)
    notes = [_note("text", ink, strong, under, NORMAL), _note("accent", mark, marked, under, written)]
    fill = strong if ground == "accent" else accent
    on_fill = max((base, strong), key=lambda colour: contrast(colour, fill))
    return Palette(
        ground=base,
        shade=shade,
        surface=surface,
        ink=strong,
        muted=readable(mix(strong, base, 0.24), under, NORMAL),
        accent=marked,
        fill=fill,
        on_fill=readable(on_fill, (fill,), NORMAL),
        notes=tuple(note for note in notes if note),
    )


def _neighbours(base: RGB, ink: RGB) -> tuple[RGB, RGB]:
    """A shade away from the ink, and one towards it as long as an ink could still be read on that."""
    black, white = (0, 0, 0), (255, 255, 255)
    near, far = (white, black) if luminance(ink) > luminance(base) else (black, white)
    surface = mix(base, ink, 0.07)
    return mix(base, far, 0.28), surface if contrast(near, surface) >= NORMAL else base


def _moved(colour: RGB, grounds: tuple[RGB, ...], least: float, end: float) -> RGB | None:
    """`colour` moved towards lightness `end` (0 or 1) just as far as needed; None where even the end fails."""
    start = _lightness(colour)
    if _worst(_with_lightness(colour, end), grounds) < least:
        return None
    near, far = 0.0, 1.0
    for _ in range(12):
        middle = (near + far) / 2
        enough = _worst(_with_lightness(colour, start + (end - start) * middle), grounds) >= least
        near, far = (near, middle) if enough else (middle, far)
    return _with_lightness(colour, start + (end - start) * far)


def _worst(colour: RGB, grounds: tuple[RGB, ...]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


def _lightness(colour: RGB) -> float:
    return colorsys.rgb_to_hls(*(channel / 255 for channel in colour))[1]


def _with_lightness(colour: RGB, lightness: float) -> RGB:
    hue, _, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    red, green, blue = (round(channel * 255) for channel in colorsys.hls_to_rgb(hue, lightness, saturation))
    return red, green, blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _note(role: str, asked: RGB, used: RGB, grounds: tuple[RGB, ...], least: float) -> str:
    if asked == used:
        return ""
    worst = min(grounds, key=lambda ground: contrast(asked, ground))
    return (
        f"The {role} colour {hexed(asked)} has a contrast of {contrast(asked, worst):.1f}:1 on {hexed(worst)}, "
        f"below {least:g}:1: {hexed(used)} is used instead."
    )
