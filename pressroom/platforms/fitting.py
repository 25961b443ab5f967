"""The figures of a file, each against the platform's limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pressroom.model.films import Probe
from pressroom.platforms.platform import Coding, Platform

NEARLY = 0.005
"""Of width to height: files are measured in whole pixels."""


@dataclass(frozen=True)
class Measured:
    """One figure of a file, and the platform's limit. code: of the problem where it does not fit.

    said: the figure as a sentence about the file has it, e.g. `has 1,204,331 bytes`.
    """

    code: str
    name: str
    found: str
    said: str
    limit: str
    fits: bool


def check_film(platform: Platform, film: Probe) -> tuple[str, ...]:
    """The reasons why the platform would not take a film, a sentence each; empty when it would."""
    shape = platform.uploads.film_shape if platform.uploads else None
    figures = (*film_figures(platform, film), *shape_figure(film.width, film.height, shape))
    return tuple(f"The film {one.said}; {platform.title} takes {one.limit}." for one in figures if not one.fits)


def film_figures(platform: Platform, film: Probe) -> Iterator[Measured]:
    """The figures of a film that the platform has a limit for; without its shape, which pictures have too."""
    if (films := platform.films) is None:
        return
    lasts = f"lasts {number(film.seconds)} s"
    yield from most("media_too_large", "bytes", film.size, f"has {film.size:,} bytes", films.most_bytes)
    yield from least("film_too_short", "seconds", film.seconds, lasts, films.least_seconds, " s")
    yield from most("film_too_long", "seconds", film.seconds, lasts, films.most_seconds, " s")
    if films.coding is not None:
        yield from _coded(films.coding, film)


def _coded(coding: Coding, film: Probe) -> Iterator[Measured]:
    yield from _among("film_codec", "video codec", film.codec, coding.codecs)
    yield from _among("film_sound_codec", "sound codec", film.sound_codec, coding.sounds)
    yield from _among("film_pixels", "pixel format", film.pixels, coding.pixels)
    if film.fps and coding.fps:
        low, high = coding.fps
        said, limit = f"has {number(film.fps)} frames a second", f"{number(low)} to {number(high)} frames a second"
        yield Measured(
            "film_rate", "frames a second", number(film.fps), said, limit, low - 0.1 <= film.fps <= high + 0.1
        )
    kbits = film.kbits or 0
    yield from most("film_bitrate", "kb/s", kbits, f"has {kbits:,} kb/s of pictures", coding.most_kbits, " kb/s")
    rate = film.sound_rate or 0
    yield from most("film_sound_rate", "Hz", rate, f"has sound of {rate:,} Hz", coding.most_sound_rate, " Hz")
    width = film.width
    yield from least("film_too_narrow", "width", width, f"is {width} wide", coding.least_width if width else None)
    yield from most("film_too_wide", "width", width, f"is {width} wide", coding.most_width)
    if film.starts_fast is not None and coding.head_first:
        said = "has its head at its end"
        yield Measured("film_head", "head", "last", said, "films whose head is first (faststart)", film.starts_fast)


def _among(code: str, name: str, found: str | None, taken: tuple[str, ...]) -> Iterator[Measured]:
    if found is not None and taken:
        yield Measured(code, name, found, f"has {name} {found}", ", ".join(taken), found in taken)


def shape_figure(width: int | None, height: int | None, shape: tuple[float, float] | None) -> Iterator[Measured]:
    """Width to height of a film or a picture, where both are known and the platform limits it."""
    if shape and width and height:
        ratio, size = width / height, f"{width}x{height}"
        fits = shape[0] - NEARLY <= ratio <= shape[1] + NEARLY
        said, limit = f"is {size}, {ratio:.2f} wide for 1 high", f"{shape[0]:.2f} to {shape[1]:.2f}"
        yield Measured("media_shape", "width to height", f"{size} ({ratio:.2f})", said, limit, fits)


def most(code: str, name: str, found: float, said: str, limit: float | None, unit: str = "") -> Iterator[Measured]:
    """A figure that must not be larger than `limit`; nothing where there is no limit."""
    if limit:
        yield Measured(code, name, number(found), said, f"at most {number(limit)}{unit}", found <= limit)


def least(code: str, name: str, found: float, said: str, limit: float | None, unit: str = "") -> Iterator[Measured]:
    """A figure that must not be smaller than `limit`; nothing where there is no limit."""
    if limit:
        yield Measured(code, name, number(found), said, f"at least {number(limit)}{unit}", found >= limit)


def number(value: float) -> str:
    """As people write it: `1,204`, `23.5`."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"
