"""Captions as an ASS file: laid out in the safe box, the spoken word in the brand's colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pressroom.media.cards.breaking import balanced
from pressroom.media.cards.colours import NORMAL, RGB, contrast, parse
from pressroom.media.film.chunking import Chunk, Part, cut_word
from pressroom.media.film.lettering import Lettering
from pressroom.model.films import Reel

SIZE = 0.048
"""Height of the letters' em, as a share of the side of a square of the frame's area."""

TRIED = ((1.0, False), (0.9, False), (0.8, False), (1.0, True), (0.8, True), (0.6, True))
"""Sizes for a caption, as shares of the usual one, and whether its overlong words are cut; the first that fits is used.
"""

MOST_LINES = 2
WHITE: RGB = (255, 255, 255)
EDGE: RGB = (16, 16, 20)
SPOKEN: RGB = (255, 210, 63)
"""The colour of the spoken word where the brand's can't be read on a dark edge, or is as good as white."""

HEADER = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Word,{family},{size:.2f},{text},{edge},&H80000000,{bold},1,{outline:.1f},{shadow:.1f},2,0,0,0,-1

[Events]
Format: Layer, Start, End, Style, Text
"""

Atom = tuple[int, str, bool]
"""The number of a part, its text or a piece of it, and whether a space is before it."""

Line = tuple[Atom, ...]


@dataclass(frozen=True)
class Layout:
    """How captions are set. pixels: the em of their letters; width: most of a line; x, bottom: where they stand."""

    lettering: Lettering
    pixels: int
    width: float
    x: float
    bottom: float

    @classmethod
    def of(cls, reel: Reel, lettering: Lettering) -> Layout:
        """In the lower part of the reel's safe box, in its middle."""
        left, _, right, bottom = reel.safe
        pixels = max(12, round(SIZE * (reel.width * reel.height) ** 0.5))
        edge = pixels * 0.2
        return cls(lettering, pixels, right - left - 2 * edge, (left + right) / 2, bottom - edge)

    def fits(self, text: str) -> bool:
        """True when `text` has room on two lines."""
        parts = tuple(Part(word, 0, 0) for word in text.split(" "))
        return self._lines(parts, self.pixels, cut=False) is not None

    def lines(self, chunk: Chunk) -> tuple[int, tuple[Line, ...]]:
        """The size in pixels, and the lines."""
        for share, cut in TRIED:
            pixels = round(self.pixels * share)
            if (found := self._lines(chunk.parts, pixels, cut=cut)) is not None:
                return pixels, found
        return pixels, tuple((atom,) for atom in self._atoms(chunk.parts, pixels, cut=True))

    def _lines(self, parts: Sequence[Part], pixels: int, *, cut: bool) -> tuple[Line, ...] | None:
        atoms = self._atoms(parts, pixels, cut=cut)
        space = self.lettering.width(" ", pixels)
        gaps = [space if then[2] else 0.0 for then in atoms[1:]] + [0.0]
        prices = [0.0 if then[2] else 0.3 for then in atoms[1:]] + [0.0]
        widths = [self.lettering.width(text, pixels) for _, text, _ in atoms]
        stops = balanced(widths, gaps, [0.0] * len(atoms), prices, self.width)
        if stops is None or len(stops) > MOST_LINES:
            return None
        return tuple(tuple(atoms[start:stop]) for start, stop in pairwise([0, *stops]))

    def _atoms(self, parts: Sequence[Part], pixels: int, *, cut: bool) -> list[Atom]:
        def width(text: str) -> float:
            return self.lettering.width(text, pixels)

        atoms: list[Atom] = []
        for number, part in enumerate(parts):
            pieces = cut_word(part.text, width, self.width) if cut and width(part.text) > self.width else [part.text]
            atoms += [(number, piece, not (at or part.joined)) for at, piece in enumerate(pieces)]
        return atoms


def ass(reel: Reel, layout: Layout, chunks: Sequence[Chunk]) -> str:
    """The file: one event for each word of each chunk, so that the word is marked while it is spoken."""
    lettering = layout.lettering
    header = HEADER.format(
        width=reel.width,
        height=reel.height,
        family=lettering.family.replace(",", " "),
        size=lettering.ass_size(layout.pixels),
        text=_colour(WHITE),
        edge=_colour(EDGE),
        bold=-1 if lettering.bold else 0,
        outline=layout.pixels * 0.09,
        shadow=layout.pixels * 0.03,
    )
    spoken = _colour(spoken_colour(parse(reel.brand.accent)))
    return header + "".join(f"{event}\n" for chunk in chunks for event in _events(chunk, layout, spoken, reel.fps))


def spoken_colour(accent: RGB) -> RGB:
    """The accent where it can be told from the dark edge and from the other words, else our own yellow."""
    return accent if contrast(accent, EDGE) >= NORMAL and contrast(accent, WHITE) >= 1.25 else SPOKEN


def _events(chunk: Chunk, layout: Layout, spoken: str, fps: int) -> Iterator[str]:
    pixels, lines = layout.lines(chunk)
    place = f"\\pos({layout.x:.1f},{layout.bottom:.1f})"
    size = f"\\fs{layout.lettering.ass_size(pixels):.2f}" if pixels != layout.pixels else ""
    starts = [chunk.start, *(part.start for part in chunk.parts[1:]), chunk.end]
    for number, (start, stop) in enumerate(pairwise(starts)):
        if (shown := _time(start, fps)) != (ended := _time(stop, fps)):
            text = "\\N".join(_line(line, number, spoken) for line in lines)
            yield f"Dialogue: 0,{shown},{ended},Word,{{{place}{size}}}{text}"


def _line(line: Line, marked: int, spoken: str) -> str:
    written = ""
    for at, (number, text, spaced) in enumerate(line):
        shown = _escaped(text)
        written += (" " if spaced and at else "") + (f"{{\\1c{spoken}}}{shown}{{\\1c}}" if number == marked else shown)
    return written


def _escaped(text: str) -> str:
    """libass takes braces for commands, and a backslash before certain letters; a word joiner keeps them apart."""
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def _time(seconds: float, fps: int) -> str:
    """The moment of the nearest frame in hundredths of a second, rounded down: it is on screen from that frame on."""
    hundredths = int(round(seconds * fps) * 100 / fps + 1e-6)
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest // 100:02d}.{rest % 100:02d}"


def _colour(colour: RGB) -> str:
    return "&H00{2:02X}{1:02X}{0:02X}".format(*colour)
