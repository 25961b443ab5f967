"""A table of a page, as rows of cells under the names of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pressroom.sources.readers.shared.assemble import Parts

Tree = Any
"""An lxml element."""

_MOST_SPAN = 100


@dataclass
class Row:
    """cells, and the column each begins at. is_head: whether it names columns."""

    cells: list[Tree] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    is_head: bool = False


class Grid:
    """`rows`: of the table itself, not of tables inside its cells."""

    def __init__(self, table: Tree) -> None:
        self.rows: list[Row] = []
        taken: dict[int, int] = {}
        for element in _rows_of(table):
            self.rows.append(_row(element, taken))

    def add_to(self, parts: Parts, text_of: Callable[[Tree], str]) -> None:
        """Each row as an item; rows of names go before the cells below them, and are items where none is below."""
        names: dict[int, str] = {}
        waiting: list[list[str]] = []
        for row in self.rows:
            texts = [text_of(cell) for cell in row.cells]
            heads = [names.get(column, "") for column in row.columns]
            if row.is_head and not (names and not waiting):
                _name(names, row, texts)
                waiting.append(texts)
            elif [text for text in texts if text] == [head for head in heads if head] and names:
                continue  # the foot repeats the head
            elif len(row.cells) == 1:
                parts.paragraph(texts[0])
            else:
                parts.row(texts, heads)
                waiting = []
        for texts in waiting:
            parts.row(texts)


def _name(names: dict[int, str], row: Row, texts: list[str]) -> None:
    for column, cell, text in zip(row.columns, row.cells, texts, strict=True):
        for at in range(column, column + _span(cell, "colspan")):
            names[at] = " ".join(filter(None, (names.get(at, ""), text)))


def _rows_of(table: Tree) -> Iterator[Tree]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def _row(element: Tree, taken: dict[int, int]) -> Row:
    """taken: by column, the rows that a cell above still reaches into."""
    row, at = Row(), 0
    for cell in element.iterchildren("td", "th"):
        while taken.get(at):
            taken[at] -= 1
            at += 1
        row.cells.append(cell)
        row.columns.append(at)
        for column in range(at, at + _span(cell, "colspan")):
            taken[column] = _span(cell, "rowspan") - 1
        at += _span(cell, "colspan")
    for column in [column for column in taken if column >= at and taken[column]]:
        taken[column] -= 1
    row.is_head = bool(row.cells) and len(row.cells) > 1 and all(cell.tag == "th" for cell in row.cells)
    row.is_head = row.is_head or (element.getparent().tag == "thead" and len(row.cells) > 1)
    return row


def _span(cell: Tree, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(1, int(value)), _MOST_SPAN) if value.isdecimal() else 1
