"""A document as what can be looked up in it: its figures, dates, words, links, and its text for quotations."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise

from pressroom.gates.grounding.data import primary
from pressroom.gates.grounding.dates import Day
from pressroom.gates.grounding.figure import Figure
from pressroom.gates.grounding.links import canonical
from pressroom.gates.grounding.names import in_words
from pressroom.gates.grounding.quotations import plain
from pressroom.gates.grounding.reading import Read, read
from pressroom.gates.grounding.sentences import Nearest, sentences
from pressroom.gates.grounding.spans import Span, folded, one_form
from pressroom.gates.grounding.tokens import words_of
from pressroom.gates.instructions import without_instructions
from pressroom.gates.instructions_hidden import hidden
from pressroom.model import Document


@dataclass(frozen=True)
class Source:
    """The statements of a document, without the sentences of it that are addressed to a model.

    Texts are in one form (`spans.one_form`), words and `plain` folded, links canonical.
    refused: words, and `refused_text` the text, that only those sentences have.
    told: every figure, in reading order.
    followers: for words that are always followed by one with a capital, by which.
    """

    text: str = field(repr=False)
    language: str
    plain: str = field(repr=False)
    words: frozenset[str] = field(repr=False)
    links: frozenset[str] = field(repr=False)
    days: tuple[Day, ...] = field(repr=False)
    told: tuple[Figure, ...] = field(repr=False)
    refused: frozenset[str] = field(repr=False)
    refused_text: str = field(repr=False)
    followers: dict[str, frozenset[str]] = field(repr=False, hash=False, compare=False)

    def grounding(self, figure: Figure) -> list[Figure]:
        """Its figures that say the same as `figure`, where they stand."""
        near = dict.fromkeys(at for key in figure.keys for at in self._places.get(key, ()))
        return [self.told[at] for at in near if figure.grounded_by(self.told[at])]

    @cached_property
    def _places(self) -> dict[tuple[Fraction, str], list[int]]:
        """Where in `told` the figures of each key stand."""
        places: dict[tuple[Fraction, str], list[int]] = {}
        for at, figure in enumerate(self.told):
            for key in figure.keys:
                places.setdefault(key, []).append(at)
        return places

    @cached_property
    def nearest(self) -> Nearest:
        """Its sentences, to be found by what they are about."""
        return Nearest(sentences(self.text, self.language))

    @staticmethod
    def of(document: Document) -> Source:
        """`document` parsed; repeated calls parse it once."""
        return _parsed(document)


@lru_cache(maxsize=64)
def _parsed(document: Document) -> Source:
    written = f"{document.title}\n\n{document.text}\n\n{document.author}"
    text = one_form(without_instructions(written))
    whole = one_form("\n\n".join([written, *(one.shown for one in hidden(written))]))
    said, words = read(text, document.language), frozenset(words_of(text))
    all_said, all_words = (
        (said, words) if whole == text else (read(whole, document.language), frozenset(words_of(whole)))
    )
    return Source(
        text=text,
        language=document.language,
        plain=plain(text),
        words=words,
        links=_links(document, said, all_said),
        days=(*_published(document), *said.days),
        told=said.figures,
        refused=all_words - words,
        refused_text=plain(whole) if text != whole else "",
        followers=_followers(text, capital_nouns=primary(document.language) == "de"),
    )


def _published(document: Document) -> tuple[Day, ...]:
    day = document.date
    return (Day(Span(day.isoformat(), 0, 0), day.year, day.month, day.day),) if day else ()


def _links(document: Document, said: Read, whole: Read) -> frozenset[str]:
    """Addresses the document says, links to, or is found at; none that only an instruction in it names."""
    kept = {canonical(span.text) for span in said.links}
    refused = {canonical(span.text) for span in whole.links} - kept
    own = (document.address or "", document.source if "://" in document.source else "")
    linked = {canonical(address) for address in (*document.links, *filter(None, own))}
    return frozenset(kept | (linked - refused))


def _followers(text: str, *, capital_nouns: bool) -> dict[str, frozenset[str]]:
    """For each word with a capital which never stands without one behind it: those it stands before.

    capital_nouns: what opens a sentence isn't looked at, as any noun may come next: `Jeden Morgen`.
    """
    behind: dict[str, set[str]] = {}
    for one, other in pairwise((*in_words(text), None)):
        if one is None or not one.capital or (one.first and capital_nouns):
            continue
        joined = other is not None and other.capital and text[one.end : other.start] in (" ", "-", ". ")
        behind.setdefault(folded(one.text), set()).add(folded(other.text) if joined and other is not None else "")
    return {word: frozenset(others) for word, others in behind.items() if "" not in others}
