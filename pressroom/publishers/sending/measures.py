"""The figures of a file against a platform's limits: what a dry run shows, and what keeps a post from going out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pressroom.model import AssetKind, Medium
from pressroom.platforms import Platform
from pressroom.platforms.platform import Uploads

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


def measures(platform: Platform, medium: Medium) -> Iterator[Measured]:
    """Every figure of a file that the platform has a limit for."""
    uploads = uploads_of(platform)
    if medium.kind is AssetKind.DOCUMENT:
        yield from _bytes(medium, uploads.document_most_bytes)
    elif medium.media_type.startswith("video/"):
        yield _type(medium, uploads.film_types)
        yield from _film(platform, medium)
        yield from _shape(medium, uploads.film_shape)
    else:
        yield _type(medium, uploads.image_types)
        yield from _bytes(medium, uploads.type_bytes.get(medium.media_type, platform.images.most_bytes))
        yield from _picture(platform, uploads, medium)
        yield from _shape(medium, uploads.image_shape)


def uploads_of(platform: Platform) -> Uploads:
    """The platform's limits of files; the strictest where it has none of its own."""
    return platform.uploads or Uploads(source="", checked=platform.images.checked)


def _type(medium: Medium, types: tuple[str, ...]) -> Measured:
    names = ", ".join(each.partition("/")[2].upper() for each in types) or "no such files"
    found = medium.media_type
    return Measured("media_type", "type", found, f"is {found}", names, found in types)


def _picture(platform: Platform, uploads: Uploads, medium: Medium) -> Iterator[Measured]:
    width, height = medium.width or 0, medium.height or 0
    pixels = f"has {width}x{height} = {width * height:,} pixels"
    yield from _most("image_too_many_pixels", "pixels", width * height, pixels, uploads.image_most_pixels)
    yield from _least("image_too_narrow", "width", width, f"is {width} wide", uploads.image_least_width)
    alt, most = len(medium.alt_text), platform.images.alt_characters
    said = f"has an alternative text of {alt} characters"
    yield from _most("alt_text_too_long", "characters of alternative text", alt, said, most)


def _film(platform: Platform, medium: Medium) -> Iterator[Measured]:
    if (films := platform.films) is None:
        return
    seconds = medium.seconds or 0.0
    said = f"lasts {_number(seconds)} s"
    yield from _bytes(medium, films.most_bytes)
    yield from _least("film_too_short", "seconds", seconds, said, films.least_seconds, " s")
    yield from _most("film_too_long", "seconds", seconds, said, films.most_seconds, " s")


def _bytes(medium: Medium, most: int | None) -> Iterator[Measured]:
    yield from _most("media_too_large", "bytes", medium.size, f"has {medium.size:,} bytes", most)


def _shape(medium: Medium, shape: tuple[float, float] | None) -> Iterator[Measured]:
    if shape and medium.width and medium.height:
        ratio, size = medium.width / medium.height, f"{medium.width}x{medium.height}"
        fits = shape[0] - NEARLY <= ratio <= shape[1] + NEARLY
        said, limit = f"is {size}, {ratio:.2f} wide for 1 high", f"{shape[0]:.2f} to {shape[1]:.2f}"
        yield Measured("media_shape", "width to height", f"{size} ({ratio:.2f})", said, limit, fits)


def _most(code: str, name: str, found: float, said: str, most: float | None, unit: str = "") -> Iterator[Measured]:
    if most:
        yield Measured(code, name, _number(found), said, f"at most {_number(most)}{unit}", found <= most)


def _least(code: str, name: str, found: float, said: str, least: float | None, unit: str = "") -> Iterator[Measured]:
    if least:
        yield Measured(code, name, _number(found), said, f"at least {_number(least)}{unit}", found >= least)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"
