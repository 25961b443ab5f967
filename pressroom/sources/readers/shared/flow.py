"""Trafilatura's tree of a main text, turned into headings and paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pressroom.platforms import counting
from pressroom.sources.readers.shared.assemble import Parts

Tree = Any
"""An lxml element."""

_BREAK = "\u2029"
_BREAKS = re.compile(rf"{_BREAK}\s*{_BREAK}[{_BREAK}\s]*")
_BLOCKS = frozenset({"p", "quote", "list", "item", "table", "row", "cell", "head", "div", "body"})
_LEFT_OUT = frozenset({"del", "graphic"})
_PROSE_CELL = 40
"""Words from which a cell of a table is a paragraph: the table is there for the layout."""


class Flow:
    """Reads a tree once. `parts`, `targets` (of links, in order), `linked_words`, `code` (blocks left out)."""

    def __init__(self, body: Tree) -> None:
        self.parts = Parts()
        self.targets: list[str] = []
        self.linked_words = 0
        self.code = 0
        self._read(body, self.parts.paragraph)

    def _read(self, element: Tree, add: Callable[[str], None]) -> None:
        """Adds the text right inside `element` with `add`, and its blocks each in its own way, in order."""
        words = [element.text or ""]
        for child in element:
            if child.tag in _BLOCKS or self._is_code_block(child):
                self._add(words, add)
                self._block(child)
                words = []
            else:
                words.append(self._inline(child))
            words.append(child.tail or "")
        self._add(words, add)

    def _add(self, words: list[str], add: Callable[[str], None]) -> None:
        for text in _BREAKS.split("".join(words)):
            add(text.replace(_BREAK, "\n"))

    def _block(self, element: Tree) -> None:
        if element.tag == "head":
            self.parts.heading(self._inline(element))
        elif element.tag == "item":
            self._read(element, self.parts.item)
        elif element.tag == "table":
            self._table(element)
        elif element.tag == "code":
            self.code += 1
        else:
            self._read(element, self.parts.paragraph)

    def _is_code_block(self, element: Tree) -> bool:
        return element.tag == "code" and (element.getparent().tag not in ("p", "item", "head", "cell", "ref", "hi"))

    def _inline(self, element: Tree) -> str:
        if not isinstance(element.tag, str) or element.tag in _LEFT_OUT:
            return ""
        if element.tag == "lb":
            return _BREAK
        text = "".join([element.text or "", *(self._inline(child) + (child.tail or "") for child in element)])
        if element.tag == "ref" and (target := element.get("target")) and text.strip():
            self.targets.append(target)
            self.linked_words += counting.words(text)
        return text

    def _table(self, table: Tree) -> None:
        heads: list[str] = []
        for row in table.iter("row"):
            cells = list(row.iterchildren("cell"))
            if len(cells) == 1 or any(counting.words("".join(cell.itertext())) > _PROSE_CELL for cell in cells):
                for cell in cells:
                    self._read(cell, self.parts.paragraph)
                continue
            texts = [self._inline(cell) for cell in cells]
            if cells and not heads and all(cell.get("role") == "head" for cell in cells):
                heads = texts
            else:
                self.parts.row(texts, heads)
