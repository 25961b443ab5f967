"""Figures that the source has, but of something else: `64 maintainers` where the source says 64 testers."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pressroom.gates.grounding.data import primary, senses
from pressroom.gates.grounding.figure import Figure
from pressroom.gates.grounding.roles import COUNT
from pressroom.gates.grounding.sentences import Clause, Sentence, Word, stem
from pressroom.gates.grounding.source import Source
from pressroom.gates.grounding.spans import Found, Span, folded

RIVAL = 0.5
"""Share of what a draft says beside a figure that the source says beside another figure."""

LONGEST_CLAUSE = 120
"""Words; of a longer one, those around a figure are looked at."""

ELIDED = 3
"""A clause that is joined by `and` and says fewer things may have the subject of the clause before."""

_BEHIND = re.compile(r"(?:[一-龯]|つ|か所)の([一-龯々ァ-ヺー]{1,12})")
_BEFORE = re.compile(r"([一-龯々ァ-ヺー]{1,12})(?:[はがをのもで、]{0,2})$")


def miscounted(
    figures: Iterable[Figure], text: str, found: Sequence[Sentence], source: Source, language: str
) -> Iterator[Found]:
    """Figures of a draft that the source tells of something else, and what it tells of that."""
    clauses = [clause for sentence in found for clause in sentence.clauses]
    starts = [clause.start for clause in clauses]
    for figure in figures:
        if figure.small or figure.within:
            continue
        known = source.grounding(figure)
        at = bisect_right(starts, figure.span.start) - 1
        clause = clauses[at] if at >= 0 and figure.span.start < clauses[at].end else None
        if not known or clause is None:
            continue
        other = _other_noun(figure, text, clause, known, source, language) or _other_clause(
            figure, clause, known, source
        )
        if other:
            yield Found("counted_not_in_source", _with_noun(figure, text), other)


def _other_noun(
    figure: Figure, text: str, clause: Clause, known: Sequence[Figure], source: Source, language: str
) -> str | None:
    """The source's clause with this figure, where the draft counts a noun that the source counts with another."""
    if COUNT not in figure.roles:
        return None
    mine = _nouns(figure, text, language)
    theirs = [nouns for one in known if (nouns := _nouns(one, source.text, language))]
    told = frozenset().union(*theirs)
    behind = frozenset(word.stem for word in _near(figure, clause) if word.start >= figure.span.end)
    if not mine or not told or mine & told or (mine | told) & _general(language) or told & behind:
        return None
    if not any(mine & _nouns(one, source.text, language) for one in source.told):
        return None
    return next(_shown(one, source) for one in known if _nouns(one, source.text, language))


def _other_clause(figure: Figure, clause: Clause, known: Sequence[Figure], source: Source) -> str | None:
    """The source's clause that says this with another figure of the same kind; None if it says it with this one."""
    said = _beside(figure, clause)
    own = [one for figure in known if (one := source.nearest.clause_at(figure.span.start)) is not None]
    if not said or not own or any(said & one.stems for one in own):
        return None
    if any(one.joined and len(_beside(figure, one)) < ELIDED for one in own):
        return None
    measured = {kind for _, kind in figure.measures}
    for rival in source.told:
        if rival.within or not measured & {kind for _, kind in rival.measures} or "" in rival.units:
            continue
        other = source.nearest.clause_at(rival.span.start)
        if other is not None and len(said & other.stems) > RIVAL * len(said):
            return other.text
    return None


def _beside(figure: Figure, clause: Clause) -> frozenset[str]:
    """The stems of a clause's words, without the figure and the words for its direction."""
    start, end = figure.span.start, figure.span.end
    return frozenset(
        word.stem
        for word in _near(figure, clause)
        if word.content
        and not start <= word.start < end
        and not word.plain[:1].isdigit()
        and word.plain not in _sided()
    )


def _near(figure: Figure, clause: Clause) -> Sequence[Word]:
    """The words of a clause; of a text without an end of a clause, those around the figure."""
    if len(clause.words) <= LONGEST_CLAUSE:
        return clause.words
    at = bisect_left(clause.words, figure.span.start, key=lambda word: word.start)
    return clause.words[max(0, at - LONGEST_CLAUSE // 2) : at + LONGEST_CLAUSE // 2]


def _nouns(figure: Figure, text: str, language: str) -> frozenset[str]:
    """Stems of the words that a figure counts; in Japanese, pairs of characters of the noun beside it."""
    if primary(language) != "ja":
        return frozenset(stem(word, primary(language)) for word in figure.counted)
    behind = _BEHIND.match(text, figure.span.end)
    found = behind or _BEFORE.search(text[max(0, figure.span.start - 14) : figure.span.start])
    return frozenset(found[1][at : at + 2] for at in range(max(1, len(found[1]) - 1))) if found else frozenset()


def _with_noun(figure: Figure, text: str) -> Span:
    end = figure.span.end
    if figure.counted and (match := re.compile(r"[ -]?[^\W\d_]+").match(text, end)):
        end = match.end()
    return Span(text[figure.span.start : end], figure.span.start, end)


def _shown(figure: Figure, source: Source) -> str:
    clause = source.nearest.clause_at(figure.span.start)
    return clause.text if clause is not None else figure.span.text


@lru_cache(maxsize=16)
def _general(language: str) -> frozenset[str]:
    own: str = senses()["general"].get(primary(language), "")
    return frozenset(stem(folded(word), primary(language)) for word in own.split())


@lru_cache(maxsize=1)
def _sided() -> frozenset[str]:
    """Words that say which way something goes."""
    axes = [axis for own in senses()["opposites"].values() for axis in own]
    return frozenset(folded(word) for axis in axes for side in ("one", "other") for word in axis.get(side, "").split())
