"""Markdown, as site generators and repositories have it: front matter read, everything but the prose left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pressroom.errors import SourceEmpty
from pressroom.model.documents import Document
from pressroom.sources.readers.shared.assemble import finished
from pressroom.sources.readers.shared.decode import text_of
from pressroom.sources.readers.shared.dialects import Dialect
from pressroom.sources.readers.shared.facts import address_of, addresses_of, author_of, date_of, name_of
from pressroom.sources.readers.shared.flow import Flow
from pressroom.sources.readers.shared.front_matter import split
from pressroom.sources.readers.shared.omissions import HIDDEN, lost_marked
from pressroom.sources.readers.shared.rendering import tree_of
from pressroom.sources.readers.shared.tidy import one_line
from pressroom.sources.readers.shared.unseen import unseen
from pressroom.sources.shared.declare import Content, Reader

_CODE_NOTE = "Blocks of code were left out."
_CODE = re.compile(r"`{1,3}([^`]+)`{1,3}")
_DATES = (
    "date",
    "published",
    "publishdate",
    "pubdate",
    "pubdatetime",
    "publishedat",
    "published_at",
    "created",
    "createdat",
)
_IMAGES = ("image", "cover", "cover_image", "coverimage", "featured_image", "featuredimage", "hero", "thumbnail")


def read(content: Content) -> Document:
    """The prose of a Markdown file and the facts at its top.

    Raises:
        SourceEmpty, SourceUnreadable, SourceNoArticle: there is nothing, no text, or no prose.
    """
    facts, below, note = split(text_of(content).replace("\r\n", "\n").replace("\r", "\n"))
    if not below.strip():
        raise SourceEmpty(f"There is nothing below the front matter of {content.source}.", hint="Write the text there.")
    flow = Flow(addresses=True, language=name_of(facts.get("lang") or facts.get("language")))
    code = _read(lost_marked(below), flow)
    address = _first_address(facts, ("canonical", "canonical_url", "canonicalurl", "url", "permalink"), content.address)
    return finished(
        content,
        "markdown",
        flow.parts,
        title=_CODE.sub(r"\1", name_of(facts.get("title"))) or one_line(flow.first_heading),
        author=author_of(facts.get("author") or facts.get("authors")),
        date=next(filter(None, (date_of(facts.get(key)) for key in _DATES)), None),
        language=name_of(facts.get("lang") or facts.get("language") or facts.get("locale")),
        address=address,
        lead_image=_first_address(facts, _IMAGES, address),
        links=addresses_of(flow.targets, address or content.address),
        notes=[note, _CODE_NOTE if code or flow.code else ""],
    )


def _read(text: str, flow: Flow) -> bool:
    """Reads what the author's tool would show of `text`; whether it left out blocks of code on the way."""
    dialect = Dialect(text, flow.parts.omissions)
    tree = tree_of(dialect.plain)
    for element in unseen(tree):
        if element.getparent() is not None and element.tag != "noscript":
            flow.parts.omissions.leave_out(HIDDEN, element.text_content())
            element.drop_tree()
    flow.read(tree.find("body"))
    return dialect.code


def _first_address(facts: Mapping[str, Any], keys: tuple[str, ...], base: str | None) -> str | None:
    """The first of `keys` that leads somewhere; mappings name it `url`, `src`, `image` or `path`."""
    for key in keys:
        value = facts.get(key)
        if isinstance(value, Mapping):
            value = next((value[name] for name in ("url", "src", "image", "path") if name in value), None)
        if value and (found := address_of(value, base)):
            return found
    return None


READER = Reader(
    kind="markdown",
    suffixes=(".md", ".markdown", ".mdx", ".mkd", ".qmd"),
    media_types=("text/markdown", "text/x-markdown"),
    read=read,
)
