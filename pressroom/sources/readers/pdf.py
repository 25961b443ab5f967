"""PDF files: running text page by page, without headers, footers and footnotes, with broken words mended."""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import replace
from typing import Any

from pressroom.errors import SourceEmpty, SourceNoArticle, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.platforms import counting
from pressroom.sources.readers.shared import ligatures
from pressroom.sources.readers.shared.assemble import Parts, finished
from pressroom.sources.readers.shared.facts import addresses_of
from pressroom.sources.readers.shared.lines import (
    Line,
    assembled,
    without_contents,
    without_footnotes,
    without_furniture,
)
from pressroom.sources.readers.shared.omissions import HIDDEN, Omissions, lost_marked
from pressroom.sources.readers.shared.producers import author_of, day_of, title_of
from pressroom.sources.shared.declare import Content, Reader

MOST_PAGES = 500
MOST_SECONDS = 12.0
"""Of a processor, for the pages."""

TURNED = "Text set across the page, as watermarks are"
REMARKS = "Words in fields of forms and in remarks"
FURNITURE = "Headers and footers that repeat"
FOOTNOTES = "Footnotes"
CONTENTS = "A table of contents"

_LEAST_WORDS = 10
_STAND_IN_WORDS = 150
"""Words a page has at most that stands in for a document this reader can't show."""
_STAND_IN = re.compile(
    r"not eventually replaced by the proper contents|please wait\.\.\.|bitte warten|veuillez patienter"
    r"|(?:adobe|acrobat) (?:acrobat )?reader\s*(?:\d|x\b|or (?:later|higher))|latest version of adobe"
    r"|pdf (?:portfolio|package)|this (?:pdf )?(?:document|file) is (?:protected|encrypted|rights)"
    r"|(?:viewer|reader|application) (?:may not be able to|does not|doesn't|can ?not|that) (?:display|support|open)",
    re.I,
)
_STRAY_SIGN = re.compile(r"(?<=[a-z])•(?=[a-z])")
"""Inside a word: Windows' code page has it for every number without a letter, as ligatures may have."""
_MOMENT = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?")


def read(content: Content) -> Document:
    """The text of a PDF file: of its first 500 pages, and of as many as can be read in 12 seconds.

    Raises:
        SourceEmpty: no bytes. SourceNoArticle: its pages are pictures.
        SourceUnreadable: damaged, protected by a password, a form or a portfolio that only its own program shows.
    """
    if not content.data:
        raise SourceEmpty(f"There is nothing in {content.source}.", hint="Name a document with text in it.")
    document = _opened(content)
    try:
        return _read(document, content)
    finally:
        document.close()


def _read(document: Any, content: Content) -> Document:
    omissions, facts = Omissions(), document.get_metadata_dict()
    pages, links = _pages(document, content, omissions)
    _check_shown(document, pages, content.source)
    language = _language(document)
    pages = _mended(pages, language)
    for what, without in ((CONTENTS, without_contents), (FOOTNOTES, without_footnotes)):
        pages, left_out = without(pages)
        omissions.leave_out(what, " ".join(left_out))
    lines, repeated = without_furniture(pages)
    omissions.leave_out(FURNITURE, " ".join(repeated))
    parts = assembled(lines, omissions)
    _check(parts, content.source)
    return finished(
        content,
        "pdf",
        parts,
        title=title_of(facts.get("Title")) or _largest(pages[0] if pages else [], parts),
        author=author_of(facts.get("Author")),
        date=day_of(_moment(facts.get("CreationDate")), _moment(facts.get("ModDate"))),
        language=language,
        links=addresses_of(links),
    )


def _opened(content: Content) -> Any:
    import pypdfium2  # 0.1 s, needed here only

    try:
        document = pypdfium2.PdfDocument(content.data)
        if len(document):
            return document
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY):
            raise SourceUnreadable(
                f"{content.source} is protected by a password.", hint="Save a copy without the password and give that."
            ) from error
        raise _damaged(content.source) from error
    raise _damaged(content.source)


def _damaged(source: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"{source} is damaged, or no PDF.", hint="Open it in a viewer, print it to a new PDF and give that."
    )


def _pages(document: Any, content: Content, omissions: Omissions) -> tuple[list[list[Line]], list[str]]:
    """The lines of each page and the targets of links; what is passed over goes into `omissions`."""
    from pypdfium2 import PdfiumError

    from pressroom.sources.readers.shared.pdf_page import links, read_page, remarks

    until = time.process_time() + MOST_SECONDS
    pages: list[list[Line]] = []
    targets: list[str] = []
    skipped: list[str] = []
    pictures: list[int] = []
    for at in range(min(len(document), MOST_PAGES)):
        if time.process_time() > until:
            break
        try:
            page = document[at]
            found = read_page(page, at)
            targets += links(page)
            omissions.leave_out(REMARKS, " ".join(remarks(page)))
            page.close()
        except (PdfiumError, ValueError) as error:  # one damaged page is no reason to lose the others
            reason = "is damaged" if isinstance(error, PdfiumError) else str(error)
            skipped.append(f"Page {at + 1} {reason} and was left out.")
            pages.append([])
            continue
        pages.append(found.lines)
        pictures += [at + 1] if found.is_picture else []
        omissions.leave_out(HIDDEN, " ".join(found.hidden))
        omissions.leave_out(TURNED, " ".join(found.turned))
        if found.recognised:
            omissions.note("Its text comes from text recognition (OCR), which may misread letters.")
    if len(skipped) == len(pages) and skipped:
        raise SourceUnreadable(f"{content.source} can't be read. {skipped[0]}", hint=_damaged(content.source).hint)
    for sentence in skipped[:10]:
        omissions.note(sentence)
    if pictures and any(pages):
        omissions.note(f"Pages that are pictures without text: {', '.join(map(str, pictures[:20]))}.")
    if len(pages) < len(document):
        omissions.note(f"Only the first {len(pages)} of {len(document)} pages were read.")
    return pages, targets


def _mended(pages: list[list[Line]], language: str) -> list[list[Line]]:
    """The lines with the ligatures that their fonts don't name."""
    texts = [_STRAY_SIGN.sub(ligatures.LOST, lost_marked(line.text)) for page in pages for line in page]
    if not any(ligatures.LOST in text for text in texts):
        return pages
    if not language:
        from py3langid import classify

        language = str(classify(" ".join(texts)[:2000])[0])
    mended = iter(ligatures.mended(texts, language))
    return [[replace(line, text=next(mended)) for line in page] for page in pages]


def _check_shown(document: Any, pages: list[list[Line]], source: str) -> None:
    """Raises SourceUnreadable for a file whose only page stands in for what another program shows."""
    import pypdfium2.raw as pdfium

    form = document.get_formtype()
    text = " ".join(line.text for page in pages for line in page)
    stands_in = counting.words(text) <= _STAND_IN_WORDS and _STAND_IN.search(text) is not None
    if form == pdfium.FORMTYPE_XFA_FULL or (form == pdfium.FORMTYPE_XFA_FOREGROUND and stands_in):
        raise SourceUnreadable(
            f"{source} is a dynamic form (XFA): its text is made by Adobe Reader when it is opened there.",
            hint="Open it in Adobe Reader, print it to a new PDF and give that.",
        )
    attached = pdfium.FPDFDoc_GetAttachmentCount(document)
    if stands_in and attached:
        raise SourceUnreadable(
            f"{source} is a portfolio: its {attached} documents are attached to a page that says so.",
            hint="Save the attached documents from a viewer and give those.",
        )
    if stands_in:
        raise SourceUnreadable(
            f"{source} holds only a page that asks for another program to show it.",
            hint="Open it in that program, print it to a new PDF and give that.",
        )


def _language(document: Any) -> str:
    import ctypes

    import pypdfium2.raw as pdfium

    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = ctypes.create_string_buffer(max(2, size))
    pdfium.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le", "replace").strip("\x00 ")


def _moment(value: object) -> dt.datetime | None:
    """`D:20240311080000+01'00'` on the clock of its writer."""
    found = _MOMENT.match(str(value or ""))
    if found is None:
        return None
    year, *rest = (int(part) if part else None for part in found.groups())
    month, day, hour, minute, second = rest
    try:
        return dt.datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0)
    except ValueError:
        return None


def _largest(first: list[Line], parts: Parts) -> str:
    """The heading in the largest type on the first page, else the first heading."""
    headings = [heading for heading, _ in parts.found if heading]
    shown = [max((line.size for line in first if line.text in heading), default=0) for heading in headings[:8]]
    return headings[shown.index(max(shown))] if any(shown) else next(iter(headings), "")


def _check(parts: Parts, source: str) -> None:
    words = counting.words("\n".join(text for heading, texts in parts.found for text in (heading, *texts)))
    parts.omissions.check(words, source)
    if words < _LEAST_WORDS:
        raise SourceNoArticle(
            f"{source} holds no text: its pages are probably pictures, as a scanner makes them.",
            hint="Run text recognition (OCR) over it and give the result.",
        )


READER = Reader(kind="pdf", suffixes=(".pdf",), media_types=("application/pdf", "application/x-pdf"), read=read)
