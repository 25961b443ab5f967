"""Word documents: headings by style, lists, tables, links, formulas; without what is hidden or deleted."""

from __future__ import annotations

import zipfile
import zlib
from typing import Any

from lxml import etree

from pressroom.errors import SourceEmpty, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.sources.readers.shared import archive
from pressroom.sources.readers.shared.archive import Package
from pressroom.sources.readers.shared.assemble import finished
from pressroom.sources.readers.shared.facts import addresses_of
from pressroom.sources.readers.shared.producers import author_of, day_of, title_of
from pressroom.sources.readers.shared.word import Body
from pressroom.sources.readers.shared.word_styles import Styles, W
from pressroom.sources.shared.declare import Content, Reader

Tree = Any
"""An lxml element."""

_FACTS = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "created": "{http://purl.org/dc/terms/}created",
    "modified": "{http://purl.org/dc/terms/}modified",
}


def read(content: Content) -> Document:
    """The text of a Word document (.docx), with its changes accepted.

    Raises:
        SourceEmpty, SourceUnreadable, SourceTooLarge: no bytes; damaged or protected; too much inside.
        SourceNoArticle: no word is in it.
    """
    if not content.data:
        raise SourceEmpty(f"There is nothing in {content.source}.", hint="Name a document with text in it.")
    archive.check(content.data, content.source)
    try:
        package = Package(content.data, content.source)
        body = _body(package, content.source)
        facts = _facts(package)
    except (zipfile.BadZipFile, zlib.error, etree.LxmlError, OSError, EOFError, NotImplementedError) as error:
        raise archive.damaged(content.source) from error
    return finished(
        content,
        "docx",
        body.parts,
        title=body.title
        or title_of(facts["title"])
        or next((heading for heading, _ in body.parts.found if heading), ""),
        author=author_of(facts["author"]),
        date=day_of(facts["created"], facts["modified"]),
        links=addresses_of(body.links),
    )


def _body(package: Package, source: str) -> Body:
    root = package.part(package.main)
    body = None if root is None else root.find(f"{W}body")
    if body is None:
        raise archive.damaged(source)
    return Body(body, Styles(package.related("/styles")), package.targets())


def _facts(package: Package) -> dict[str, str]:
    """The properties of the file as they stand there; damaged ones are as good as none."""
    try:
        root = package.properties()
    except SourceUnreadable:
        root = None
    found = {name: None if root is None else root.find(tag) for name, tag in _FACTS.items()}
    return {name: "" if element is None else element.text or "" for name, element in found.items()}


READER = Reader(
    kind="docx",
    suffixes=(".docx", ".docm"),
    media_types=(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.ms-word.document.macroenabled.12",
    ),
    read=read,
)
