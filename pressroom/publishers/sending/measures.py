"""The figures of a file against a platform's limits: what a dry run shows, and what keeps a post from going out."""

from __future__ import annotations

from collections.abc import Iterator

from pressroom.model import AssetKind, Medium
from pressroom.model.films import Probe
from pressroom.platforms import Platform
from pressroom.platforms.fitting import Measured, film_figures, least, most, shape_figure
from pressroom.platforms.platform import Uploads


def measures(platform: Platform, medium: Medium) -> Iterator[Measured]:
    """Every figure of a file that the platform has a limit for."""
    uploads = uploads_of(platform)
    if medium.kind is AssetKind.DOCUMENT:
        yield from _bytes(medium, uploads.document_most_bytes)
    elif medium.media_type.startswith("video/"):
        yield _type(medium, uploads.film_types)
        yield from _film(platform, medium)
        yield from shape_figure(medium.width, medium.height, uploads.film_shape)
    else:
        yield _type(medium, uploads.image_types)
        yield from _bytes(medium, uploads.type_bytes.get(medium.media_type, platform.images.most_bytes))
        yield from _picture(platform, uploads, medium)
        yield from shape_figure(medium.width, medium.height, uploads.image_shape)


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
    yield from most("image_too_many_pixels", "pixels", width * height, pixels, uploads.image_most_pixels)
    yield from least("image_too_narrow", "width", width, f"is {width} wide", uploads.image_least_width)
    alt, longest = len(medium.alt_text), platform.images.alt_characters
    said = f"has an alternative text of {alt} characters"
    yield from most("alt_text_too_long", "characters of alternative text", alt, said, longest)


def _film(platform: Platform, medium: Medium) -> Iterator[Measured]:
    film = Probe(seconds=medium.seconds or 0.0, size=medium.size, width=medium.width or 0, height=medium.height or 0)
    yield from film_figures(platform, film)


def _bytes(medium: Medium, limit: int | None) -> Iterator[Measured]:
    yield from most("media_too_large", "bytes", medium.size, f"has {medium.size:,} bytes", limit)
