"""A tree of HTML, turned into headings, paragraphs, items and rows: each word that is shown, once, in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pressroom.platforms import counting
from pressroom.sources.readers.shared import equations
from pressroom.sources.readers.shared.assemble import Parts
from pressroom.sources.readers.shared.grid import Grid
from pressroom.sources.readers.shared.marks import is_mark
from pressroom.sources.readers.shared.omissions import EQUATIONS, STRUCK
from pressroom.sources.readers.shared.raised import lowered, raised

Tree = Any
"""An lxml element."""

Add = Callable[[str], None]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div"}
    | {"dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "li"}
    | {"main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th"}
    | {"thead", "tr", "ul"}
)
SILENT = frozenset(
    {"area", "base", "col", "colgroup", "datalist", "head", "link", "map", "meta", "noscript", "param", "rp", "script"}
    | {"style", "template", "title"}
)
"""Elements whose text no browser shows."""
CONTROLS = frozenset({"select", "textarea", "optgroup", "option"})
EMBEDDED = frozenset(
    {"progress", "meter", "iframe", "object", "embed", "video", "audio", "canvas", "svg", "applet", "frameset"}
)
_WHOLE = EMBEDDED | {"del", "s", "strike"}
FORMS = "Fields of forms"
DRAWN = "Words in drawings and embedded media"

_BREAK = "\u2029"
_BREAKS = re.compile(rf"{_BREAK}\s*{_BREAK}[{_BREAK}\s]*")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\])]+[^\s<>\"'\]).,;:!?…]")
_TEX = re.compile(r"\\\((.{1,500}?)\\\)|\\\[(.{1,2000}?)\\\]|\$\$([^$]{1,2000})\$\$", re.S)
_MATH_CLASS = re.compile(r"(?:^|[\s_-])(?:math|latex|tex|katex-display)(?:[\s_-]|$)")
_ICON = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010fffd\s]+")
_QUOTES = {"de": "„“", "fr": "«»", "es": "«»", "it": "«»", "ja": "「」"}
_MONTH = re.compile(
    r"(?:jan|feb|mar|mär|maa|apr|avr|abr|may|mai|maj|mei|jun|juin|jul|juil|aug|août|ago|sep|set|oct|okt|out|ott|nov|dec"
    r"|dez|déc|dic|ene|gen|giu|lug|jän|fév|fev)[^\W\d_]{0,8}\b",
    re.I,
)
_PROSE_CELL = 40
"""Words from which a cell of a table is a paragraph: the table is there for the layout."""


class Flow:
    """Reads elements in turn. `parts`, `targets` (of links, in order), `linked_words`, `links_alone` (words of blocks
    that are nothing but a link), `code` (blocks left out), `first_heading` (of level 1).

    addresses: whether addresses written in the text are links too. language: decides on the quotation marks.
    """

    def __init__(self, *, addresses: bool = False, language: str = "") -> None:
        self.parts = Parts()
        self.targets: list[str] = []
        self.linked_words = 0
        self.links_alone = 0
        self.code = 0
        self.first_heading = ""
        self._line: list[str] = []
        self._linked = 0
        self._addresses = addresses
        self._quotes = _QUOTES.get(language.partition("-")[0].lower(), "“”")
        self._holders: set[Tree] = set()

    def read(self, root: Tree) -> None:
        """Adds what `root` shows."""
        for block in root.iter(*BLOCKS):
            for holder in block.iterancestors():
                if holder in self._holders:
                    break
                self._holders.add(holder)
        self._element(root, self.parts.paragraph)

    # Blocks

    def _inside(self, element: Tree, add: Add) -> None:
        """Adds the text right inside `element` with `add`, and its blocks each in its own way, in order."""
        self._say(element.text)
        for child in element:
            self._element(child, add)
            self._say(child.tail)

    def _element(self, element: Tree, add: Add) -> None:
        if not isinstance(element.tag, str) or element.tag in SILENT:
            return
        if element.tag in BLOCKS or (element in self._holders and element.tag not in _WHOLE):
            self._flush(add)
            self._block(element, add)
            self._flush(add)
        else:
            self._inline(element)

    def _block(self, element: Tree, add: Add) -> None:
        read = _READERS.get(element.tag)
        if element.tag in HEADINGS or element.get("role") == "heading":
            self._heading(element)
        elif read is not None:
            read(self, element)
        elif element not in self._holders and self._is_equation(element):
            self._equation(element)
            self._flush(self.parts.paragraph)
        else:
            if element.tag == "a":
                self._link_of(element)
            add = self.parts.paragraph if element.tag in BLOCKS else add
            self._inside(element, add)
            self._flush(add)

    def _heading(self, element: Tree) -> None:
        self._inside(element, self.parts.heading)
        self._flush(self.parts.heading)
        if element.tag == "h1" and not self.first_heading:
            self.first_heading = self.parts.found[-1][0]

    def _item(self, element: Tree) -> None:
        """The first paragraph of an item is the item, what follows stands below it."""
        fresh = [True]
        self._say(_year_or_day(element))

        def add(text: str) -> None:
            (self.parts.item if fresh[0] else self.parts.paragraph)(text)
            fresh[0] = fresh[0] and not text.strip()

        def add_all(inner: Tree) -> None:
            self._say(inner.text)
            for child in inner:
                if child.tag in ("p", "div", "label") and child not in self._holders:
                    self._flush(add)
                    self._inside(child, add)
                    self._flush(add)
                else:
                    self._element(child, add)
                self._say(child.tail)

        add_all(element)
        self._flush(add)

    def _code(self, element: Tree) -> None:
        if "".join(element.itertext()).strip():
            self.code += 1

    def _pairs(self, element: Tree) -> None:
        """A list of terms: each as an item with the first thing said about it."""
        terms: list[str] = []
        for child in [*element.iter("dt", "dd")]:
            if next(child.iterancestors("dl")) is not element:
                continue
            if child.tag == "dt":
                terms.append(self._text_of(child))
            elif child in self._holders:
                self.parts.paragraph(", ".join(terms))
                self._inside(child, self.parts.paragraph)
                self._flush(self.parts.paragraph)
                terms = []
            else:
                self.parts.item(": ".join(filter(None, [", ".join(terms), self._text_of(child)])))
                terms = []
        for term in terms:
            self.parts.paragraph(term)

    def _table(self, table: Tree) -> None:
        """Rows as items, each cell after the name of its column; a table for the layout as paragraphs."""
        for caption in table.iterchildren("caption"):
            self._inside(caption, self.parts.paragraph)
            self._flush(self.parts.paragraph)
        grid = Grid(table)
        if any(self._is_prose(cell) for row in grid.rows for cell in row.cells):
            for row in grid.rows:
                for cell in row.cells:
                    self._inside(cell, self.parts.paragraph)
                    self._flush(self.parts.paragraph)
            return
        grid.add_to(self.parts, self._text_of)

    def _is_prose(self, cell: Tree) -> bool:
        blocks = cell in self._holders and any(child.tag not in ("p", "div", "ul", "ol") for child in cell)
        long = counting.words("".join(cell.itertext())) > _PROSE_CELL
        return long or (blocks and any(True for _ in cell.iter("p", "table", *HEADINGS)))

    def _text_of(self, element: Tree) -> str:
        """All that `element` shows as one line, its blocks with spaces between; links in it are found too."""
        held, self._line = self._line, []
        pieces: list[str] = []
        self._each(element, pieces.append)
        self._line = held
        return " ".join(filter(None, (" ".join(piece.split()) for piece in pieces)))

    def _each(self, element: Tree, add: Add) -> None:
        self._say(element.text)
        for child in element:
            if (
                isinstance(child.tag, str)
                and child.tag not in SILENT
                and (child.tag in BLOCKS or child in self._holders)
            ):
                self._flush(add)
                self._each(child, add)
                self._flush(add)
            else:
                self._element(child, add)
            self._say(child.tail)
        self._flush(add)

    # Lines

    def _say(self, text: str | None) -> None:
        if not text:
            return
        if self._addresses:
            self.targets += _ADDRESS.findall(text)
        self._line.append(_TEX.sub(self._tex, text) if "\\" in text or "$$" in text else text)

    def _tex(self, found: re.Match[str]) -> str:
        source = found[1] or found[2] or found[3]
        return (equations.of_tex(source) if equations.is_tex(source) else "") or found[0]

    def _flush(self, add: Add) -> None:
        line, self._line = "".join(self._line), []
        words = counting.words(line) if self._linked else 0
        if words and self._linked >= words - 1:
            self.links_alone += words
        self._linked = 0
        for text in _BREAKS.split(line):
            add(text.replace(_BREAK, "\n"))

    def _inline(self, element: Tree) -> None:
        spoken = _INLINERS.get(element.tag)
        if element.tag in CONTROLS:
            self.parts.omissions.leave_out(FORMS, " ".join(element.itertext()))
        elif element.tag in EMBEDDED:
            self._embedded(element)
        elif self._is_equation(element):
            self._equation(element)
        elif spoken is not None:
            spoken(self, element)
        elif not (_ICON.fullmatch(element.text or "") and not len(element)) or not (element.text or "").strip():
            self._inside(element, self._line.append)

    def _embedded(self, element: Tree) -> None:
        if math := next(element.iter("math"), None):
            self._equation(math)
        elif element.tag == "iframe" and element.get("src"):
            self.parts.omissions.note(f"An embedded page was left out: {element.get('src', '')[:100]}")
        else:
            words = [text for each in element.iter() if each.tag not in ("title", "desc", "style", "script")
                     and isinstance(each.tag, str) for text in [each.text or ""]]  # fmt: skip
            self.parts.omissions.leave_out(DRAWN, " ".join(words))

    def _link(self, element: Tree) -> None:
        if is_mark(element):
            return
        start = len(self._line)
        self._inside(element, self._line.append)
        self._link_of(element, "".join(self._line[start:]))

    def _link_of(self, element: Tree, text: str | None = None) -> None:
        target = element.get("href", "")
        said = "".join(element.itertext()) if text is None else text
        if target and not target.startswith("#") and said.strip():  # a link around a picture is none of the text's
            self.targets.append(target)
            count = counting.words(said)
            self.linked_words += count
            self._linked += count

    def _raised(self, element: Tree) -> None:
        if all(is_mark(link) for link in element.iter("a")) and element.find(".//a") is not None:
            return
        link = any(parent.tag == "a" and is_mark(parent) for parent in element.iterancestors())
        start = len(self._line)
        before = "".join(self._line[-12:])[-60:]
        self._inside(element, self._line.append)
        inside = "".join(self._line[start:])
        del self._line[start:]
        self._line.append(raised(before, inside, _following(element), link=link))

    def _lowered(self, element: Tree) -> None:
        start = len(self._line)
        before = "".join(self._line[-12:])[-60:]
        self._inside(element, self._line.append)
        inside = "".join(self._line[start:])
        del self._line[start:]
        self._line.append(lowered(before, inside))

    def _struck(self, element: Tree) -> None:
        self.parts.omissions.leave_out(STRUCK, "".join(element.itertext()))

    def _quoted(self, element: Tree) -> None:
        self._line.append(self._quotes[0])
        self._inside(element, self._line.append)
        self._line.append(self._quotes[1])

    def _reading(self, element: Tree) -> None:
        """The reading over a word (furigana, pinyin), in brackets after it."""
        if inside := "".join(element.itertext()).strip():
            self._line.append(f"（{inside}）" if counting.is_unspaced("".join(self._line[-1:])) else f" ({inside})")

    def _broken(self, element: Tree) -> None:
        self._line.append(_BREAK)

    def _picture(self, element: Tree) -> None:
        """A picture that stands for a letter: an emoji, an equation."""
        names, alt = element.get("class", ""), element.get("alt", "").strip()
        if "emoji" in names or "smiley" in names:
            self._line.append(alt)
        elif alt and _MATH_CLASS.search(names):
            self._line.append(equations.of_tex(alt) or alt)

    # Equations

    def _is_equation(self, element: Tree) -> bool:
        if element.tag in ("math", "mjx-container"):
            return True
        names = element.get("class") or ""
        if element.tag == "span" and names.split()[:1] in (["katex"], ["MathJax"], ["MathJax_Preview"]):
            return True
        return _MATH_CLASS.search(names) is not None and element.find(".//math") is None and _holds_tex(element)

    def _equation(self, element: Tree) -> None:
        math = next(element.iter("math"), None)
        text = "".join(element.itertext()).strip()
        line = equations.of_mathml(math) if math is not None else ""
        if not line and _holds_tex(element):
            line = equations.of_tex(text) if equations.is_tex(text) else text
        if line:
            self._line.append(line)
        elif text and element.tag == "math":
            self.parts.omissions.fail(EQUATIONS, text)


def _year_or_day(item: Tree) -> str:
    """The number of an item that only looks like one: `1986. A great year.` is a list in Markdown."""
    lists = item.getparent()
    if lists is None or lists.tag != "ol" or item.getprevious() is not None or item.getnext() is not None:
        return ""
    number = lists.get("start", "1")
    text = "".join(item.itertext())[:40].strip()
    is_year = number.isdecimal() and 1000 <= int(number) <= 2999
    return f"{number}. " if is_year or (number.isdecimal() and int(number) <= 31 and _MONTH.match(text)) else ""


def _holds_tex(element: Tree) -> bool:
    text = "".join(element.itertext()).strip()
    return 0 < len(text) <= 2_000 and (text.startswith(("\\(", "\\[", "$")) or equations.is_tex(text))


def _following(element: Tree) -> str:
    """The first letters after `element` on its line."""
    while element is not None and not element.tail and element.getnext() is None and element.getparent() is not None:
        element = element.getparent()
        if element.tag in BLOCKS:
            return ""
    if element is None:
        return ""
    after = element.getnext()
    return (element.tail or ("".join(after.itertext()) if after is not None and after.tag not in BLOCKS else ""))[:20]


_READERS: dict[str, Callable[[Flow, Tree], None]] = {
    "li": Flow._item,
    "dl": Flow._pairs,
    "table": Flow._table,
    "pre": Flow._code,
}
_INLINERS: dict[str, Callable[[Flow, Tree], None]] = {
    "a": Flow._link,
    "sup": Flow._raised,
    "sub": Flow._lowered,
    "del": Flow._struck,
    "s": Flow._struck,
    "strike": Flow._struck,
    "q": Flow._quoted,
    "rt": Flow._reading,
    "br": Flow._broken,
    "img": Flow._picture,
}
