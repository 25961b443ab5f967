"""The font of a film's captions: one that has every letter, put in a folder of the film's own for ffmpeg."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from pressroom.media.cards import faces
from pressroom.media.cards.glyphs import Face, font
from pressroom.media.cards.wording import clean
from pressroom.model.speech import SpokenWord

FOLDER = "fonts"
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="relative">cache</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Lettering:
    """The face that captions are set in. dropped: symbols that no font here has."""

    face: Face
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        return self.at(24).getname()[0] or ""

    @property
    def bold(self) -> bool:
        return "bold" in (self.at(24).getname()[1] or "").lower()

    def at(self, pixels: int) -> ImageFont.FreeTypeFont:
        return font(self.face, pixels)

    def width(self, text: str, pixels: int) -> float:
        return self.at(pixels).getlength(text)

    def ass_size(self, pixels: int) -> float:
        """libass counts a size from the top of the highest letter to the bottom of the lowest, not by the em."""
        return pixels * _height(self.face)

    def give(self, folder: Path) -> None:
        """Put the font in `folder`, where ffmpeg looks for it."""
        fonts = folder / FOLDER
        fonts.mkdir(exist_ok=True)
        source = Path(self.face[0])
        (fonts / f"captions{source.suffix}").symlink_to(source.resolve())


def lettering(words: Sequence[SpokenWord], language: str, brand_font: Path | None) -> Lettering:
    """A font with every letter of `words`.

    Raises:
        CannotCompose: no font of this machine has them.
    """
    text = "".join(clean(word.text, language) for word in words) + "-…"
    chosen = faces.choose(text, language=language, brand_font=brand_font)
    return Lettering(chosen.by_role["display"], chosen.dropped, chosen.notes)


@lru_cache(maxsize=64)
def _height(face: Face) -> float:
    """Ascent and descent as Windows counts them, in ems: `OS/2` and `head` of the font's file."""
    data = Path(face[0]).read_bytes()
    start = struct.unpack_from(">I", data, 12 + 4 * face[1])[0] if data[:4] == b"ttcf" else 0
    count = struct.unpack_from(">H", data, start + 4)[0]
    rows = (struct.unpack_from(">4sIII", data, start + 12 + 16 * at) for at in range(count))
    tables = {name: offset for name, _, offset, _ in rows}
    (em,) = struct.unpack_from(">H", data, tables[b"head"] + 18)
    ascent, descent = struct.unpack_from(">HH", data, tables[b"OS/2"] + 74)
    return float((ascent + descent) / em) or 1.2
