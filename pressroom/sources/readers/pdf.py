"""PDF files: running text page by page, without headers and footers, with broken words mended."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from pressroom.errors import SourceEmpty, SourceNoArticle, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.platforms import counting
from pressroom.sources.readers.shared.assemble import Parts, finished
from pressroom.sources.readers.shared.facts import addresses_of, date_of, name_of
from pressroom.sources.readers.shared.lines import Line, assembled, without_furniture
from pressroom.sources.shared.declare import Content, Reader

MOST_PAGES = 500
MOST_SECONDS = 60.0
MOST_PAGE_BYTES = 8_000_000
"""Of a page's drawing commands, unpacked; a page full of text has 20,000."""

_LEAST_WORDS = 10
_NO_TITLE = re.compile(
    r"(?:untitled|ohne titel|unbenannt|document\d*|microsoft \w+ - )|\.(?:docx?|pdf|indd|tex|odt|pptx?|qxd)$", re.I
)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})


class _OutOfTime(Exception):
    pass


def read(content: Content) -> Document:
    """The text of a PDF file: of its first 500 pages, and of as many as can be read in a minute.

    Raises:
        SourceEmpty, SourceUnreadable: no bytes; damaged or protected by a password.
        SourceNoArticle: its pages are pictures.
    """
    if not content.data:
        raise SourceEmpty(f"There is nothing in {content.source}.", hint="Name a document with text in it.")
    reader = _opened(content)
    pages, links, notes = _pages(reader, content)
    parts = assembled(without_furniture(pages))
    _check(parts, content.source)
    facts = _facts(reader)
    title = name_of(facts.get("title"))
    return finished(
        content,
        "pdf",
        parts,
        title=title if title and not _NO_TITLE.search(title) else _largest(pages[0] if pages else [], parts),
        author=name_of(facts.get("author")),
        date=date_of(facts.get("date")),
        language=str(facts.get("language") or ""),
        links=addresses_of(links),
        notes=notes,
    )


def _opened(content: Content) -> Any:
    from pypdf import PdfReader  # 0.3 s, needed here only

    try:
        reader = PdfReader(BytesIO(content.data), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
        if not locked and len(reader.pages) > 0:
            return reader
    except Exception as error:  # a damaged file fails in any of a hundred places
        raise _damaged(content.source) from error
    if not locked:
        raise _damaged(content.source)
    raise SourceUnreadable(
        f"{content.source} is protected by a password.", hint="Save a copy without the password and give that."
    )


def _damaged(source: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"{source} is damaged, or no PDF.", hint="Open it in a viewer, print it to a new PDF and give that."
    )


def _pages(reader: Any, content: Content) -> tuple[list[list[Line]], list[object], list[str]]:
    """The lines of each page, the targets of links, and notes about what was passed over."""
    until = time.monotonic() + MOST_SECONDS
    pages: list[list[Line]] = []
    links: list[object] = []
    skipped: list[int] = []
    count = len(reader.pages)
    for at in range(min(count, MOST_PAGES)):
        try:
            page = reader.pages[at]
            pages.append(_lines(page, at, until))
            links += _links(page)
        except _OutOfTime:
            break
        except Exception:  # one damaged page is no reason to lose the others
            skipped.append(at + 1)
            pages.append([])
    if len(skipped) == len(pages) and skipped:
        raise _damaged(content.source)
    notes = [f"Page {number} is damaged and was left out." for number in skipped[:10]]
    if len(pages) < count:
        notes.append(f"Only the first {len(pages)} of {count} pages were read.")
    return pages, links, notes


def _lines(page: Any, number: int, until: float) -> list[Line]:
    drawing = page.get_contents()
    if drawing is not None and len(drawing.get_data()) > MOST_PAGE_BYTES:
        raise ValueError("more drawing commands than a page of text has")
    held: list[list[tuple[str, float, float, bool]]] = [[]]

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if time.monotonic() > until:
            raise _OutOfTime
        scale = abs(tm[3] or tm[1]) * abs(cm[3] or cm[1])
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        for at, piece in enumerate(text.split("\n")):
            if at:
                held.append([])
            if piece:
                held[-1].append((piece, round(size * scale, 1), y, bold))

    page.extract_text(visitor_text=visit)
    return [_line(pieces, number) for pieces in held if any(piece[0].strip() for piece in pieces)]


def _line(pieces: list[tuple[str, float, float, bool]], page: int) -> Line:
    written = [piece for piece in pieces if piece[0].strip()]
    _, size, y, _ = max(written, key=lambda piece: len(piece[0]))
    text = "".join(piece[0] for piece in pieces).translate(_LIGATURES)
    return Line(text=text.strip(), size=size, y=y, bold=all(piece[3] for piece in written), page=page)


def _links(page: Any) -> list[object]:
    found = []
    for each in page.get("/Annots") or ():
        action = each.get_object().get("/A")
        found.append(action.get_object().get("/URI") if action else None)
    return [str(target) for target in found if target]


def _facts(reader: Any) -> dict[str, object]:
    """What the file says about itself; each entry may be damaged by itself."""
    facts: dict[str, object] = {}
    entries: dict[str, Callable[[], object]] = {
        "title": lambda: reader.metadata.title,
        "author": lambda: reader.metadata.author,
        "date": lambda: reader.metadata.creation_date,
        "language": lambda: reader.root_object.get("/Lang"),
    }
    for name, get in entries.items():
        try:
            facts[name] = get()
        except Exception:  # noqa: S112
            continue
    return facts


def _largest(first: list[Line], parts: Parts) -> str:
    """The heading in the largest type on the first page."""
    headings = [heading for heading, _ in parts.found if heading]
    shown = [max((line.size for line in first if line.text in heading), default=0) for heading in headings[:8]]
    return headings[shown.index(max(shown))] if any(shown) else ""


def _check(parts: Parts, source: str) -> None:
    words = counting.words("\n".join(text for heading, texts in parts.found for text in (heading, *texts)))
    if words < _LEAST_WORDS:
        raise SourceNoArticle(
            f"{source} holds no text: its pages are probably pictures, as a scanner makes them.",
            hint="Run text recognition (OCR) over it and give the result.",
        )


READER = Reader(kind="pdf", suffixes=(".pdf",), media_types=("application/pdf", "application/x-pdf"), read=read)
