"""Finds the niches a picture belongs to, by the words in its description and the user's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from pressroom.writing.hashtags.lexicon import lexicon
from pressroom.writing.hashtags.shared.declare import Niche
from pressroom.writing.hashtags.shared.words import singular
from pressroom.writing.hashtags.shared.words import words as words_of

OWN_WORD = 2.0
"""How much a keyword among the user's own words counts; one in the description counts 1."""


def niches(description: str, words: Sequence[str] = (), *, most: int = 3) -> tuple[Niche, ...]:
    """The niches of the lexicon that fit `description` and the user's `words`, the best first; empty if no niche fits.

    Each keyword that is found counts once: `OWN_WORD` among `words`, 1 in the description only. A niche's score is
    the sum, relative to the best one's.
    """
    points: dict[str, float] = {}
    because: dict[str, list[str]] = {}
    for keyword, (found, weight) in _found(description, words).items():
        name = _told_by()[keyword]
        points[name] = points.get(name, 0.0) + weight
        because.setdefault(name, []).append(found)
    best = sorted(points, key=lambda name: -points[name])[: max(0, most)]  # equal ones in the lexicon's order
    return tuple(
        Niche(name=name, score=points[name] / points[best[0]], because=tuple(dict.fromkeys(because[name])))
        for name in best
    )


def _found(description: str, words: Sequence[str]) -> Mapping[str, tuple[str, float]]:
    """Keywords that are there: (the word that told it, how much it counts)."""
    own, said = _terms(words), _terms([description])
    matches: dict[str, tuple[str, float]] = {}
    for keyword in _told_by():
        for terms, weight in ((own, OWN_WORD), (said, 1.0)):
            found = _match(keyword, terms)
            if found:
                matches[keyword] = (found, weight)
                break
    return matches


def _match(keyword: str, terms: Mapping[str, str]) -> str:
    if keyword.endswith("*"):
        beginning = keyword[:-1].replace("_", " ")
        return next((term for term in terms.values() if term.startswith(beginning)), "")
    return terms.get(_singulars(keyword.split("_")), "")


def _terms(texts: Iterable[str]) -> Mapping[str, str]:
    """Each word, and each two and three words in a row, of the texts: its comparable form, and how it was written."""
    terms: dict[str, str] = {}
    for text in texts:
        found = words_of(text)
        for length in (1, 2, 3):
            for start in range(len(found) - length + 1):
                part = found[start : start + length]
                terms.setdefault(_singulars(part), " ".join(part))
    return terms


def _singulars(part: Sequence[str]) -> str:
    return " ".join(singular(word) for word in part)


@lru_cache(maxsize=1)
def _told_by() -> Mapping[str, str]:
    """Each keyword of the lexicon with the one niche it tells, in the lexicon's order."""
    return {keyword: name for name, entry in lexicon().niches.items() for keyword in entry.keywords}
