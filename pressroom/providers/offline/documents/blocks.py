"""The paragraphs of a document by their kind: prose, headings, items of lists, and what can't be quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pressroom.platforms import counting

Kind = Literal["prose", "heading", "item", "code", "table", "links", "verse"]

HEADING_WORDS, HEADING_CHARACTERS = 14, 90
VERSE_CHARACTERS = 48  # mean length of a line up to which several of them are verse rather than a wrapped paragraph
CODE_SHARE = 0.08  # of characters that prose has no use for
_BREAK = re.compile(r"\n\s*\n|\u2029")
_ITEM = re.compile(r"^\s*(?:[-*+•–—·▪・]\s+|・|\d{1,3}[.)]\s+|[a-z]\)\s+)")
_CODE = re.compile(r"[{}<>=|\\$`~^_;@]|::|\(\)|->|--\w")
_COMMAND = re.compile(r"^\s*(?:\$ |>>> |#!|(?:import|def|return|function|const|var|let|SELECT|pip|git|docker) \S.*)")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_ROW = re.compile(r"^[^.:;]{1,40}: [^;]+; [^.:;]{1,40}: ")  # a row of a table, told in words
_ENDED = re.compile(r"[.!?…:。！？：][\"'”’»)\]」』]*$")


@dataclass(frozen=True)
class Block:
    """`text` on one line, without the mark of a list's item; `paragraph` counts from 0 over the document."""

    kind: Kind
    text: str
    paragraph: int


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a text whose paragraphs are parted by blank lines, in order."""
    parts = (part for part in _BREAK.split(text.replace("\r\n", "\n")) if part.strip())
    return tuple(block for paragraph, part in enumerate(parts) for block in _blocks(part, paragraph))


def _blocks(part: str, paragraph: int) -> Iterator[Block]:
    lines = [line for line in part.splitlines() if line.strip()]
    if _ITEM.match(lines[0]):
        for item in _items(lines):
            kind = _kind([item])
            yield Block("item" if kind in ("prose", "heading", "item") else kind, item, paragraph)
        return
    yield Block(_kind(lines), _one_line(part), paragraph)


def _items(lines: list[str]) -> list[str]:
    """The items of a list; a line without a mark goes on with the item above it."""
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line) or not items:
            items.append(_one_line(_ITEM.sub("", line, count=1)))
        else:
            items[-1] = _one_line(f"{items[-1]} {line}")
    return [item for item in items if item]


def _kind(lines: list[str]) -> Kind:
    text = "\n".join(lines)
    if "\t" in text.strip() or _ROW.match(text) or sum(line.count("|") >= 2 for line in lines) * 2 > len(lines):
        return "table"
    if sum(bool(_COMMAND.match(line)) for line in lines) * 2 > len(lines) or _is_code(text):
        return "code"
    if _is_links(text):
        return "links"
    if len(lines) > 2 and len(text) / len(lines) < VERSE_CHARACTERS and not counting.is_unspaced(text):
        return "verse"
    return "heading" if len(lines) == 1 and _is_heading(text) else "prose"


def _is_code(text: str) -> bool:
    plain = _LINK.sub("", text)
    return len(_CODE.findall(plain)) > CODE_SHARE * max(len(plain), 20)


def _is_links(text: str) -> bool:
    """True when links make up most of it."""
    rest = _LINK.sub("", text)
    return rest != text and counting.words(rest) < 5 * len(_LINK.findall(text))


def _is_heading(text: str) -> bool:
    text = text.strip()
    short = counting.words(text) <= HEADING_WORDS and len(text) <= HEADING_CHARACTERS
    if counting.is_unspaced(text):
        return len(text) <= HEADING_CHARACTERS // 2 and not _ENDED.search(text)
    return short and not _ENDED.search(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
