"""Formulas of Word documents (Office Math) as one line of text: `89/4000=0.022`, `√(a²+b²)`, `∑_(i=1)^n xᵢ`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from pressroom.sources.readers.shared.raised import lowered, power

Tree = Any
"""An lxml element."""

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_NO_TEXT = re.compile(r"(?:\w+Pr|ctrlPr|degHide)")
_WHOLE = re.compile(r"[\w.,%′'\u0300-\u036f⁰¹²³⁴-ⁿ]*")
_PRODUCT = re.compile(r"\d[^\W\d_]")
_ACCENTS = {"\u0302": "\u0302", "^": "\u0302", "\u2192": "\u20d7", "\u00af": "\u0304", "~": "\u0303"}


def line(math: Tree, is_hidden: Callable[[Tree], bool]) -> str:
    """The characters of a formula in their order. is_hidden: whether a run of it is."""
    return _Formula(is_hidden).read(math)


class _Formula:
    def __init__(self, is_hidden: Callable[[Tree], bool]) -> None:
        self._is_hidden = is_hidden

    def read(self, element: Tree | None) -> str:
        if element is None or not isinstance(element.tag, str):
            return ""
        if element.tag in (f"{M}t", f"{W}t"):
            return unicodedata.normalize("NFKC", element.text or "")  # letters in mathematical fonts
        name = element.tag.rpartition("}")[2]
        if name == "r" and self._is_hidden(element):
            return ""
        if name in ("del", "moveFrom", "instrText") or _NO_TEXT.fullmatch(name):
            return ""
        made = _MADE.get(name) if element.tag.startswith(M) else None
        return made(self, element) if made else "".join(map(self.read, element))

    def _part(self, element: Tree, name: str) -> str:
        return self.read(element.find(f"{M}{name}")).strip()

    def fraction(self, element: Tree) -> str:
        above, below = self._part(element, "num"), self._part(element, "den")
        if _option(element, "fPr", "type") == "noBar":  # as binomials are set
            return f"{above} over {below}"
        return f"{_grouped(above)}/{_grouped(below, also=_PRODUCT)}"

    def raised(self, element: Tree) -> str:
        return _grouped(self._part(element, "e")) + power(self._part(element, "sup"))

    def lowered(self, element: Tree) -> str:
        return self._part(element, "e") + _index(self._part(element, "sub"))

    def both(self, element: Tree) -> str:
        return self.lowered(element) + power(self._part(element, "sup"))

    def before(self, element: Tree) -> str:
        return power(self._part(element, "sup")) + lowered("x", self._part(element, "sub")) + self._part(element, "e")

    def root(self, element: Tree) -> str:
        degree = self._part(element, "deg")
        roots = {"": "√", "2": "√", "3": "∛", "4": "∜"}
        return roots.get(degree, f"{power(degree)}√") + _grouped(self._part(element, "e"))

    def sum(self, element: Tree) -> str:
        sign = _option(element, "naryPr", "chr") or "∫"
        below, above = self._part(element, "sub"), self._part(element, "sup")
        limits = (f"_{_grouped(below)}" if below else "") + (power(above) if above else "")
        return f"{sign}{limits} {self._part(element, 'e')}"

    def brackets(self, element: Tree) -> str:
        begin, end, between = (_option(element, "dPr", name) for name in ("begChr", "endChr", "sepChr"))
        inside = (between or "|").join(self.read(each).strip() for each in element.iterchildren(f"{M}e"))
        return f"{'(' if begin is None else begin}{inside}{')' if end is None else end}"

    def function(self, element: Tree) -> str:
        name, argument = self._part(element, "fName"), self._part(element, "e")
        return f"{name}{'' if argument[:1] == '(' else ' '}{argument}"

    def limit_below(self, element: Tree) -> str:
        return f"{self._part(element, 'e')}_{_grouped(self._part(element, 'lim'))}"

    def limit_above(self, element: Tree) -> str:
        return f"{self._part(element, 'e')}{power(self._part(element, 'lim'))}"

    def accent(self, element: Tree) -> str:
        mark = _option(element, "accPr", "chr") or "\u0302"
        return self._part(element, "e") + _ACCENTS.get(mark, mark)

    def bar(self, element: Tree) -> str:
        return "".join(f"{char}\u0304" for char in self._part(element, "e"))

    def matrix(self, element: Tree) -> str:
        rows = (", ".join(self.read(cell).strip() for cell in row) for row in element.iterchildren(f"{M}mr"))
        return "; ".join(rows)

    def equations(self, element: Tree) -> str:
        return "; ".join(self.read(each).strip("& ") for each in element.iterchildren(f"{M}e"))

    def phantom(self, element: Tree) -> str:
        return "" if _option(element, "phantPr", "show") in ("0", "off", "false") else self._part(element, "e")


_MADE: dict[str, Callable[[_Formula, Tree], str]] = {
    "f": _Formula.fraction,
    "sSup": _Formula.raised,
    "sSub": _Formula.lowered,
    "sSubSup": _Formula.both,
    "sPre": _Formula.before,
    "rad": _Formula.root,
    "nary": _Formula.sum,
    "d": _Formula.brackets,
    "func": _Formula.function,
    "limLow": _Formula.limit_below,
    "limUpp": _Formula.limit_above,
    "acc": _Formula.accent,
    "bar": _Formula.bar,
    "m": _Formula.matrix,
    "eqArr": _Formula.equations,
    "phant": _Formula.phantom,
}
"""How each kind of formula is read, by its element."""


def _option(element: Tree, properties: str, name: str) -> str | None:
    """The value of an option; empty when it is set to nothing, None when it is not set."""
    found = element.find(f"{M}{properties}/{M}{name}")
    return None if found is None else str(found.get(f"{M}val", ""))


def _grouped(text: str, *, also: re.Pattern[str] | None = None) -> str:
    """`text` in brackets, unless it reads as one thing without. also: what reads as several here."""
    if also and also.search(text):
        return f"({text})"
    is_whole = _WHOLE.fullmatch(text) or (text[:1] == "(" and text.find(")") == len(text) - 1)
    return text if is_whole else f"({text})"


def _index(text: str) -> str:
    low = lowered("x", text)
    return low if low != text or not text else f"_{_grouped(text)}"
