"""Word documents: headings by style, lists, tables, links; without what is hidden, deleted or drawn beside the text."""

from __future__ import annotations

import datetime as dt
import logging
from io import BytesIO
from typing import Any

from pressroom.errors import SourceEmpty
from pressroom.model.documents import Document
from pressroom.sources.readers.shared import archive
from pressroom.sources.readers.shared.assemble import finished
from pressroom.sources.readers.shared.facts import addresses_of, date_of, name_of
from pressroom.sources.shared.declare import Content, Reader

LOGGER = logging.getLogger(__name__)

_DEFAULT_AUTHOR = "python-docx"


def read(content: Content) -> Document:
    """The text of a Word document (.docx), with its changes accepted.

    Raises:
        SourceEmpty, SourceUnreadable, SourceTooLarge: no bytes; damaged or protected; too much inside.
        SourceNoArticle: no word is in it.
    """
    if not content.data:
        raise SourceEmpty(f"There is nothing in {content.source}.", hint="Name a document with text in it.")
    archive.check(content.data, content.source)
    from pressroom.sources.readers.shared.word import Body, Styles  # python-docx: 0.2 s, needed here only

    try:
        opened = _opened(content.data)
        body = Body(opened.element.body, Styles(opened.styles.element))
        title, author, date = _properties(opened)
        links = [opened.part.rels[link].target_ref for link in body.links if link in opened.part.rels]
    except Exception as error:  # zip, XML and package errors come in dozens of classes
        raise archive.damaged(content.source) from error
    return finished(
        content,
        "docx",
        body.parts,
        title=body.title or title or next((heading for heading, _ in body.parts.found if heading), ""),
        author=author,
        date=date,
        links=addresses_of(links),
    )


def _opened(data: bytes) -> Any:
    import docx

    return docx.Document(BytesIO(data))


def _properties(opened: Any) -> tuple[str, str, dt.date | None]:
    """Title, author and day of creation, as far as they are there; damaged properties are as good as none."""
    try:
        found = opened.core_properties
        author = "" if found.author == _DEFAULT_AUTHOR else name_of(found.author)
        return name_of(found.title), author, date_of(found.created or found.modified)
    except Exception as error:
        LOGGER.debug("no core properties: %s", error)
        return "", "", None


READER = Reader(
    kind="docx",
    suffixes=(".docx",),
    media_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    read=read,
)
