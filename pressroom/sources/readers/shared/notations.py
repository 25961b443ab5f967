"""Notations that writing tools add to Markdown: proof marks, keys, roles, spans, grid tables, numbered examples."""

from __future__ import annotations

import re

from pressroom.sources.readers.shared.omissions import STRUCK, Omissions

_MARKS = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`{1,9})(?!`)(?:(?!\n[ \t]*\n).){1,1000}?(?<!`)(?P=ticks)(?!`))"
    r"|\{(?P<proof>\+\+|--|~~|==|>>)(?P<proofed>[^{}]{1,2000}?)(?:\+\+|--|~~|==|<<)\}"
    r"|\{(?P<role>[a-zA-Z][\w:-]{0,30})\}`(?P<said>[^`\n]{1,500})`"
    r"|\[(?P<span>[^\[\]\n]{1,500})\]\{\s?[.#][^{}\n]{0,200}\}"
    r"|(?<![\w+])\+\+(?P<keys>\w{1,20}(?:\+\w{1,20}){0,5})\+\+(?![\w+])"
    r"|:(?:material|fontawesome|octicons|simple|fa[bsr]?)-[\w-]{1,60}:",
    re.S,
)
_KEYS = frozenset(
    {"ctrl", "control", "alt", "shift", "cmd", "command", "enter", "return", "tab", "esc", "escape", "space", "del"}
    | {f"f{number}" for number in range(1, 13)}
)
_TARGET = re.compile(r"(?<!\s)\s{0,9}(?:<[^<>]{0,300}>|\([^()]{0,300}\))$")
_ABBREVIATION = re.compile(r"^\*\[[^\]\n]{1,60}\]:[^\n]*$", re.M)
_LINE_BLOCK = re.compile(r"^\|[ ](?P<line>[^|\n]+)$", re.M)
_EXAMPLE = re.compile(r"^\(@[\w-]{0,30}\)[ \t]+", re.M)
_GRID = re.compile(r"^\+[-=:+]{3,1000}\+[ \t]*\n(?:^[+|][^\n]*[+|][ \t]*(?:\n|\Z)){2,500}", re.M)
_RULE = re.compile(r"\+[-=:+]+\+\s*")
_DIRECTIVE = re.compile(r"[ \t>]*(?:`{3,}+|~{3,}+|:{3,}+)[ \t]*\{(?P<name>[\w:-]{1,40})\}[ \t]*(?P<title>[^\n]*)\n")
_OPTION = re.compile(r"^[ \t]*:[\w-]+:[^\n]*$|^---\n(?:[\w-]+:[^\n]*\n){0,20}---$", re.M)
_MYST = re.compile(r"^(?:`{3,}|:{3,})\{[\w:-]+\}|\{(?:ref|doc|sup|sub|math|numref|term|cite\w?)\}`", re.M)
_UNSEEN = re.compile(r"^(?:%[ ][^\n]*|\+\+\+[^\n]*|\([\w-]{1,60}\)=[ \t]*)$", re.M)
_PROSE = frozenset(
    {"note", "tip", "warning", "important", "caution", "danger", "attention", "hint", "error", "seealso", "admonition"}
    | {"dropdown", "card", "margin", "sidebar", "topic", "epigraph", "pull-quote", "highlights", "figure", "aside"}
)
_TITLED = frozenset({"admonition", "dropdown", "card", "sidebar", "topic"})


def plain(text: str, omissions: Omissions) -> str:
    """`text`, free of blocks of code, in Markdown that every renderer shows alike; what goes is told."""

    def replacement(found: re.Match[str]) -> str:
        return _text_of(found, omissions)

    text, count = _ABBREVIATION.subn("", text)
    if count:
        omissions.note("Explanations of abbreviations were left out.")
    text = _EXAMPLE.sub("1. ", _LINE_BLOCK.sub(r"\g<line>  ", _GRID.sub(_piped, text)))
    if _MYST.search(text):
        text = _UNSEEN.sub("", text)
    return _MARKS.sub(replacement, text)


def directive(block: str) -> str | None:
    """The words of a block between fences that is no code but a note of MyST; None for code."""
    found = _DIRECTIVE.match(block)
    if found is None or found["name"].lower() not in _PROSE:
        return None
    title = found["title"] if found["name"].lower() in _TITLED else ""
    body = _OPTION.sub("", block[found.end() :].rpartition("\n")[0])
    return f"\n{title.strip()}\n\n{body}\n"


def _text_of(found: re.Match[str], omissions: Omissions) -> str:
    if found["code"]:
        return found["code"]
    if found["proof"]:
        return _corrected(found["proof"], found["proofed"], omissions)
    if found["role"]:
        return _spoken(found["role"].lower(), found["said"])
    if found["keys"]:
        return found["keys"] if "+" in found["keys"] or found["keys"].lower() in _KEYS else found[0]
    return found["span"] or ""


def _corrected(sign: str, inside: str, omissions: Omissions) -> str:
    """CriticMarkup, as its author's tool shows it when every change is accepted."""
    old, arrow, new = inside.partition("~>")
    if sign == "--" or (sign == "~~" and arrow):
        omissions.leave_out(STRUCK, old)
        return new
    return "" if sign == ">>" else f"~~{inside}~~" if sign == "~~" else inside


def _spoken(role: str, said: str) -> str:
    """A role of MyST: raised, lowered, an equation, or the words without what they refer to."""
    if role in ("sup", "superscript", "sub", "subscript"):
        return f"<{role[:3]}>{said}</{role[:3]}>"
    return f"${said}$" if role == "math" else _TARGET.sub("", said)


def _piped(found: re.Match[str]) -> str:
    """A grid table as one of pipes."""
    rows: list[list[str]] = []
    fresh, has_head = True, False
    for line in found[0].splitlines():
        if _RULE.fullmatch(line):
            has_head = has_head or ("=" in line and len(rows) == 1)
            fresh = True
            continue
        cells = [cell.strip() for cell in line.strip().strip("|+").split("|")]
        if fresh:
            rows.append(cells)
        else:
            rows[-1] = [" ".join(filter(None, pair)) for pair in zip(rows[-1], cells, strict=False)]
        fresh = False
    width = max(map(len, rows), default=1)
    heads, below = (rows[0], rows[1:]) if has_head else ([""] * width, rows)
    lines = [heads, ["---"] * width, *below]
    return "\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in lines) + "\n"
