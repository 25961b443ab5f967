"""Properties of text in Word documents, resolved as Word does it: defaults, styles and their parents, the run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

Tree = Any
"""An lxml element."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_OFF = ("0", "false", "off", "none")
_HEADING = re.compile(r"heading [1-9]", re.I)
_CONTENTS = re.compile(r"(?:toc \d|toc heading|table of figures|index \d|table of authorities)", re.I)
_MOST_PARENTS = 20
_RAISED = 4
"""Half points above (or below) the line from which text is raised (or lowered)."""
_TINY = 4
"""Half points: smaller type is there for machines, not for readers."""
_WHITE = re.compile(r"f[c-f]f[c-f]f[c-f]", re.I)


@dataclass(frozen=True)
class Look:
    """How a run shows. place: `super`, `sub`, or empty on the line. font: its name, empty when nothing names it."""

    hidden: bool = False
    struck: bool = False
    place: str = ""
    font: str = ""


class Place:
    """Where a run stands: in which paragraph, of which table, or in a text box."""

    def __init__(self, paragraph: Tree | None = None, table: Tree | None = None, *, boxed: bool = False) -> None:
        properties = None if paragraph is None else paragraph.find(f"{W}pPr")
        self.table, self.boxed = table, boxed
        self.style = _value(properties, "pStyle")
        self.frame = None if table is None else _value(table.find(f"{W}tblPr"), "tblStyle") or ""
        self.on_colour = boxed or table is not None or (properties is not None and _has_shade(properties))
        self.plain: Look | None = None
        """How a run without properties of its own shows."""


def _has_shade(properties: Tree) -> bool:
    return properties.find(f"{W}shd") is not None


class Styles:
    """The styles of a document. None: it has none."""

    def __init__(self, styles: Tree | None) -> None:
        found = [] if styles is None else list(styles.iter(f"{W}style"))
        self._known = {style.get(f"{W}styleId"): style for style in found}
        self._default = {style.get(f"{W}type"): style.get(f"{W}styleId") for style in found if on(style, "default")}
        defaults = None if styles is None else styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._defaults: list[Tree] = [] if defaults is None else [defaults]
        self._levels = cache(self._levels_of)

    def role(self, paragraph: Tree) -> str:
        """The style gives a paragraph's role: `title`, `heading`, list `item`, line of the `contents`, or empty."""
        own = paragraph.find(f"{W}pPr")
        chain = list(self._chain(_value(own, "pStyle") or self._default.get("paragraph")))
        properties = [part for part in (own, *(style.find(f"{W}pPr") for style in chain)) if part is not None]
        names = [str(_value(style, "name") or "").casefold() for style in chain]
        if "title" in names:
            return "title"
        if any(map(_CONTENTS.fullmatch, names)):
            return "contents"
        level = next((found for part in properties if (found := _value(part, "outlineLvl"))), None)
        if any(map(_HEADING.fullmatch, names)) or (level is not None and level < "9"):
            return "heading"
        numbered = next((found for part in properties if (found := part.find(f"{W}numPr")) is not None), None)
        if numbered is not None:
            return "" if _value(numbered, "numId") == "0" else "item"
        return "item" if any(name.startswith("list ") and name != "list paragraph" for name in names) else ""

    def look(self, run: Tree, at: Place) -> Look:
        """How `run` shows there."""
        own = run.find(f"{W}rPr")
        if own is None and at.plain is not None:
            return at.plain
        levels = self._levels(at.frame, at.style, _value(own, "rStyle"))
        nearest = _Nearest([] if own is None else [own], levels, self._defaults)
        look = Look(
            hidden=nearest.on("vanish") or _is_unseen(nearest, at),
            struck=nearest.on("strike") or nearest.on("dstrike"),
            place=_place(nearest),
            font=str(nearest.value("rFonts", "ascii") or nearest.value("rFonts", "hAnsi") or ""),
        )
        if own is None:
            at.plain = look
        return look

    def _levels_of(self, table: str | None, paragraph: str | None, character: str | None) -> list[list[Tree]]:
        """Run properties by kind of style, the nearest kind first, each chain from the style to its last parent."""
        ids = (
            character or self._default.get("character"),
            paragraph or self._default.get("paragraph"),
            None if table is None else table or self._default.get("table"),
        )
        found = [[style.find(f"{W}rPr") for style in self._chain(each)] for each in ids]
        return [[part for part in chain if part is not None] for chain in found]

    def _chain(self, style_id: str | None) -> Iterator[Tree]:
        for _ in range(_MOST_PARENTS):
            style = self._known.get(style_id)
            if style is None:
                return
            yield style
            style_id = _value(style, "basedOn")


@dataclass(frozen=True)
class _Nearest:
    """Properties by how near they are to the text: on it, by kind of style, the document's."""

    own: list[Tree]
    levels: list[list[Tree]]
    defaults: list[Tree]

    def on(self, name: str) -> bool:
        """A property that is on or off. Two kinds of style that both set it take it away again (ECMA-376, 17.7.3)."""
        if (direct := self._first(self.own, name)) is not None:
            return on(direct, "val", unset=True)
        found = [self._first(level, name) for level in self.levels]
        is_on = sum(on(each, "val", unset=True) for each in found if each is not None) % 2 == 1
        default = self._first(self.defaults, name)
        return is_on or (default is not None and on(default, "val", unset=True))

    def value(self, name: str, attribute: str = "val") -> str | None:
        for level in (self.own, *self.levels, self.defaults):
            for properties in level:
                found = properties.find(f"{W}{name}")
                if found is not None and (value := found.get(f"{W}{attribute}")) is not None:
                    return str(value)
        return None

    def number(self, name: str) -> float | None:
        try:
            return float(self.value(name) or "")
        except ValueError:
            return None

    @staticmethod
    def _first(level: list[Tree], name: str) -> Tree | None:
        return next((found for part in level if (found := part.find(f"{W}{name}")) is not None), None)


def _place(nearest: _Nearest) -> str:
    place = (nearest.value("vertAlign") or "").removesuffix("script")
    if place in ("super", "sub"):
        return place
    rise = nearest.number("position") or 0
    return "super" if rise >= _RAISED else "sub" if rise <= -_RAISED else ""


def _is_unseen(nearest: _Nearest, at: Place) -> bool:
    """True when text is too small to see, or white on white."""
    size = nearest.number("sz")
    if size is not None and size < _TINY:
        return True
    if at.on_colour or not _WHITE.fullmatch(nearest.value("color") or ""):
        return False
    return nearest.value("shd", "fill") is None and nearest.value("highlight") is None


def on(element: Tree, attribute: str, *, unset: bool = False) -> bool:
    """True when an attribute is on. unset: the value when absent."""
    value = element.get(f"{W}{attribute}")
    return unset if value is None else value.casefold() not in _OFF


def _value(element: Tree | None, name: str) -> Any:
    found = None if element is None else element.find(f"{W}{name}")
    return None if found is None else found.get(f"{W}val")
