"""Equations as a line of plain text: `x² + a/b`, from MathML or from TeX."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pressroom.sources.readers.shared.raised import shifted

Tree = Any
"""An lxml element."""

_ANNOTATIONS = frozenset(
    {"annotation", "annotation-xml", "maligngroup", "malignmark", "none", "mprescripts", "mphantom"}
)
_SPACED = frozenset("=<>≤≥≠≈≡∼±×÷→⇒∈⊂∪∩+−-·")
_ALONE = re.compile(r"\\?[\w.,%°′∞]+|\([^()]*\)")
_TEX = re.compile(r"[\\^_{}=]|^\s*[A-Za-z]\s*$")
_POWERS = re.compile(r"([\^_])\s*(?:\{((?:[^{}\\]|\{[^{}]*\})*)\}|([^\s{}\\]))")
_SCRIPT_COMMAND = re.compile(r"\\(?:displaystyle|textstyle|scriptstyle|limits|left|right|!)(?![A-Za-z])")
_FRACTION = re.compile(r"\\[dtc]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_RELATION = re.compile(r"(?<!\s)\s*+([=×÷±≤≥≠≈<>])\s*+")
_LONGEST = 2_000
_DEEPEST = 10


def is_tex(text: str) -> bool:
    """True when text between the marks of an equation looks like one."""
    return _TEX.search(text) is not None


def of_tex(source: str) -> str:
    """TeX as a line of text; empty when it can't be read."""
    from pylatexenc.latex2text import LatexNodes2Text  # 0.2 s, needed by equations only

    source = source.strip().removeprefix("\\(").removesuffix("\\)").removeprefix("\\[").removesuffix("\\]").strip("$")
    if len(source) > _LONGEST:
        return ""
    moved = _POWERS.sub(lambda found: shifted(found[2] or found[3] or "", found[1]), _SCRIPT_COMMAND.sub("", source))
    for _ in range(_DEEPEST):
        moved, found = _FRACTION.subn(lambda parts: f"{_bracketed(parts[1])}/{_bracketed(parts[2])}", moved)
        if not found:
            break
    try:
        plain = LatexNodes2Text(math_mode="text").latex_to_text(moved)
    except Exception:  # a parser of a language made for typesetters fails in many ways
        return ""
    return " ".join(_RELATION.sub(r" \1 ", str(plain)).split())


def of_mathml(element: Tree) -> str:
    """A `math` element as a line of text; what its author wrote as its alternative, where it has no other text."""
    return " ".join(_line(element).split()) or " ".join((element.get("alttext") or "").split())


def _line(element: Tree) -> str:
    name = _name(element)
    children = [child for child in element if isinstance(child.tag, str) and _name(child) not in _ANNOTATIONS]
    if not children:
        return "" if name in _ANNOTATIONS else _token(name, element.text or "")
    parts = [_line(child) for child in children]
    if name in _SHAPES and len(children) >= 2:
        return _SHAPES[name](parts)
    if name == "mfenced":
        inside = (element.get("separators") or ",")[:1].join(parts)
        return f"{element.get('open', '(')}{inside}{element.get('close', ')')}"
    if name in _JOINED:
        return _JOINED[name](parts)
    tails = [child.tail or "" for child in children]
    return "".join([element.text or "", *(part + tail for part, tail in zip(parts, tails, strict=True))])


def _token(name: str, text: str) -> str:
    text = " ".join(text.split())
    if name == "mspace":
        return " "
    if name == "mo" and text in _SPACED:
        return f" {text} "
    return f" {text} " if name == "mtext" else text


def _name(element: Tree) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _bracketed(text: str) -> str:
    text = text.strip()
    return text if _ALONE.fullmatch(text) else f"({text})"


_JOINED: dict[str, Callable[[list[str]], str]] = {
    "semantics": lambda parts: parts[0],
    "msqrt": lambda parts: "√" + _bracketed("".join(parts)),
    "menclose": "".join,
    "mtable": "; ".join,
    "mtr": " ".join,
}
_SHAPES: dict[str, Callable[[list[str]], str]] = {
    "msup": lambda parts: parts[0] + shifted(parts[1].strip(), "^"),
    "msub": lambda parts: parts[0] + shifted(parts[1].strip(), "_"),
    "msubsup": lambda parts: parts[0] + shifted(parts[1].strip(), "_") + shifted("".join(parts[2:]).strip(), "^"),
    "munder": lambda parts: parts[0] + shifted(parts[1].strip(), "_"),
    "mover": lambda parts: parts[0] + (parts[1] if len(parts[1].strip()) == 1 else shifted(parts[1].strip(), "^")),
    "munderover": lambda parts: parts[0] + shifted(parts[1].strip(), "_") + shifted("".join(parts[2:]).strip(), "^"),
    "mfrac": lambda parts: f"{_bracketed(parts[0])}/{_bracketed(parts[1])}",
    "mroot": lambda parts: f"{shifted(parts[1].strip(), '^')}√{_bracketed(parts[0])}",
}
