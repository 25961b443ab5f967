"""A document too long for a writer: its key points, asked for part by part, in its own order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pressroom.calls.books import Books
from pressroom.calls.chain import Chain, Completion
from pressroom.calls.requests import Text
from pressroom.model import Document, Excerpt
from pressroom.model.documents import Condensed
from pressroom.model.ideas import SubjectKind
from pressroom.platforms import counting
from pressroom.writing.requests import condense_request

LEAST_WORDS = 60
"""Fewest words a part is condensed to, however many parts there are."""

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s*")


def whole(document: Document) -> Excerpt:
    """The document as it is."""
    return _excerpt(document, document.text, condensed=False)


def is_long(document: Document, most_words: int) -> bool:
    return counting.words(document.text) > most_words


def parts(document: Document, most_words: int) -> tuple[str, ...]:
    """The document's text in parts of at most `most_words` words, cut between paragraphs where that is possible."""
    made: list[list[str]] = [[]]
    room = most_words
    for piece in _pieces(document.text, most_words):
        words = counting.words(piece)
        if words > room and made[-1]:
            made.append([])
            room = most_words
        made[-1].append(piece)
        room -= words
    return tuple("\n\n".join(part) for part in made if part)


def condense(document: Document, part: str, chain: Chain, books: Books, *, most_words: int) -> Completion:
    """The key points of one part, in at most about `most_words` words.

    Raises:
        ChainExhausted: no provider gave a usable answer.
    """
    request = condense_request(_excerpt(document, part, condensed=False), most_words=most_words, variant=books.variant)
    return chain.ask(Text(request), books)


def joined(document: Document, condensed: Sequence[Condensed]) -> Excerpt:
    """The key points of all parts as one excerpt."""
    points = (point.strip() for part in condensed for point in part.points)
    return _excerpt(document, "\n\n".join(point for point in points if point), condensed=True)


def words_a_part(most_words: int, count: int) -> int:
    """How many words each of `count` parts may take, so that all of them together fit."""
    return max(LEAST_WORDS, most_words // count)


def _excerpt(document: Document, text: str, *, condensed: bool) -> Excerpt:
    return Excerpt(
        title=document.title,
        text=text,
        condensed=condensed,
        author=document.author,
        date=document.date,
        language=document.language,
        address=document.address,
        is_reported=document.kind == SubjectKind.OPPORTUNITY,
    )


def _pieces(text: str, most_words: int) -> Iterator[str]:
    """Paragraphs; of one that is too long by itself its sentences, and of such a sentence slices."""
    for paragraph in text.split("\n\n"):
        if counting.words(paragraph) <= most_words:
            yield paragraph
            continue
        for sentence in _SENTENCE_END.split(paragraph):
            yield from _sliced(sentence, most_words)


def _sliced(sentence: str, most_words: int) -> Iterator[str]:
    while counting.words(sentence) > most_words:
        cut = len(sentence) * most_words // (2 * counting.words(sentence)) or 1
        yield sentence[:cut]
        sentence = sentence[cut:]
    if sentence.strip():
        yield sentence
