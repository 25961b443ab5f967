"""Documents that are made to keep a reader busy, refused by what they hold before they are parsed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pressroom.errors import SourceTooLarge
from pressroom.sources.fetching import shown
from pressroom.sources.shared.declare import Content

MOST_ATTRIBUTES = 1_000
MOST_ALIASES = 20
MOST_IN_A_ROW = 5_000
MOST_ELEMENTS = 150_000
MOST_ENTITIES = 100

_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{2000,}")
_VALUE = re.compile(rb"\"[^\"]*\"|'[^']*'")
_ELEMENT = re.compile(rb"<[a-zA-Z]")
_FRONT = re.compile(rb"\A\s*---[^\S\n]*\n(.{0,65536}?)\n---[^\S\n]*(?:\n|\Z)", re.S)
_ANCHOR = re.compile(rb"&([\w.-]+)")
_ALIAS = re.compile(rb"\*([\w.-]+)")
_ENTITY = re.compile(rb"<!ENTITY\b", re.I)
_RUN = re.compile(rb"([`*_\[\]!~$<>(){}|&\\])\1{%d}" % MOST_IN_A_ROW)

Excess = Iterator[tuple[int, int, str]]
"""How many there are, how many are taken, of what."""


def check(content: Content, kind: str) -> None:
    """Refuses a document of `kind` that holds more of something than any that was written by people.

    Raises:
        SourceTooLarge: it names the limit.
    """
    for found, most, named in _EXCESS.get(kind, _none)(content.data):
        if found > most:
            raise SourceTooLarge(
                f"{shown(content.source)} holds {found:,} {named}; {most:,} are taken.",
                hint="Give its text alone, or one chapter of it.",
            )


def _none(_: bytes) -> Excess:
    yield from ()


def _of_markdown(data: bytes) -> Excess:
    if front := _FRONT.match(data):
        anchors = set(_ANCHOR.findall(front[1]))
        aliases = sum(name in anchors for name in _ALIAS.findall(front[1])) if anchors else 0
        yield aliases, MOST_ALIASES, "aliases in its front matter (YAML)"
    if run := _RUN.search(data):
        length = len(data) - run.start() - len(data[run.start() :].lstrip(run[1]))
        yield length, MOST_IN_A_ROW, f"signs {run[1].decode()} in a row"
    yield from _attributes(data)


def _of_html(data: bytes) -> Excess:
    yield from _attributes(data)
    if data.count(b"<") > MOST_ELEMENTS:
        yield sum(1 for _ in _ELEMENT.finditer(data)), MOST_ELEMENTS, "elements"


def _of_feed(data: bytes) -> Excess:
    yield len(_ENTITY.findall(data)), MOST_ENTITIES, "declared entities (XML)"
    yield from _attributes(data)


def _attributes(data: bytes) -> Excess:
    for tag in _LONG_TAG.finditer(data):
        yield len(_VALUE.sub(b"", tag[0]).split()), MOST_ATTRIBUTES, "attributes in one element"


_EXCESS: dict[str, Callable[[bytes], Excess]] = {"markdown": _of_markdown, "html": _of_html, "feed": _of_feed}
