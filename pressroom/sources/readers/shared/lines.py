"""Lines as a printed page has them, turned into headings and paragraphs again."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from pressroom.platforms import counting
from pressroom.sources.readers.shared.assemble import Parts
from pressroom.sources.readers.shared.omissions import Omissions

_EDGE = 2
"""Lines at the top and at the bottom of a page that may be a header or a footer."""
_REPEATED = 0.4
"""Share of the pages on which such a line stands (left and right pages often differ)."""
_LEAST_REPEATED = 3
_LARGER = 1.12
_WIDER = 1.35
_LONGEST_SIGN = 4
"""Characters before the first gap that may number an item."""
_SMALLER = 0.95
_SHORT = 0.75
_HEADING_WORDS = 20

_PAGE_NUMBER = re.compile(
    r"[-–—|.\s]*(?:(?:page|seite|página|pagina|p\.|s\.)\s*)?\d{1,4}(?:\s*(?:/|of|von|de|sur|di)\s*\d{1,4})?[-–—|.\s]*",
    re.I,
)
_STOP = re.compile(r"[.!?:…。！？؟।][\"'»“”’)\]」』]*\s*$")
_ITEM = re.compile(r"\s*(?:[-•‣◦▪–·●○■\uf0b7]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_LEADER = re.compile(r"(?<![.\s])\s*(?:\.\s?){4}[.\s]*+\w{0,5}\s*$")
_BROKEN = re.compile(r"(?<!\w)(\w++)([-\u2010\u00ad])$")
_COMPOUND = re.compile(r"(?<!\w)\w++-\w+")
_TENS = frozenset({"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"})
_STARTS = re.compile(r"(\w+)")


@dataclass(frozen=True)
class Line:
    """size: of the type, in points. y: height on the page, upwards. bold: all of it is.

    marked: it begins with a raised mark, which is no part of `text`.
    """

    text: str
    size: float = 0
    y: float = 0
    bold: bool = False
    page: int = 0
    marked: bool = False


def without_contents(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[str]]:
    """The pages without the lines of a table of contents (dots that lead to a number), and those lines."""
    found = [line.text for page in pages for line in page if _LEADER.search(line.text)]
    return [[line for line in page if not _LEADER.search(line.text)] for page in pages], found


def without_footnotes(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[str]]:
    """The pages without the lines in small type that follow a raised mark, and those lines."""
    body = _body_size([line for page in pages for line in page])
    notes: list[str] = []
    kept: list[list[Line]] = []
    for page in pages:
        kept.append([])
        in_note = False
        for line in page:
            in_note = line.size <= _SMALLER * body and (line.marked or in_note) and not _is_page_number(line)
            if in_note:
                notes.append(line.text)
            else:
                kept[-1].append(line)
    return kept, notes


def without_furniture(pages: Sequence[Sequence[Line]]) -> tuple[list[Line], list[str]]:
    """The lines of all pages in order, without headers, footers and page numbers; each header and footer once."""
    seen = Counter(shape for page in pages for shape in {_shape(line) for line in _edges(page)})
    least = max(_LEAST_REPEATED, _REPEATED * len(pages))
    kept: list[Line] = []
    left_out: dict[object, str] = {}
    for page in pages:
        edges = {id(line) for line in _edges(page)}
        for line in page:
            if id(line) in edges and seen[_shape(line)] >= least:
                left_out.setdefault(_shape(line), line.text)
            elif id(line) not in edges or not _is_page_number(line):
                kept.append(line)
    if not kept:  # every page the same: then it is the text
        return [line for page in pages for line in page], []
    return kept, [text for text in left_out.values() if not _PAGE_NUMBER.fullmatch(text)]


def _is_page_number(line: Line) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None


def _edges(page: Sequence[Line]) -> list[Line]:
    return [*page[:_EDGE], *page[-_EDGE:]]


def _shape(line: Line) -> tuple[str, float]:
    """A header has the same shape on every page; a title in larger type has another."""
    return re.sub(r"\d+", "#", " ".join(line.text.split()).casefold()), line.size


def assembled(lines: Sequence[Line], omissions: Omissions) -> Parts:
    """Headings (larger or bold type), items and paragraphs, with words mended that were broken at a line's end."""
    parts = Parts(omissions=omissions)
    body = _body_size(lines)
    compounds = {found.casefold() for line in lines for found in _COMPOUND.findall(line.text)}
    for block in _blocks(lines):
        if _is_row(block[0]):
            _add_rows(block, parts)
            continue
        text = _joined([line.text for line in block], compounds)
        if _is_heading(block[0], body) and counting.words(text) <= _HEADING_WORDS:
            parts.heading(text)
        elif mark := _ITEM.match(text):
            parts.item(text[mark.end() :])
        else:
            parts.paragraph(text)
    return parts


def _cells(line: Line) -> list[str]:
    return [cell.strip() for cell in line.text.split("\t")]


def _is_row(line: Line) -> bool:
    """True when a line has gaps as wide as between columns, apart from the one after an item's sign."""
    cells = _cells(line)
    return len(cells) > 2 or (len(cells) == 2 and len(cells[0]) > _LONGEST_SIGN)


def _add_rows(block: Sequence[Line], parts: Parts) -> None:
    """Lines of one table as rows, under the names of their columns where the first line is one of names."""
    rows = [_cells(line) for line in block]
    named = len(rows) > 2 and len({len(row) for row in rows}) == 1 and not re.search(r"\d", " ".join(rows[0]))
    for row in rows[1:] if named else rows:
        parts.row(row, rows[0] if named else ())


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that belong together."""
    body, leading, full = _body_size(lines), _leading(lines), _full_length(lines)
    held: list[Line] = []
    for line in lines:
        if held and _begins(line, held[-1], body=body, leading=leading, full=full):
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _begins(line: Line, before: Line, *, body: float, leading: float, full: float) -> bool:
    """True when `line` starts a new paragraph."""
    if _is_row(line) or _is_row(before):
        return len(_cells(line)) != len(_cells(before)) or line.page != before.page
    heading = _is_heading(line, body)
    if heading != _is_heading(before, body) or (heading and line.size != before.size) or _ITEM.match(line.text):
        return True
    gap = before.y - line.y
    ended = _STOP.search(before.text) is not None
    if line.page != before.page or gap < 0:  # another page or column: a sentence may go on there
        return heading or ended
    wide = leading > 0 and gap > _WIDER * leading * max(1.0, line.size / body if body else 1)
    return wide or (ended and len(before.text) < _SHORT * full)


def _is_heading(line: Line, body: float) -> bool:
    larger = body > 0 and line.size >= _LARGER * body
    return larger or (line.bold and not _STOP.search(line.text) and counting.words(line.text) <= _HEADING_WORDS)


def _body_size(lines: Sequence[Line]) -> float:
    """The size most characters are set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0


def _leading(lines: Sequence[Line]) -> float:
    gaps = [a.y - b.y for a, b in pairwise(lines) if a.page == b.page and a.y > b.y and a.size == b.size]
    return statistics.median_low(sorted(gaps)[: max(1, len(gaps) * 3 // 4)]) if gaps else 0


def _full_length(lines: Sequence[Line]) -> float:
    lengths = sorted(len(line.text) for line in lines)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _joined(texts: Sequence[str], compounds: Set[str]) -> str:
    text = texts[0].rstrip()
    for following in texts[1:]:
        broken, start = _BROKEN.search(text[-80:]), _STARTS.match(following.lstrip())
        if broken and start:
            text = _mended(text, broken, start[1], compounds) + following.lstrip()
        else:
            text = f"{text}\n{following.strip()}"
        text = text.rstrip()
    return text


def _mended(text: str, broken: re.Match[str], start: str, compounds: Set[str]) -> str:
    """`text` without the hyphen at its end, if that is there only because the line was full."""
    own = not start[0].islower() or f"{broken[1]}-{start}".casefold() in compounds or broken[1].lower() in _TENS
    return text if own and broken[2] != "\u00ad" else text[:-1]
