"""Sources that an answer names: links in the model's text, `[title](address)`, which each provider says its own way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sandbox.asks import Ask

_LINK = re.compile(r"[ \t]*\[([^\]\n]*)\]\((\S+?)\)")


class Link(NamedTuple):
    title: str
    url: str


class Line(NamedTuple):
    """One line of the text without its links, with its line break."""

    text: str
    links: tuple[Link, ...]


def searches(ask: Ask) -> bool:
    """True when the model may search the web for this answer."""
    tools: Sequence[Any] = ask.body.get("tools") or ()
    return any(str(tool.get("type", "")).startswith("web_search") or "googleSearch" in tool for tool in tools)


def links_in(text: str) -> Iterator[tuple[int, int, Link]]:
    """Each link with where it stands: from which to which character."""
    for match in _LINK.finditer(text):
        yield match.start(), match.end(), Link(match[1], match[2])


def lines_of(text: str) -> list[Line]:
    return [
        Line(_LINK.sub("", line), tuple(link for *_, link in links_in(line))) for line in text.splitlines(keepends=True)
    ]


def links(lines: Sequence[Line]) -> list[Link]:
    return [link for line in lines for link in line.links]
