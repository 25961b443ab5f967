"""Foreign text inside Markdown: whatever it holds, it is read as text."""

from __future__ import annotations

import re

# `$` starts a formula on GitHub; `~` and `|` matter in its dialect. A `_` inside a word never does.
_SPECIAL = re.compile(r"[\\`*\[\]<$~|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
# What makes a heading, list, quote, rule, underline or table at the start of a line.
_STARTS = re.compile(r"[#>+=-]|:(?=-)|\d{1,9}(?=[.)])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_LINK = re.compile(r"https?://[^\s<>|\\`\x00-\x1f\x7f]*[^\s<>|\\`\x00-\x1f\x7f.,;:!?'\"*_~()\[\]…]", re.ASCII)


def inline(text: str) -> str:
    """`text` as one line for a heading, a cell or a sentence."""
    line = _line(" ".join(_CONTROL.sub("", text).split()))
    # A heading may be closed by `#` signs, which then are not shown.
    return re.sub(r"(?<= )#+$", lambda found: "\\" + found.group(), line)


def quote(text: str) -> str:
    """`text` as a block quote that keeps its lines and blank lines."""
    lines = [_line(" ".join(line.split())) for line in _CONTROL.sub("", text).strip().splitlines()]
    # Two spaces at the end keep a line break; before a blank line they are not needed.
    breaks = ["  " if line and following else "" for line, following in zip(lines, [*lines[1:], ""], strict=False)]
    return "\n".join(f"> {line}{end}".rstrip() + end for line, end in zip(lines, breaks, strict=True))


def _line(line: str) -> str:
    pieces: list[str] = []
    end = 0
    # Escapes would become part of an address, so an address is written as Markdown's own kind of link.
    for link in _LINK.finditer(line):
        pieces += [_words(line[end : link.start()]), f"<{link.group()}>"]
        end = link.end()
    return _start("".join([*pieces, _words(line[end:])]))


def _words(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found.group(), text)


def _start(line: str) -> str:
    found = _STARTS.match(line)
    if not found:
        return line
    at = found.end() if found.group().isdigit() else 0
    return line[:at] + "\\" + line[at:]
