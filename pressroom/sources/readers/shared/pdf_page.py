"""PDFium reads a page of a PDF: its visible lines with their type, its hidden words, its links."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

import pypdfium2.raw as pdfium

from pressroom.sources.readers.shared.ligatures import LOST
from pressroom.sources.readers.shared.lines import Line
from pressroom.sources.readers.shared.pdf_seen import Seen
from pressroom.sources.readers.shared.raised import lowered, raised
from pressroom.sources.readers.shared.tidy import LIGATURES

MOST_CHARACTERS = 100_000
"""Of a page; a newspaper's has 30,000."""

_TINY = 2.0
"""Points: smaller type is there for machines, not for readers."""
_SMALLER = 0.9
_RISE = 0.2
"""Share of the line's type by which a smaller letter is raised; `_SAME_RISE` for one of the same size."""
_SAME_RISE = 0.3
_FALL = 0.08
_SMALL_INK = 0.55
"""Share of the type's size that a raised figure is high; others are 0.65."""
_MATHEMATICAL = frozenset(map(chr, range(0x1D400, 0x1D800)))
_BAND = 0.7
"""Share of the type's size within which letters belong to the same line."""
_GAP = 3.5
"""Times the type's size, from one letter to the next, as between the columns of a table."""
_LEADERS = "._…·"
_BOLD = 600


@dataclass(frozen=True)
class _Type:
    """Letters of one object of a page have one type. angle: in degrees, as the page shows them."""

    size: float
    bold: bool
    angle: int
    hidden: bool


@dataclass(frozen=True)
class _Char:
    text: str
    x: float
    y: float
    type: _Type
    place: int = 0
    """1 for a raised figure of the line's own type, -1 for a lowered one: fonts have both."""


@dataclass
class PageText:
    """lines: in the page's order. hidden, turned: invisible texts, and those set across the page."""

    lines: list[Line] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    turned: list[str] = field(default_factory=list)
    recognised: bool = False
    """True when the text lies hidden over a picture of itself, as after text recognition."""
    is_picture: bool = False
    """True when the page has a picture and no text."""


def read_page(page: Any, number: int) -> PageText:
    """The text of a `pypdfium2.PdfPage`.

    Raises:
        ValueError: it has more characters than a page of text has, in words that go on after "Page 3".
    """
    return _Page(page, number).read()


def links(page: Any) -> Iterator[str]:
    """The addresses that areas of a page lead to."""
    at, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    while pdfium.FPDFLink_Enumerate(page, at, link):
        action = pdfium.FPDFLink_GetAction(link)
        if action and pdfium.FPDFAction_GetType(action) == pdfium.PDFACTION_URI:
            size = pdfium.FPDFAction_GetURIPath(page.pdf, action, None, 0)
            buffer = ctypes.create_string_buffer(size)
            pdfium.FPDFAction_GetURIPath(page.pdf, action, buffer, size)
            yield buffer.value.decode("utf-8", "replace")


_WRITTEN_ON = (pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET)
_MOST_REMARKS = 1_000


def remarks(page: Any) -> Iterator[str]:
    """The words in fields of a form and in boxes that were written on a page later."""
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_REMARKS)):
        remark = pdfium.FPDFPage_GetAnnot(page, at)
        kind = pdfium.FPDFAnnot_GetSubtype(remark)
        if kind in _WRITTEN_ON and not pdfium.FPDFAnnot_GetFlags(remark) & pdfium.FPDF_ANNOT_FLAG_HIDDEN:
            yield _value(remark, b"Contents" if kind == pdfium.FPDF_ANNOT_FREETEXT else b"V")
        pdfium.FPDFPage_CloseAnnot(remark)


def _value(remark: Any, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(remark, key, None, 0)
    buffer = ctypes.create_string_buffer(max(2, size))
    pdfium.FPDFAnnot_GetStringValue(remark, key, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le", "replace").strip("\x00 ")


class _Page:
    def __init__(self, page: Any, number: int) -> None:
        self._page, self._number = page, number
        self._text = page.get_textpage()
        self._types: dict[int | None, _Type] = {}
        self._seen = Seen(page)

    def read(self) -> PageText:
        count = self._text.count_chars()
        if count > MOST_CHARACTERS:
            raise ValueError(f"holds {count:,} characters ({MOST_CHARACTERS:,} are taken)")
        chars = list(self._chars(count))
        made = PageText()
        written = [char for char in chars if char.text.strip()]
        if written and all(char.type.hidden for char in written) and self._seen.has_picture:
            made.recognised = True
        made.is_picture = not written and self._seen.has_picture
        angle = _most([char.type.angle for char in written])
        kept: list[_Char] = []
        for char, group in groupby(chars, lambda char: char.type):
            found = list(group)
            if char.hidden and not made.recognised:
                made.hidden.append("".join(each.text for each in found))
            elif char.angle != angle and any(each.text.strip() for each in found):
                made.turned.append("".join(each.text for each in found))
            else:
                kept += found
        made.lines = [line for line in (_line(each, self._number) for each in _lines(_upright(kept, angle))) if line]
        return made

    def _chars(self, count: int) -> Iterator[_Char]:
        """The characters in their order; those PDFium puts between words have the type of the word before."""
        x, y = ctypes.c_double(), ctypes.c_double()
        before, half = _Type(0, False, 0, False), 0
        for at in range(count):
            code = pdfium.FPDFText_GetUnicode(self._text, at)
            pdfium.FPDFText_GetCharOrigin(self._text, at, x, y)
            if pdfium.FPDFText_IsGenerated(self._text, at) == 1:
                if chr(code) in "\r\n":
                    continue  # lines are told by where their letters stand
            else:
                before = self._type(at)
            if 0xD800 <= code < 0xDC00:
                half = code
                continue
            if half and 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00)
            half = 0
            text = self._letter(at, code)
            yield _Char(text, x.value, y.value, before, self._own_place(at, y.value, before) if text.isdigit() else 0)

    def _letter(self, at: int, code: int) -> str:
        if pdfium.FPDFText_IsHyphen(self._text, at) == 1:
            return "-"
        if pdfium.FPDFText_HasUnicodeMapError(self._text, at) == 1:
            return LOST
        text = chr(code)
        if unicodedata.category(text) in ("Cc", "Cs", "Cn") and text not in "\t\n\r":
            return LOST
        if text in _MATHEMATICAL:
            return unicodedata.normalize("NFKC", text)
        return text.translate(LIGATURES)

    def _own_place(self, at: int, base: float, kind: _Type) -> int:
        """Where a figure's own ink stands: over the line, below it, or on it."""
        edges = [ctypes.c_double() for _ in range(4)]
        if kind.angle or not kind.size or not pdfium.FPDFText_GetCharBox(self._text, at, *edges):
            return 0
        low, high = ((edge.value - base) / kind.size for edge in edges[2:])
        is_small = 0 < high - low <= _SMALL_INK
        return 1 if is_small and low >= _RISE else -1 if is_small and low <= -_FALL / 2 else 0

    def _type(self, at: int) -> _Type:
        thing = pdfium.FPDFText_GetTextObject(self._text, at)
        key = ctypes.cast(thing, ctypes.c_void_p).value
        if key not in self._types:
            self._types[key] = self._type_of(at, thing)
        return self._types[key]

    def _type_of(self, at: int, thing: Any) -> _Type:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._text, at, matrix)
        size = pdfium.FPDFText_GetFontSize(self._text, at) * math.hypot(matrix.c, matrix.d)
        weight = pdfium.FPDFText_GetFontWeight(self._text, at)
        angle = round(math.degrees(math.atan2(matrix.b, matrix.a)) / 5) * 5 % 360
        return _Type(
            size=round(abs(size), 1),
            bold=weight >= _BOLD or "bold" in self._font(at).lower(),
            angle=angle,
            hidden=abs(size) < _TINY or not self._seen.shows(thing),
        )

    def _font(self, at: int) -> str:
        buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self._text, at, buffer, len(buffer), flags)
        return buffer.value.decode("utf-8", "replace")


def _most(values: Sequence[Any]) -> Any:
    return Counter(values).most_common(1)[0][0] if values else 0


def _upright(chars: Sequence[_Char], angle: int) -> list[_Char]:
    """The characters of a page that is written at an angle, as if it were not."""
    if not angle:
        return list(chars)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return [_Char(c.text, c.x * cos + c.y * sin, c.y * cos - c.x * sin, c.type) for c in chars]


def _lines(chars: Sequence[_Char]) -> Iterator[list[_Char]]:
    held: list[_Char] = []
    for char in chars:
        if held and char.text.strip() and _breaks(char, held):
            yield held
            held = []
        held.append(char)
    if held:
        yield held


def _breaks(char: _Char, line: Sequence[_Char]) -> bool:
    """True when `char` begins another line: it stands higher, lower, or left of the line's end."""
    last = next((each for each in reversed(line) if each.text.strip()), line[-1])
    reach = _BAND * max(char.type.size, last.type.size)
    return abs(char.y - last.y) > reach or char.x < last.x - 2 * reach


def _line(chars: Sequence[_Char], page: int) -> Line | None:
    written = [char for char in chars if char.text.strip()]
    if not written:
        return None
    size = _most([char.type.size for char in written])
    base = _most([round(char.y, 1) for char in written if char.type.size == size])
    chars = _with_gaps(chars, size)
    groups = [
        (place, "".join(char.text for char in run))
        for place, run in groupby(chars, lambda char: _place(char, size, base))
    ]
    text = ""
    for at, (place, words) in enumerate(groups):
        after = groups[at + 1][1] if at + 1 < len(groups) else ""
        text += raised(text, words, after) if place > 0 else lowered(text, words) if place < 0 else words
        text += " " if place and words[-1:].isspace() else ""
    bold = all(char.type.bold for char in written)
    marked = groups[0][0] > 0 and not text.startswith(groups[0][1])
    return Line(text=text.strip(), size=size, y=base, bold=bold, page=page, marked=marked) if text.strip() else None


def _with_gaps(chars: Sequence[_Char], size: float) -> list[_Char]:
    """The characters of a line, with a tab before one that stands far to the right of the one before."""
    made: list[_Char] = []
    last: _Char | None = None
    for char in chars:
        if char.text.strip():
            if last is not None and char.x - last.x > _GAP * size and last.text not in _LEADERS:
                made.append(replace(last, text="\t"))
            last = char
        made.append(char)
    return made


def _place(char: _Char, size: float, base: float) -> int:
    """1 for a raised character, -1 for a lowered one, 0 for one on the line."""
    if char.place and char.type.size > _SMALLER * size:
        return char.place
    rise = (char.y - base) / size if size else 0
    if char.type.size <= _SMALLER * size:
        return 1 if rise >= _RISE else -1 if rise <= -_FALL else 0
    return 1 if rise >= _SAME_RISE else -1 if rise <= -_SAME_RISE else 0
