"""The body of a Word document, turned into headings and paragraphs: each visible word once, in the reader's order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pressroom.platforms import counting
from pressroom.sources.readers.shared import word_math
from pressroom.sources.readers.shared.assemble import Parts
from pressroom.sources.readers.shared.omissions import HIDDEN
from pressroom.sources.readers.shared.tidy import one_line
from pressroom.sources.readers.shared.word_fields import Fields
from pressroom.sources.readers.shared.word_fonts import as_shown, symbol
from pressroom.sources.readers.shared.word_line import GAP, Piece, joined
from pressroom.sources.readers.shared.word_styles import Place, Styles, W, on

Tree = Any
"""An lxml element."""

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = word_math.M
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/"

_LEFT_OUT = frozenset(
    f"{W}{name}"
    for name in (
        "del",
        "moveFrom",
        "delText",
        "delInstrText",
        "sdtPr",
        "sdtEndPr",
        "pPr",
        "rPr",
        "tblPr",
        "trPr",
        "tcPr",
    )
) | {f"{W}rt", f"{W}pgNum", f"{W}sectPr", f"{W}tblGrid", f"{W}customXmlPr", f"{W}smartTagPr"}
_MARKS = {
    f"{W}tab": " ",
    f"{W}ptab": " ",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "",
}
_NOTE_MARKS = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_EMBEDDED = {f"{W}altChunk": "embedded document", f"{W}subDoc": "linked document"}
_DRAWN = {f"{_DRAWING}chart}}chart": "chart", f"{_DRAWING}diagram}}relIds": "diagram"}
_PROSE_CELL = 40
"""Words from which a cell of a table is a paragraph: the table is there for the layout."""

_MOST_BOXES = 500
"""Text boxes that are compared with the text."""


@dataclass
class _Found:
    """Pieces of a line, and the text boxes that hang on it."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[Tree] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.boxes) or any(piece.text.strip() for piece in self.pieces)


class Body:
    """Reads a body once.

    `parts`, `title` (of a paragraph styled so), `links` (addresses, in order). targets: addresses by the ids of
    relationships.
    """

    def __init__(self, body: Tree, styles: Styles, targets: dict[str, str]) -> None:
        self.parts = Parts()
        self.title = ""
        self.links: list[str] = []
        self._styles = styles
        self._targets = targets
        self._fields = Fields(body)
        self._left_out: Counter[str] = Counter()
        self._carried: list[Piece] = []
        self._boxed: set[str] = set()
        self._read(body, Place())
        self._once()
        for name, count in self._left_out.items():
            self.parts.omissions.note(f"Left out: {count} {name}{'s' if count > 1 else ''}.")

    def _read(self, container: Tree, at: Place) -> None:
        for child in container:
            if child.tag == f"{W}p":
                self._paragraph(child, at)
            elif child.tag == f"{W}tbl":
                self._table(child, at)
            elif child.tag in _EMBEDDED:
                self._left_out[_EMBEDDED[child.tag]] += 1
            elif child.tag == f"{MC}AlternateContent":
                self._read(next(iter(child), ()), at)
            elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT and not _is_no_text(child):
                self._read(child, at)  # content controls, tracked insertions

    def _paragraph(self, paragraph: Tree, at: Place) -> None:
        context = Place(paragraph, at.table, boxed=at.boxed)
        found = _Found([*self._carried])
        self._collect(paragraph, context, found)
        role = self._styles.role(paragraph)
        if _goes_on(paragraph):  # its end was deleted, or it is the large first letter of the next one
            self._carried = found.pieces
        else:
            self._carried = []
            self._add(joined(found.pieces, self.parts.omissions), role, at)
        for box in found.boxes:
            self._read(box, Place(boxed=True))

    def _add(self, text: str, role: str, at: Place) -> None:
        if at.boxed and (line := one_line(text)):
            self._boxed.add(line)
        if role == "title" and not self.title and not at.boxed:
            self.title = text
        elif role in ("title", "heading"):
            self.parts.heading(text)
        elif role == "item":
            self.parts.item(text)
        elif role != "contents":
            self.parts.paragraph(text)

    def _collect(self, element: Tree, at: Place, found: _Found) -> None:
        """Adds what is visible inside `element`, in order."""
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in _LEFT_OUT:
                continue
            if tag == f"{W}r":
                self._run(child, at, found)
            elif tag == f"{M}oMath" and self._fields.is_shown():
                self._formula(child, at, found)
            elif tag == f"{MC}AlternateContent":
                self._alternate(child, at, found)
            elif tag in (f"{W}hyperlink", f"{W}fldSimple"):
                self._link(child, at, found)
            elif not _is_no_text(child):
                self._collect(child, at, found)

    def _run(self, run: Tree, at: Place, found: _Found) -> None:
        look = self._styles.look(run, at)
        inside = _Found()
        self._inside(run, at, inside)
        if look.hidden:
            self.parts.omissions.leave_out(HIDDEN, "".join(piece.text for piece in inside.pieces))
            return
        found.boxes += inside.boxes
        for piece in inside.pieces:
            text = as_shown(piece.text, look.font)
            found.pieces.append(Piece(text, place=look.place, struck=look.struck))

    def _inside(self, run: Tree, at: Place, found: _Found) -> None:
        for child in run:
            if self._fields.take(child):
                self._follow(found)
            elif not isinstance(child.tag, str) or child.tag in _LEFT_OUT or not self._fields.is_shown():
                continue
            elif child.tag == f"{W}t":
                found.pieces.append(Piece(child.text or ""))
            elif child.tag in _MARKS:
                found.pieces.append(Piece(_MARKS[child.tag]))
            elif child.tag == f"{W}sym":
                found.pieces.append(Piece(symbol(child.get(f"{W}char", ""), child.get(f"{W}font", ""))))
            elif child.tag.endswith("}symEx"):
                found.pieces.append(Piece(symbol(_attribute(child, "char"), "")))
            elif child.tag in _NOTE_MARKS:
                self._left_out[_NOTE_MARKS[child.tag]] += 1
            elif child.tag == f"{MC}AlternateContent":
                self._alternate(child, at, found)
            elif child.tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                self._drawn(child, found)
            else:
                self._inside(child, at, found)

    def _follow(self, found: _Found) -> None:
        """Takes from the fields what the end of one leaves behind: a formula, a link."""
        found.pieces += [Piece(text) for text in self._fields.formulas]
        self.links += self._fields.links
        self._fields.formulas, self._fields.links = [], []

    def _alternate(self, alternate: Tree, at: Place, found: _Found) -> None:
        """The first of several renderings of the same that has something to show."""
        for branch in alternate:
            inside = _Found()
            if isinstance(branch.tag, str):
                (self._inside if alternate.getparent().tag == f"{W}r" else self._collect)(branch, at, inside)
            if inside:
                found.pieces += inside.pieces
                found.boxes += inside.boxes
                return

    def _formula(self, math: Tree, at: Place, found: _Found) -> None:
        def is_hidden(run: Tree) -> bool:
            return self._styles.look(run, at).hidden

        text = word_math.line(math, is_hidden)
        found.pieces.append(Piece(text))

    def _link(self, link: Tree, at: Place, found: _Found) -> None:
        if link.tag == f"{W}fldSimple" and self._fields.is_left_out(link.get(f"{W}instr", "")):
            return
        inside = _Found()
        self._collect(link, at, inside)
        target = self._targets.get(link.get(_R_ID, "")) or self._fields.target(link.get(f"{W}instr", ""))
        if inside and target:
            self.links.append(target)
        found.pieces += inside.pieces
        found.boxes += inside.boxes

    def _drawn(self, drawing: Tree, found: _Found) -> None:
        """Text boxes are read below the paragraph; a formula that is an object leaves a gap in its sentence."""
        if _is_hidden_drawing(drawing):
            return
        found.boxes += _outermost(drawing, f"{W}txbxContent")
        self._left_out.update(name for tag, name in _DRAWN.items() for _ in drawing.iter(tag))
        if any("equation" in str(each.get("ProgID")).casefold() for each in drawing.iter("{*}OLEObject")):
            found.pieces.append(Piece(GAP))

    def _table(self, table: Tree, at: Place) -> None:
        within = Place(table=table, boxed=at.boxed)
        rows = [row for row in _within(table, f"{W}tr") if not _is_gone(row)]
        heads: list[str] = []
        for number, row in enumerate(rows):
            cells = [cell for cell in _within(row, f"{W}tc") if cell.find(f"{W}tcPr/{W}cellDel") is None]
            texts, boxes = self._cells(cells, within)
            if len(cells) == 1 or texts is None:  # a frame around text
                for cell in cells:
                    self._read(cell, within)
            elif number == 0 and len(rows) > 2 and _names_columns(row, texts):
                heads = texts
            else:
                self.parts.row(texts, heads)
            for box in boxes:
                self._read(box, Place(boxed=True))

    def _cells(self, cells: Sequence[Tree], at: Place) -> tuple[list[str] | None, list[Tree]]:
        """The text of each column and the text boxes in it; None where a cell holds more than a line of text."""
        if len(cells) == 1 or any(next(_within(cell, f"{W}tbl"), None) is not None for cell in cells):
            return None, []
        texts: list[str] = []
        boxes: list[Tree] = []
        for cell in cells:
            lines = []
            for paragraph in () if _goes_on_from_above(cell) else _within(cell, f"{W}p"):
                found = _Found()
                self._collect(paragraph, Place(paragraph, at.table, boxed=at.boxed), found)
                lines.append(joined(found.pieces, self.parts.omissions))
                boxes += found.boxes
            text = "\n".join(lines)
            if counting.words(text) > _PROSE_CELL:
                return None, []
            texts += [text, *[""] * (_span(cell) - 1)]
        return texts, boxes

    def _once(self) -> None:
        """Takes out what a text box repeats: a sentence pulled out of the text, a box that stands on every page."""
        if not self._boxed:
            return
        whole = "\n".join(text for _, texts in self.parts.found for text in texts)
        again = {text: whole.count(text) - 1 for text in sorted(self._boxed)[:_MOST_BOXES]}
        for _, texts in self.parts.found:
            for text in [text for text in texts if text in again]:
                if again[text] > 0:
                    again[text] -= 1
                    texts.remove(text)


def _within(container: Tree, tag: str) -> Iterator[Tree]:
    """Children of a table, row or cell, through the wrappers that may stand between."""
    for child in container:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo") and not _is_no_text(
            child
        ):
            yield from _within(child, tag)


def _is_no_text(element: Tree) -> bool:
    """True when a content control shows only a prompt or a table of contents."""
    if element.tag != f"{W}sdt":
        return False
    properties = element.find(f"{W}sdtPr")
    if properties is None:
        return False
    prompt = properties.find(f"{W}showingPlcHdr")
    gallery = properties.find(f"{W}docPartObj/{W}docPartGallery")
    is_contents = gallery is not None and "table of contents" in gallery.get(f"{W}val", "").casefold()
    return is_contents or (prompt is not None and on(prompt, "val", unset=True))


def _goes_on(paragraph: Tree) -> bool:
    """True when the next paragraph continues the line."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        return False
    frame = properties.find(f"{W}framePr")
    is_deleted = any(properties.find(f"{W}rPr/{W}{name}") is not None for name in ("del", "moveFrom"))
    return is_deleted or (frame is not None and frame.get(f"{W}dropCap", "none") != "none")


def _goes_on_from_above(cell: Tree) -> bool:
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    return merged is not None and merged.get(f"{W}val", "continue") == "continue"


def _span(cell: Tree) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "" if span is None else span.get(f"{W}val", "")
    return min(int(value), 50) if value.isdigit() and int(value) else 1


def _is_gone(row: Tree) -> bool:
    """True when a row is deleted, moved or hidden."""
    hidden = row.find(f"{W}trPr/{W}hidden")
    return row.find(f"{W}trPr/{W}del") is not None or (hidden is not None and on(hidden, "val", unset=True))


def _names_columns(row: Tree, texts: list[str]) -> bool:
    """True when a first row holds headings: marked so, or all its cells filled with words and no figures."""
    marked = row.find(f"{W}trPr/{W}tblHeader") is not None
    return marked or all(text.strip() and not re.search(r"\d", text) for text in texts)


def _outermost(element: Tree, tag: str) -> list[Tree]:
    """Descendants with `tag` that are not inside another of them; of alternatives the first."""
    found: list[Tree] = []
    for child in element:
        if child.tag == tag:
            found.append(child)
        elif child.tag == f"{MC}AlternateContent":
            found += next(filter(None, (_outermost(branch, tag) for branch in child)), [])
        elif isinstance(child.tag, str):
            found += _outermost(child, tag)
    return found


def _is_hidden_drawing(drawing: Tree) -> bool:
    named = any(each.get("hidden") in ("1", "true") for each in drawing.iter("{*}docPr"))
    return named or any("visibility:hidden" in (each.get("style") or "") for each in drawing.iter("{urn:*}shape"))


def _attribute(element: Tree, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
