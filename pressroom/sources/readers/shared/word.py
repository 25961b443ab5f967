"""The body of a Word document, turned into headings and paragraphs; what is hidden or deleted stays out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from pressroom.sources.readers.shared.assemble import Parts

Tree = Any
"""An lxml element."""

# Text moved away or deleted, and what is drawn beside the text (a text box stands in the file twice).
_LEFT_OUT = frozenset(
    {qn("w:del"), qn("w:moveFrom"), qn("w:drawing"), qn("w:pict"), qn("w:object"), qn("w:delText"), qn("w:instrText")}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}
)
_MARKS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:softHyphen"): ""}
_OFF = ("0", "false", "off", "none")
_HEADING = re.compile(r"heading [1-9]", re.I)
_MOST_PARENTS = 20


class Styles:
    """What a paragraph's style makes of it: title, heading, item of a list, or nothing of that."""

    def __init__(self, styles: Tree) -> None:
        self._known = {style.get(qn("w:styleId")): style for style in styles.iter(qn("w:style"))}

    def role(self, paragraph: Tree) -> str:
        own = paragraph.find(qn("w:pPr"))
        style_id = _value(own, "w:pStyle") if own is not None else None
        chain = list(self._chain(style_id))
        properties = [part for part in (own, *(style.find(qn("w:pPr")) for style in chain)) if part is not None]
        names = [str(_value(style, "w:name") or "").casefold() for style in chain]
        if "title" in names:
            return "title"
        level = next((found for part in properties if (found := _value(part, "w:outlineLvl"))), None)
        if any(map(_HEADING.fullmatch, names)) or (level is not None and level < "9"):
            return "heading"
        numbered = next((part.find(qn("w:numPr")) for part in properties if part.find(qn("w:numPr")) is not None), None)
        if numbered is not None:
            return "" if _value(numbered, "w:numId") == "0" else "item"
        return "item" if any(name.startswith("list ") and name != "list paragraph" for name in names) else ""

    def _chain(self, style_id: str | None) -> Iterator[Tree]:
        for _ in range(_MOST_PARENTS):
            style = self._known.get(style_id)
            if style is None:
                return
            yield style
            style_id = _value(style, "w:basedOn")


class Body:
    """Reads a body once. `parts`, `title` (of a paragraph styled so), `links` (relationship ids, in order)."""

    def __init__(self, body: Tree, styles: Styles) -> None:
        self.parts = Parts()
        self.title = ""
        self.links: list[str] = []
        self._styles = styles
        self._read(body)

    def _read(self, container: Tree) -> None:
        for child in container:
            if child.tag == qn("w:p"):
                self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                self._table(child)
            elif child.tag not in _LEFT_OUT and isinstance(child.tag, str):
                self._read(child)  # content controls, tracked insertions

    def _paragraph(self, paragraph: Tree) -> None:
        text, role = self._text(paragraph), self._styles.role(paragraph)
        if role == "title" and not self.title:
            self.title = text
        elif role in ("title", "heading"):
            self.parts.heading(text)
        elif role == "item":
            self.parts.item(text)
        else:
            self.parts.paragraph(text)

    def _text(self, element: Tree) -> str:
        if element.tag == qn("w:t"):
            return element.text or ""
        if element.tag in _MARKS:
            return _MARKS[element.tag]
        if element.tag in _LEFT_OUT or not isinstance(element.tag, str) or _is_hidden(element):
            return ""
        text = "".join(map(self._text, element))
        if element.tag == qn("w:hyperlink") and text.strip() and (link := element.get(qn("r:id"))):
            self.links.append(link)
        return text

    def _table(self, table: Tree) -> None:
        rows = [list(row.iter(qn("w:tc"))) for row in table.iter(qn("w:tr"))]
        heads: list[str] = []
        for at, (cells, row) in enumerate(zip(rows, table.iter(qn("w:tr")), strict=True)):
            if len(cells) == 1:  # a frame around text
                self._read(cells[0])
                continue
            texts = ["\n".join(self._text(each) for each in cell.iter(qn("w:p"))) for cell in cells]
            if at == 0 and len(rows) > 2 and _names_columns(row, texts):
                heads = texts
            else:
                self.parts.row(texts, heads)


def _names_columns(row: Tree, texts: list[str]) -> bool:
    """Whether a first row is one of headings: marked so, or all its cells filled with words and no figures."""
    marked = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    return marked or all(text.strip() and not re.search(r"\d", text) for text in texts)


def _is_hidden(element: Tree) -> bool:
    properties = element.find(qn("w:rPr")) if element.tag == qn("w:r") else None
    hidden = properties.find(qn("w:vanish")) if properties is not None else None
    return hidden is not None and hidden.get(qn("w:val"), "1").casefold() not in _OFF


def _value(element: Tree, name: str) -> Any:
    found = element.find(qn(name))
    return None if found is None else found.get(qn("w:val"))
