"""Hashtags from the lexicon that ships: those of the picture's niches, and general ones as a last resort."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pressroom.writing.hashtags.lexicon import BANDS, Entry, lexicon
from pressroom.writing.hashtags.shared.declare import Band, Candidate, Niche, Query
from pressroom.writing.hashtags.shared.ranking import ranking

NAME = "lexicon"
GENERAL_WEIGHT = 0.05
FIRST, LAST = 1.0, 0.5
"""Weights of the first and the last tag of a band: the lexicon names the best first."""


class LexiconSource:
    """The tags of every niche of the query, weighing as much as the niche does."""

    name = NAME

    def candidates(self, query: Query) -> Sequence[Candidate]:
        return (*self._of_niches(query), *_general())

    def _of_niches(self, query: Query) -> Iterator[Candidate]:
        for niche in query.niches:
            if entry := lexicon().niches.get(niche.name):
                for band in BANDS:
                    yield from _weighed(_tags(entry, band, query.language), band, niche)


def _tags(entry: Entry, band: Band, language: str) -> tuple[str, ...]:
    """The tags of a band; those in the post's language count as its middle band, before the English ones."""
    return (*entry.of_language(language), *entry.mid) if band == "mid" else entry.of_band(band)


def _weighed(tags: Sequence[str], band: Band, niche: Niche) -> Iterator[Candidate]:
    kept = ranking().kept_by_any_niche
    of_niche = kept + (1 - kept) * niche.score
    for position, tag in enumerate(tags):
        of_place = FIRST - (FIRST - LAST) * position / max(1, len(tags) - 1)
        yield Candidate(tag=tag, weight=of_niche * of_place, source=NAME, band=band)


def _general() -> Iterator[Candidate]:
    for tag in lexicon().general:
        yield Candidate(tag=tag, weight=GENERAL_WEIGHT, source=NAME, band="broad", last_resort=True)


SOURCE = LexiconSource()
