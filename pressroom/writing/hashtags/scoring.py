"""Scores hashtags, and chooses those that go together well.

A tag's score is made in three steps; the numbers stand in `ranking.toml`.

1. Agreement: each source that proposes it says `believed(source) * weight`; together they say
   1 - (1 - a)(1 - b)...: two sources that agree say more than either, and never more than 1.
2. Relevance: (1 - r) * agreement + r * agreement * relevance, so that a tag unrelated to the description of the
   picture loses the part r. Without a description, nothing is lost.
3. Mix: tags are taken one by one, each time the one with the highest score; once a band (broad, mid, niche) has its
   share of the places, the scores of its tags are multiplied by the penalty.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from pressroom.writing.hashtags.lexicon import bands
from pressroom.writing.hashtags.shared.declare import Band, Candidate
from pressroom.writing.hashtags.shared.ranking import ranking
from pressroom.writing.hashtags.shared.relevance import Subject
from pressroom.writing.hashtags.shared.words import key, tag_of


@dataclass
class Scored:
    """All that was proposed for one hashtag."""

    tag: str
    weight: float
    band: Band
    says: dict[str, float] = field(default_factory=dict)
    last_resort: bool = True
    score: float = 0.0


def merged(candidates: Iterable[Candidate], without: Container[str]) -> list[Scored]:
    """One entry a hashtag, in the order proposed, without malformed ones and those with a key in `without`."""
    found: dict[str, Scored] = {}
    for candidate in candidates:
        tag = tag_of(candidate.tag)
        if not tag or key(tag) in without:
            continue
        band = candidate.band or bands().get(key(tag), "niche")
        entry = found.setdefault(key(tag), Scored(tag, candidate.weight, band))
        if candidate.weight > entry.weight:
            entry.tag, entry.weight = tag, candidate.weight
        entry.says[candidate.source] = max(entry.says.get(candidate.source, 0.0), candidate.weight)
        entry.last_resort = entry.last_resort and candidate.last_resort
    return list(found.values())


def ranked(found: list[Scored], about: str) -> list[Scored]:
    """Scored, the best first; equal ones stay in the order they were proposed, last resorts come last."""
    subject, lost = Subject(about), ranking().relevance if about.strip() else 0.0
    for entry in found:
        doubt = 1.0
        for source, weight in entry.says.items():
            doubt *= 1 - ranking().of_source(source) * weight
        entry.score = (1 - doubt) * (1 - lost + lost * subject.relevance(entry.tag))
    return sorted(found, key=lambda entry: (entry.last_resort, -entry.score))


def mixed(tags: list[Scored], taken: int, least: int, most: int) -> list[Scored]:
    """From the best on, mixed by band: up to `most` while they are good, in any case up to `least`."""
    left, picked, numbers = list(tags), list[Scored](), ranking()
    count = dict.fromkeys(numbers.bands, 0)

    def attraction(entry: Scored) -> tuple[bool, float]:
        crowded = count[entry.band] >= numbers.bands[entry.band] * (most - taken)
        return not entry.last_resort, entry.score * (numbers.crowded.penalty if crowded else 1.0)

    while left and taken + len(picked) < most:
        best = max(left, key=attraction)
        good = best.score >= numbers.least_score and not best.last_resort
        if not good and taken + len(picked) >= least:
            break
        left.remove(best)
        picked.append(best)
        count[best.band] += 1
    return picked
