"""This package finds a document's key sentences and terms, in the author's words, without a model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pressroom.model import Excerpt
from pressroom.providers.offline.documents.analysis import Sentence, analysed

_QUOTED = re.compile(r"[“”„«»「」『』\"]")
_NAME = re.compile(r"[^\W\d_]")
LONGEST_NAME = 60
"""Characters: a longer line below a quotation is a list of authors."""


@dataclass(frozen=True)
class Saying:
    """A sentence that can stand alone. by: who says it, empty when that is not certain."""

    text: str
    by: str


def sayings(document: Excerpt, *, most: int) -> tuple[Saying, ...]:
    """The `most` sentences that can stand alone, the weightiest first, each with who says it.

    The author says what is no quotation and no part of an interview; there the answers come first, by who gives them.
    """
    read = analysed(document.text, document.title, document.language, document.author)
    alone = [one for one in read.sentences if one.fit and one.needs is None] or list(read.sentences)
    author = person(document.author) if read.kind != "interview" else ""
    best = sorted(alone, key=lambda one: (read.kind == "interview" and not one.speaker, -one.weight, one.position))[
        :most
    ]
    return tuple(Saying(one.text, one.speaker or ("" if _QUOTED.search(one.text) else author)) for one in best)


def person(author: str) -> str:
    """`author` where it reads as a person's or a team's name; empty for an account, a slug or a long list of names."""
    name = " ".join(author.split())
    words = name.split()
    written = bool(words) and (len(words) > 1 or words[0][:1].isupper() or not name.isascii()) and name != name.lower()
    plain = not re.search(r"[\d_@/#]|https?:|\b(?:admin|editor|staff|user|team-|blog)\b|\w-\w+-\w", name)
    caseless = name.upper() == name.lower()
    return name if plain and (written or caseless) and _NAME.search(name) and len(name) <= LONGEST_NAME else ""


def key_sentences(text: str, *, title: str = "", language: str = "en", most: int) -> tuple[Sentence, ...]:
    """The `most` sentences that matter most, in the author's order. `language`: a BCP 47 tag."""
    best = sorted(analysed(text, title, language).sentences, key=lambda one: -one.weight)[:most]
    return tuple(Sentence(one.text, one.position, one.weight) for one in sorted(best, key=lambda one: one.position))


def key_terms(text: str, *, title: str = "", language: str = "en", most: int) -> tuple[str, ...]:
    """The `most` terms that say what a text is about, the weightiest first, as the text writes them."""
    return analysed(text, title, language).terms[:most]


__all__ = ["Saying", "Sentence", "key_sentences", "key_terms", "person", "sayings"]
