"""Taking a picture in: what it is, whether it can be used, and what a person should know of it. No pixel is changed."""

from __future__ import annotations

from pathlib import Path

from PIL.ImageFile import ImageFile

from pressroom.media.pictures import colours
from pressroom.media.pictures.chunks import check_chunks
from pressroom.media.pictures.frames import best_frame, has_several
from pressroom.media.pictures.headers import UPLOADED, Limits, check_bytes, check_scans, header, reading
from pressroom.media.pictures.kinds import HEAD, Kind, kind_of
from pressroom.media.pictures.memory import check_memory, needed_megabytes
from pressroom.media.pictures.orientation import orientation, upright_size
from pressroom.media.pictures.source import Source, in_memory, on_disk
from pressroom.media.pictures.taken import Taken

_JUDGED_AT = 8
"""By how much a picture is reduced, at least, where it has to be decoded to be judged."""


def take_in(data: bytes, *, name: str = "", limits: Limits = UPLOADED) -> Taken:
    """The picture in `data`, judged by its content.

    name: what it is called in messages.

    Raises:
        InvalidImageFormat: none that is taken, cut off, or damaged. ImageTooLarge, ImageTooSmall: outside of `limits`,
        as its header says.
    """
    return _taken(in_memory(data), name, limits)


def take_in_path(path: Path, *, name: str = "", limits: Limits = UPLOADED) -> Taken:
    """The picture in the file at `path`, which is read as its pixels are wanted and never held whole.

    Raises:
        What `take_in` does; SourceNotFound, SourceForbidden. SourceUnreachable: it changes meanwhile.
    """
    return _taken(on_disk(path), name or path.name, limits)


def _taken(source: Source, name: str, limits: Limits) -> Taken:
    shown = name or "The picture"
    check_bytes(source, shown, limits)
    with source.open() as file:
        kind = kind_of(file.read(HEAD), shown=shown, among=limits.kinds)
    with header(source, kind, shown, limits) as image:
        check_memory(needed_megabytes(kind, *image.size, reduced=_JUDGED_AT), limits.most_megabytes, shown)
        check_complete(source, kind, image, shown, limits)
        return _described(source, kind, image, name, limits)


def _described(source: Source, kind: Kind, image: ImageFile, name: str, limits: Limits) -> Taken:
    turned, flaw = orientation(image, kind, source)
    width, height = upright_size(image.width, image.height, turned)
    look, has_alpha, progressive = colours.look(image), image.has_transparency_data, bool(image.info.get("progressive"))
    with reading(kind, name or "The picture"):
        frame, note = _frame(image, kind)
    return Taken(
        sha256=source.sha256(),
        kind=kind,
        width=width,
        height=height,
        has_alpha=has_alpha,
        name=name,
        orientation=turned,
        frame=frame,
        progressive=progressive,
        notes=tuple(filter(None, (flaw, *look.notes, note))),
        source=source,
        limits=limits,
    )


def _frame(image: ImageFile, kind: Kind) -> tuple[int, str]:
    if not has_several(image):
        return 0, ""
    if kind.name == "TIFF":
        return 0, "It has several pages; the first is used."
    frame = best_frame(image)
    return frame, f"It is animated; frame {frame + 1} is used, the first that shows something."


_START_OF_SCAN, _END = b"\xff\xda", b"\xff\xd9"

_TILED = ("TIFF", "BMP", "GIF")
"""Kinds without a checksum or an end mark: they are decoded to find out, since large ones are rare."""

_TILE_TAGS = (322, 323)
"""Width and height of a TIFF's tiles."""


def check_complete(source: Source, kind: Kind, image: ImageFile, shown: str, limits: Limits) -> None:
    """Damage inside a JPEG, WebP, AVIF or HEIC that is whole shows only when its pixels are decoded.

    Raises:
        InvalidImageFormat: cut off, or damaged.
    """
    if kind.name == "JPEG":
        _check_jpeg(source, kind, image, shown, limits)
    elif kind.name == "PNG":
        with reading(kind, shown):
            check_chunks(source)
    elif kind.name in _TILED:
        with reading(kind, shown), header(source, kind, shown, limits) as fresh:
            _check_tiles(image, limits)
            fresh.load()


def _check_jpeg(source: Source, kind: Kind, image: ImageFile, shown: str, limits: Limits) -> None:
    if image.info.get("progressive"):
        check_scans(source, shown)
    with source.open() as file:
        data = file.read()
    if data.rfind(_END) > data.rfind(_START_OF_SCAN):
        return
    with reading(kind, shown), header(source, kind, shown, limits) as small:  # some writers omit the end mark alone
        small.draft(None, (small.width // 8, small.height // 8))
        small.load()


def _check_tiles(image: ImageFile, limits: Limits) -> None:
    tags = getattr(image, "tag_v2", {})
    wide, high = (int(tags.get(tag, 0)) for tag in _TILE_TAGS)
    if wide * high > limits.most_pixels:
        raise ValueError(f"tiles of {wide} x {high} pixels")
