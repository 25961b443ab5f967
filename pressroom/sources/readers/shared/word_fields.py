"""Fields of Word documents: their results are text, their instructions are not, tables of contents are neither."""

from __future__ import annotations

import re
from typing import Any

from pressroom.sources.readers.shared.word_line import GAP
from pressroom.sources.readers.shared.word_styles import W

Tree = Any
"""An lxml element."""

_LEFT_OUT = frozenset({"TOC", "TOA", "INDEX", "RD", "TC", "XE", "TA", "PRIVATE"})
_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]{1,2000})"', re.I)
_FRACTION = re.compile(r"\\f\s*\(([^()\\]*)[,;]([^()\\]*)\)")
_ROOT = re.compile(r"\\r\s*\(([^()\\,;]*)\)")
_RAISED = re.compile(r"\\s\s*\\up\d*\s*\(([^()\\]*)\)")


class Fields:
    """Follows the fields of a body as its runs are read. `formulas` and `links`: of fields that have ended."""

    def __init__(self, body: Tree) -> None:
        self.formulas: list[str] = []
        self.links: list[str] = []
        self._open: list[_Field] = []
        self._unseen = 0
        _drop_unmatched(body)

    def take(self, element: Tree) -> bool:
        """Follows `element` where it is a mark or an instruction of a field; whether it is one."""
        if element.tag == f"{W}fldChar":
            self._step(element.get(f"{W}fldCharType"))
            return True
        if element.tag == f"{W}instrText":
            if self._open:
                self._open[-1].instruction += element.text or ""
            return True
        return False

    def is_left_out(self, instruction: str) -> bool:
        return any(word.upper() in _LEFT_OUT for word in instruction.split(maxsplit=1)[:1])

    def target(self, instruction: str) -> str:
        """Where a field leads; empty when nowhere."""
        found = _LINK.match(instruction)
        return found[1] if found else ""

    def is_shown(self) -> bool:
        """True when text is shown: in no instruction and no table of contents."""
        return not self._unseen

    def _step(self, kind: str | None) -> None:
        if kind == "begin":
            self._open.append(_Field())
            self._unseen += 1
        elif kind == "separate" and self._open and not self._open[-1].has_result:
            self._open[-1].has_result = True
            self._unseen -= not self.is_left_out(self._open[-1].instruction)
        elif kind == "end" and self._open:
            ended = self._open.pop()
            self._unseen -= not ended.has_result or self.is_left_out(ended.instruction)
            if (target := self.target(ended.instruction)) and self.is_shown():
                self.links.append(target)
            if not ended.has_result and ended.instruction.strip().upper().startswith("EQ ") and self.is_shown():
                self.formulas.append(_formula(ended.instruction))


class _Field:
    def __init__(self) -> None:
        self.instruction = ""
        self.has_result = False


def _formula(instruction: str) -> str:
    """`EQ \\f(1,2)` as `1/2`; a gap for what it can't read."""
    text = instruction.strip()[3:]
    for pattern, shown in ((_RAISED, r"^\1"), (_ROOT, r"√\1"), (_FRACTION, r"\1/\2")):
        text = pattern.sub(shown, text)
    return GAP if "\\" in text else text.strip()


def _drop_unmatched(body: Tree) -> None:
    """Makes nothing of the marks of fields that don't end, which would take the rest of the document with them."""
    begun: list[list[Tree]] = []
    for mark in body.iter(f"{W}fldChar"):
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            begun.append([mark])
        elif kind == "separate" and begun:
            begun[-1].append(mark)
        elif kind == "end" and begun:
            begun.pop()
    for mark in (mark for field in begun for mark in field):
        mark.attrib.clear()
