"""Markdown's tokens, turned into headings and paragraphs."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pressroom.sources.readers.shared.assemble import Parts

_BARE_ADDRESS = re.compile(r"https?://[^\s<>\"'\])]+[^\s<>\"'\]).,;:!?…]")
_UNSEEN = re.compile(r"<(script|style|svg|template|pre)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
_BLOCK_TAG = re.compile(
    r"</?(?:p|div|li|tr|h[1-6]|summary|details|section|blockquote|figcaption)\b[^<>]{0,4000}+>", re.I
)
_TAG = re.compile(r"<[^<>]{0,4000}+>")
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,1000}?\bhref\s*+=\s*+[\"']([^\"']{1,2000})[\"'][^<>]{0,1000}+>\s{0,50}(?!<img)[^\s<]", re.I
)
_TASK = re.compile(r"^\[[ xX]\]\s+")


class Blocks:
    """Reads tokens once. `parts`, `targets` (of links), `first_heading` (of level 1), `code` (blocks left out)."""

    def __init__(self, text: str) -> None:
        self.parts = Parts()
        self.targets: list[str] = []
        self.first_heading = ""
        self.code = False
        self._lists: list[bool] = []  # whether the item that is open has shown its first paragraph
        self._heads: list[str] = []
        self._row: list[str] = []
        tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
        for before, token in zip([None, *tokens], tokens, strict=False):
            self._take(token, before)

    def _take(self, token: Token, before: Token | None) -> None:
        if token.type == "inline":
            self._words(self._inline(token.children or []), before)
        elif token.type == "html_block":
            self._markup(token.content)
        elif token.type in ("fence", "code_block"):
            self.code = True
        elif token.type == "list_item_open":
            self._lists.append(False)
        elif token.type == "list_item_close":
            self._lists.pop()
        elif token.type == "tr_close":
            if self._heads:
                self.parts.row(self._row, self._heads)
            self._heads, self._row = self._heads or self._row, []
        elif token.type == "table_close":
            self._heads = []

    def _words(self, text: str, before: Token | None) -> None:
        opened = before.type if before else ""
        if opened == "heading_open":
            if before and before.tag == "h1" and not self.first_heading:
                self.first_heading = text
            self.parts.heading(text)
        elif opened in ("th_open", "td_open"):
            self._row.append(text)
        elif self._lists and not self._lists[-1]:
            self._lists[-1] = True
            self.parts.item(_TASK.sub("", text))
        else:
            self.parts.paragraph(text)

    def _inline(self, children: Sequence[Token]) -> str:
        words: list[str] = []
        links: list[tuple[str, int]] = []
        struck = 0
        for child in children:
            if child.type in ("s_open", "s_close"):
                struck += child.nesting
            elif child.type == "link_open":
                links.append((str(child.attrGet("href") or ""), len(words)))
            elif child.type == "link_close":
                target, start = links.pop()
                if "".join(words[start:]).strip():  # a link around a picture is none of the text's
                    self.targets.append(target)
            elif child.type in ("text", "code_inline") and not struck:
                words.append(child.content)
                self.targets += _BARE_ADDRESS.findall(child.content) if child.type == "text" else []
            elif child.type in ("softbreak", "hardbreak") or child.content.lower().startswith("<br"):
                words.append("\n")
        return "".join(words)

    def _markup(self, markup: str) -> None:
        """The text inside a block of HTML, as READMEs have them for centred lines and folded parts."""
        seen = _UNSEEN.sub("", markup)
        self.targets += [html.unescape(target) for target in _ANCHOR.findall(seen)]
        for block in _BLOCK_TAG.split(seen):
            self.parts.paragraph(html.unescape(_TAG.sub("", block)))
