"""Captions as an ASS file: laid out in the safe box, the spoken word in the brand's colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pressroom.media.cards.breaking import balanced
from pressroom.media.cards.colours import NORMAL, RGB, contrast, parse
from pressroom.media.film.chunking import Chunk, Part, syllables
from pressroom.media.film.lettering import Lettering
from pressroom.model.films import Reel

SIZE = 0.048
"""Height of the letters' em, as a share of the side of a square of the frame's area."""

TRIED = ((1.0, False), (0.9, False), (0.8, False), (0.99, True), (0.8, True), (0.6, True))
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


@dataclass(frozen=True)
class Atom:
    """A part of a caption, or a piece of one, that stays on one line. number: of the part; spaced: a space is before
    it; end: added where a line ends with it.
    """

    number: int
    text: str
    spaced: bool
    end: str = ""
    price: float = 0.0


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

    def room(self, parts: Sequence[Part]) -> float:
        """The size at which the parts stand on two lines, 1.0 the usual one; 0 where they don't."""
        return next((share for share, cut in TRIED if self._lines(parts, round(self.pixels * share), cut=cut)), 0.0)

    def lines(self, chunk: Chunk) -> tuple[int, tuple[Line, ...]]:
        """The size in pixels, and the lines; as many as it takes for a word that no size makes short enough."""
        pixels = round(self.pixels * (self.room(chunk.parts) or TRIED[-1][0]))
        for cut in (False, True):
            if found := self._lines(chunk.parts, pixels, cut=cut):
                return pixels, found
        letters = [
            Atom(number, letter, not at)
            for number, part in enumerate(chunk.parts)
            for at, letter in enumerate(part.text)
        ]
        return pixels, self._broken(letters, pixels) or (tuple(letters),)

    def _lines(self, parts: Sequence[Part], pixels: int, *, cut: bool) -> tuple[Line, ...]:
        """At most two lines; empty where more are needed."""
        found = self._broken([*self._atoms(parts, pixels, cut=cut)], pixels)
        return found if len(found) <= MOST_LINES else ()

    def _broken(self, atoms: Sequence[Atom], pixels: int) -> tuple[Line, ...]:
        def width(text: str) -> float:
            return self.lettering.width(text, pixels) if text else 0.0

        gaps = [width(" ") if then.spaced else 0.0 for then in atoms[1:]] + [0.0]
        prices = [atom.price or (0.0 if then.spaced else 0.3) for atom, then in pairwise(atoms)] + [0.0]
        widths, ends = [width(atom.text) for atom in atoms], [width(atom.end) for atom in atoms]
        stops = balanced(widths, gaps, ends, prices, self.width) or []
        return tuple(tuple(atoms[start:stop]) for start, stop in pairwise([0, *stops]))

    def _atoms(self, parts: Sequence[Part], pixels: int, *, cut: bool) -> Iterator[Atom]:
        for number, part in enumerate(parts):
            if cut and self.lettering.width(part.text, pixels) > self.width:
                for at, piece in enumerate(syllables(part.text)):
                    yield Atom(number, piece.text, not (at or part.joined), piece.end, piece.price)
            else:
                yield Atom(number, part.text, not part.joined)


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
    shown = ""
    for at, atom in enumerate(line):
        text = _escaped(atom.text + (atom.end if at == len(line) - 1 else ""))
        shown += (" " if atom.spaced and at else "") + (
            f"{{\\1c{spoken}}}{text}{{\\1c}}" if atom.number == marked else text
        )
    return shown


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
