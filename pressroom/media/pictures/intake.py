"""Taking a picture in: what it is, whether it can be used, and what a person should know of it. No pixel is changed."""

from __future__ import annotations

from pathlib import Path

from PIL.ImageFile import ImageFile

from pressroom.media.pictures import colours
from pressroom.media.pictures.completeness import check_complete
from pressroom.media.pictures.frames import best_frame, has_several
from pressroom.media.pictures.headers import UPLOADED, Limits, check_bytes, header, reading
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
