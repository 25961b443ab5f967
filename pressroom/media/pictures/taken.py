"""A picture that was taken in: what is known of it, and its pixels at whatever scale they are wanted."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image

from pressroom.media.pictures import colours
from pressroom.media.pictures.headers import UPLOADED, Limits, header, reading
from pressroom.media.pictures.kinds import Kind
from pressroom.media.pictures.memory import check_memory, needed_megabytes
from pressroom.media.pictures.orientation import UPRIGHT, upright
from pressroom.media.pictures.source import Source

_DECODER_SCALES = (8, 4, 2, 1)
"""By which a JPEG's decoder can reduce: it leaves out the finest waves, which costs less than decoding them."""


@dataclass(frozen=True)
class Taken:
    """A picture within the limits.

    sha256: of its bytes. kind: as its content says. width, height: pixels, upright. has_alpha: the file has a way to
    be transparent. frame: which one stands for the whole, from 0. notes: sentences a person may want to read.
    """

    sha256: str
    kind: Kind
    width: int
    height: int
    has_alpha: bool
    name: str = ""
    orientation: int = UPRIGHT
    frame: int = 0
    progressive: bool = False
    notes: tuple[str, ...] = ()
    source: Source = field(default=Source(0), repr=False, compare=False)
    limits: Limits = field(default=UPLOADED, repr=False, compare=False)

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def media_type(self) -> str:
        return self.kind.media_type

    @property
    def shown(self) -> str:
        """Its name in a message."""
        return self.name or "The picture"

    def pixels(self, *, shrink: float = 1.0, most_megabytes: float | None = None) -> Image.Image:
        """Upright, in sRGB, RGB or RGBA, without metadata; every call decodes it again.

        shrink: by how much both edges may be smaller than they are; as much of it is used as comes cheap, in whole
        steps, so that the result is at least the size over `shrink`. most_megabytes: for pixels; None: as
        its limits say.

        Raises:
            InvalidImageFormat: damaged. ImageTooLarge: it would need more memory. SourceUnreachable: the file changed.
        """
        by = reducing(self.kind, shrink)
        check_memory(
            needed_megabytes(
                self.kind,
                *self.size,
                reduced=by,
                progressive=self.progressive,
                turned=self.orientation != UPRIGHT,
            ),
            self.limits.most_megabytes if most_megabytes is None else most_megabytes,
            self.shown,
        )
        with reading(self.kind, self.shown):
            return upright(self._decoded(by), self.orientation)

    def small(self, longest: int, *, background: str = "#ffffff") -> Image.Image:
        """A copy as RGB whose longer edge has at most `longest` pixels: to look at, or to send."""
        shrink = max(1.0, max(self.size) / longest)
        image = colours.flat(self.pixels(shrink=max(1.0, shrink / 2)), background)
        image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        return image

    def _decoded(self, by: int) -> Image.Image:
        with header(self.source, self.kind, self.shown, self.limits) as file:
            if self.frame:
                file.seek(self.frame)
            if self.kind.name == "JPEG":
                file.draft(None, (file.width // by, file.height // by))
            look = colours.look(file)
            file.load()
            image = colours.plain(file)
        if self.kind.name != "JPEG" and by > 1:
            image = image.reduce(by)
        return colours.in_srgb(image, look)


def reducing(kind: Kind, shrink: float) -> int:
    """By how much both edges become smaller when they may by `shrink`."""
    if kind.name == "JPEG":
        return next(by for by in _DECODER_SCALES if by <= max(1.0, shrink))
    return max(1, int(shrink))
