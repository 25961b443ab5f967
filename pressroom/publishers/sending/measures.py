"""The figures of a file against a platform's limits, each with what was found: the table of a dry run."""

from __future__ import annotations

from collections.abc import Iterator

from pressroom.model import AssetKind, Medium
from pressroom.model.dry_run import FileMeasure
from pressroom.platforms import Platform
from pressroom.platforms.platform import Uploads


def measures(platform: Platform, medium: Medium) -> Iterator[FileMeasure]:
    uploads = platform.uploads or Uploads(source="", checked=platform.images.checked)
    if medium.kind is AssetKind.DOCUMENT:
        yield from _at_most("bytes", medium.size, uploads.document_most_bytes)
        return
    is_film = medium.media_type.startswith("video/")
    types = uploads.film_types if is_film else uploads.image_types
    names = ", ".join(each.partition("/")[2].upper() for each in types) or "no such files"
    yield FileMeasure(name="type", found=medium.media_type, limit=names, fits=medium.media_type in types)
    yield from _shape(medium, uploads.film_shape if is_film else uploads.image_shape)
    if is_film:
        yield from _film(platform, medium)
        return
    yield from _at_most("bytes", medium.size, uploads.type_bytes.get(medium.media_type, platform.images.most_bytes))
    yield from _at_most("pixels", (medium.width or 0) * (medium.height or 0), uploads.image_most_pixels)
    yield from _at_least("width", medium.width or 0, uploads.image_least_width)
    yield from _at_most("characters of alternative text", len(medium.alt_text), platform.images.alt_characters)


def _film(platform: Platform, medium: Medium) -> Iterator[FileMeasure]:
    if (films := platform.films) is not None:
        yield from _at_most("bytes", medium.size, films.most_bytes)
        yield from _at_least("seconds", medium.seconds or 0, films.least_seconds)
        yield from _at_most("seconds", medium.seconds or 0, films.most_seconds)


def _shape(medium: Medium, shape: tuple[float, float] | None) -> Iterator[FileMeasure]:
    if shape and medium.width and medium.height:
        ratio = medium.width / medium.height
        found, limit = f"{medium.width}x{medium.height} ({ratio:.2f})", f"{shape[0]:.2f} to {shape[1]:.2f}"
        fits = shape[0] - 0.005 <= ratio <= shape[1] + 0.005
        yield FileMeasure(name="width to height", found=found, limit=limit, fits=fits)


def _at_most(name: str, found: float, most: float | None) -> Iterator[FileMeasure]:
    if most:
        shown = f"{found:,g}" if found % 1 else f"{found:,.0f}"
        yield FileMeasure(name=name, found=shown, limit=f"at most {most:,.0f}", fits=found <= most)


def _at_least(name: str, found: float, least: float | None) -> Iterator[FileMeasure]:
    if least:
        yield FileMeasure(name=name, found=f"{found:,.0f}", limit=f"at least {least:,.0f}", fits=found >= least)
