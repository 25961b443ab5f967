"""A document put together from headings and paragraphs as a reader comes upon them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from pressroom.errors import SourceNoArticle
from pressroom.model.documents import Document, Kind, Section
from pressroom.platforms import counting
from pressroom.sources.readers.shared.facts import date_in, tag_of
from pressroom.sources.readers.shared.omissions import Omissions
from pressroom.sources.readers.shared.tidy import one_line
from pressroom.sources.shared.declare import Content

_MOST_LINKS = 1_000


@dataclass
class Parts:
    """Sections in the making. Empty headings and paragraphs are passed over, sentences that can't be read are noted.

    omissions: takes the content that the reader leaves out or doesn't understand.
    """

    found: list[tuple[str, list[str]]] = field(default_factory=lambda: [("", [])])
    omissions: Omissions = field(default_factory=Omissions)

    def _line(self, text: str) -> str:
        return one_line(self.omissions.readable(text))

    def heading(self, text: str) -> None:
        if line := self._line(text):
            self.found.append((line, []))

    def paragraph(self, text: str) -> None:
        if line := self._line(text):
            self.found[-1][1].append(line)

    def item(self, text: str) -> None:
        """An item of a list, a row of a table."""
        if line := self._line(text):
            self.found[-1][1].append(f"- {line}")

    def row(self, cells: Iterable[str], heads: Iterable[str] = ()) -> None:
        """A row of a table as one item; each cell after the name of its column, where columns have names."""
        lines, names = [one_line(cell) for cell in cells], [one_line(head) for head in heads]
        names += [""] * (len(lines) - len(names))
        pairs = zip(names, lines, strict=False)
        self.item("; ".join(f"{name}: {line}" if name else line for name, line in pairs if line))

    def sections(self, title: str = "") -> tuple[Section, ...]:
        """Sections have text or precede another; a heading that only repeats the title is left out."""
        kept = [Section(heading=heading, text="\n\n".join(texts)) for heading, texts in self.found]
        if len(kept) > 1 and not kept[0].text and kept[1].heading.casefold() == title.casefold():
            kept[1] = kept[1].model_copy(update={"heading": ""})
        while kept and not kept[-1].text:  # a heading with nothing below it belongs to what was left out
            kept.pop()
        return tuple(section for section in kept if section.heading or section.text)


def finished(
    content: Content,
    kind: Kind,
    parts: Parts,
    *,
    title: str = "",
    author: str = "",
    date: dt.date | None = None,
    language: str = "",
    address: str | None = None,
    lead_image: str | None = None,
    links: tuple[str, ...] = (),
    notes: Iterable[str] = (),
) -> Document:
    """The document.

    language: as declared; empty when it is not, and then the document's is too. address: None for where it came from.

    Raises:
        SourceNoArticle: no word is left. SourceUnreadable: too large a share of it can't be read.
    """
    title = one_line(parts.omissions.readable(title))
    sections = parts.sections(title)
    body = "\n\n".join(section.text for section in sections)
    words = counting.words(body)
    parts.omissions.check(words, content.source)
    if not words:
        raise SourceNoArticle(
            f"There is no running text in {content.source}.", hint="Name a document with paragraphs of text."
        )
    if date is None and (guess := date_in(content.address or content.source)):
        date = guess
        parts.omissions.note(f"Its date, {guess.isoformat()}, is guessed from its address or file name.")
    return Document(
        source=content.source,
        kind=kind,
        title=title,
        sections=sections,
        author=author,
        date=date,
        language=tag_of(language),
        address=address or content.address,
        lead_image=lead_image,
        links=links[:_MOST_LINKS],
        notes=(*filter(None, notes), *parts.omissions.notes()),
    )
