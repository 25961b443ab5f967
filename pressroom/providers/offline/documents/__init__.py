"""What is worth saying in a document: its key sentences and terms, in the author's words, without a model."""

from __future__ import annotations

from pressroom.providers.offline.documents.analysis import Sentence, analysed


def key_sentences(text: str, *, title: str = "", language: str = "en", most: int) -> tuple[Sentence, ...]:
    """The `most` sentences that matter most, in the author's order. `language`: a BCP 47 tag."""
    best = sorted(analysed(text, title, language).sentences, key=lambda one: -one.weight)[:most]
    return tuple(Sentence(one.text, one.position, one.weight) for one in sorted(best, key=lambda one: one.position))


def key_terms(text: str, *, title: str = "", language: str = "en", most: int) -> tuple[str, ...]:
    """The `most` terms that say what a text is about, the weightiest first, as the text writes them."""
    return analysed(text, title, language).terms[:most]


__all__ = ["Sentence", "key_sentences", "key_terms"]
