"""Markdown, as site generators and repositories have it: front matter read, everything but the prose left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.errors import SourceEmpty
from pressroom.model.documents import Document
from pressroom.sources.readers.shared.assemble import finished
from pressroom.sources.readers.shared.blocks import Blocks
from pressroom.sources.readers.shared.decode import text_of
from pressroom.sources.readers.shared.dialects import stripped
from pressroom.sources.readers.shared.facts import address_of, addresses_of, date_of, name_of
from pressroom.sources.readers.shared.front_matter import split
from pressroom.sources.readers.shared.tidy import one_line
from pressroom.sources.shared.declare import Content, Reader

_CODE_NOTE = "Blocks of code were left out."
_IMAGES = ("image", "cover", "cover_image", "coverimage", "featured_image", "featuredimage", "hero", "thumbnail")


def read(content: Content) -> Document:
    """The prose of a Markdown file and the facts at its top.

    Raises:
        SourceEmpty, SourceUnreadable, SourceNoArticle: there is nothing, no text, or no prose.
    """
    facts, below, note = split(text_of(content).replace("\r\n", "\n").replace("\r", "\n"))
    if not below.strip():
        raise SourceEmpty(f"There is nothing below the front matter of {content.source}.", hint="Write the text there.")
    plain, code = stripped(below)
    blocks = Blocks(plain)
    address = _first_address(facts, ("canonical", "canonical_url", "canonicalurl", "url", "permalink"), content.address)
    return finished(
        content,
        "markdown",
        blocks.parts,
        title=name_of(facts.get("title")) or one_line(blocks.first_heading),
        author=name_of(facts.get("author") or facts.get("authors")),
        date=next(filter(None, (date_of(facts.get(key)) for key in ("date", "published", "pubdate", "created"))), None),
        language=name_of(facts.get("lang") or facts.get("language") or facts.get("locale")),
        address=address,
        lead_image=_first_address(facts, _IMAGES, address),
        links=addresses_of(blocks.targets, address or content.address),
        notes=[note, _CODE_NOTE if code or blocks.code else ""],
    )


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
