"""Plain text: paragraphs parted by blank lines, lists by their marks, headings by the line drawn under them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pressroom.model.documents import Document
from pressroom.platforms import counting
from pressroom.sources.readers.shared.assemble import Parts, finished
from pressroom.sources.readers.shared.decode import text_of
from pressroom.sources.readers.shared.facts import addresses_of
from pressroom.sources.shared.declare import Content, Reader

_BLANK = re.compile(r"\n[^\S\n]*\n\s*|\u2029|\f")
_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,}|~{3,}|\*{3,}|_{3,}|#{3,})\s*")
_ITEM = re.compile(r"\s*(?:[-*•‣◦▪–·]|\(?\d{1,3}[.)])\s+(?=\S)")
_STOP = re.compile(r"[.!:;,。！、；：،؛।]['\"»“”’)\]]*$")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\])]+[^\s<>\"'\]).,;:!?…]")
_LONGEST_TITLE_WORDS = 16
_LONGEST_TITLE = 100


@dataclass
class _Lines:
    """Lines of one block on their way into paragraphs, items and headings."""

    parts: Parts

    def take(self, lines: list[str]) -> None:
        held: list[str] = []
        for at, line in enumerate(lines):
            if _UNDERLINE.fullmatch(line):
                continue
            if at + 1 < len(lines) and _UNDERLINE.fullmatch(lines[at + 1]) and _is_short(line):
                self._close(held)
                self.parts.heading(line)
                held = []
            elif _ITEM.match(line):
                self._close(held)
                held = [line]
            else:
                held.append(line)
        self._close(held)

    def _close(self, held: list[str]) -> None:
        text = "\n".join(held)
        if held and (mark := _ITEM.match(held[0])):
            self.parts.item(text[mark.end() :])
        else:
            self.parts.paragraph(text)


def read(content: Content) -> Document:
    """Paragraphs of a text. Its title is a short first line that stands by itself and ends like a title.

    Raises:
        SourceEmpty, SourceUnreadable, SourceNoArticle: there is nothing, no text, or no word.
    """
    text = text_of(content).replace("\r\n", "\n").replace("\r", "\n")
    blocks = [block.splitlines() for block in _BLANK.split(text.strip("\n")) if block.strip()]
    title = _title(blocks)
    lines = _Lines(Parts())
    for at, block in enumerate(blocks):
        if not (at == 0 and title and len(block) == 1):
            lines.take(block)
    return finished(content, "text", lines.parts, title=title, links=addresses_of(_ADDRESS.findall(text)))


def _title(blocks: list[list[str]]) -> str:
    first = blocks[0] if blocks else []
    underlined = len(first) > 1 and _UNDERLINE.fullmatch(first[1]) is not None
    alone = len(first) == 1 and len(blocks) > 1
    stands = (underlined or alone) and _is_short(first[0])
    return first[0] if stands and (underlined or not (_STOP.search(first[0].strip()) or _ITEM.match(first[0]))) else ""


def _is_short(line: str) -> bool:
    return 0 < len(line.strip()) <= _LONGEST_TITLE and (
        counting.is_unspaced(line) or counting.words(line) <= _LONGEST_TITLE_WORDS
    )


READER = Reader(kind="text", suffixes=(".txt", ".text"), media_types=("text/plain",), read=read)
