"""Documents that are repurposed, and what of them a writer is shown."""

from __future__ import annotations

import datetime as dt
import hashlib

from pydantic import Field

from pressroom.model.base import Frozen

Kind = str
"""The name of the reader that reads such documents: `html`, `markdown`, `text`, `docx`, `pdf`, or another package's."""


class Section(Frozen):
    """A heading and what stands below it, up to the next heading. The text before the first has none."""

    heading: str = ""
    text: str = Field(default="", description="Paragraphs parted by blank lines; an item of a list is one, after `- `.")


class Document(Frozen):
    """A source as its reader extracted it: its main text in the author's order, and the facts known about it.

    The text holds neither markup nor navigation; addresses of links stand in `links`.
    """

    source: str = Field(description="What was asked for: an address, a path, `-`, `text`.")
    kind: Kind
    title: str = Field(default="", description="Empty only when there is neither a title nor a heading.")
    sections: tuple[Section, ...]
    author: str = ""
    date: dt.date | None = Field(default=None, description="When it was published.")
    language: str = Field(
        default="en", description="BCP 47 tag, as declared, or as found in the text; readers leave it empty."
    )
    address: str | None = Field(default=None, description="Canonical address on the web.")
    lead_image: str | None = Field(default=None, description="Address of its lead image.")
    links: tuple[str, ...] = Field(default=(), description="Addresses its text links to, each once.")
    notes: tuple[str, ...] = Field(default=(), description="Sentences about what could not be read as it was meant.")

    @property
    def text(self) -> str:
        """Headings and paragraphs, parted by blank lines; the title is no part of it."""
        return "\n\n".join(part for section in self.sections for part in (section.heading, section.text) if part)

    @property
    def hash(self) -> str:
        """SHA-256 of what is said in it, wherever it came from: the same words are the same document."""
        return hashlib.sha256(f"{self.title}\0{self.text}".encode()).hexdigest()


class Excerpt(Frozen):
    """The document as a writer is shown it: whole, or condensed to what fits a model's context."""

    title: str
    text: str = Field(description="Paragraphs parted by blank lines, in the author's order.")
    condensed: bool = Field(default=False, description="True when the text is only the document's key points.")
    author: str = ""
    date: dt.date | None = None
    language: str = "en"
    address: str | None = None
    is_reported: bool = Field(
        default=False,
        exclude_if=lambda value: not value,
        description="True for articles of others: a draft names their address.",
    )


class Claim(Frozen):
    """One thing that a draft says, and the sentence of its document that bears it."""

    claim: str = Field(description="The claim in the draft's own words, as short as it can be.")
    sentence: str = Field(description="The sentence of the document that bears it, copied exactly; empty for none.")


class Claims(Frozen):
    """Everything that a draft states as a fact, in its order."""

    claims: list[Claim]


class Condensed(Frozen):
    """Key points of a part of a document, in its order, each a full sentence."""

    points: list[str] = Field(description="Full sentences in the document's language, in its order.")
