"""Search terms, tags and article names: too short to compare, they join the topic whose titles contain them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import chain

from pressroom.sources.topics.items import Item
from pressroom.sources.topics.titles import fold

CLEAR = 2
"""A term joins a topic that has at least so many times as many titles with it as the next one."""
LINK = 10
"""Titles that a common address counts for."""
GLUED = 8
"""Letters of a tag from which it is looked for in titles without their spaces."""

Place = tuple[int, int]


def attached(found: Sequence[Item], groups: Sequence[Sequence[int]]) -> list[list[int]]:
    """`groups` with each term in the group it belongs to; a term that belongs nowhere stays by itself.

    It belongs where two titles have all its words, or one title has where it has several words, or where one of its
    links leads to one of the articles; and only in a topic of its own language, where it has one.
    """
    headlines = [list(group) for group in groups if not found[group[0]].is_term]
    titles = _Titles(found, headlines)
    result = [list(group) for group in headlines]
    alone: dict[str, list[int]] = defaultdict(list)
    for (term,) in (group for group in groups if found[group[0]].is_term):
        at = titles.home(found[term])
        if at is None:
            alone[_glued(found[term].title) or repr(term)].append(term)
        else:
            result[at].append(term)
    return [sorted(group) for group in (*result, *chain.from_iterable(map(_by_language(found), alone.values())))]


def _by_language(found: Sequence[Item]) -> Callable[[list[int]], list[list[int]]]:
    """Parts equal terms by language; one without a language goes with the others where these have a single one."""

    def parted(terms: list[int]) -> list[list[int]]:
        languages = sorted({found[term].language for term in terms} - {""})
        if len(languages) < 2:
            return [terms]
        return [[term for term in terms if found[term].language == language] for language in ("", *languages)]

    return lambda terms: [part for part in parted(terms) if part]


class _Titles:
    """The words and addresses of headlines by group."""

    def __init__(self, found: Sequence[Item], groups: Sequence[Sequence[int]]) -> None:
        self._languages = [found[group[0]].language for group in groups]
        self._words: dict[str, set[Place]] = defaultdict(set)
        self._glued: dict[Place, str] = {}
        self._pages: dict[str, set[int]] = defaultdict(set)
        for at, group in enumerate(groups):
            for place in group:
                self._glued[at, place] = _glued(found[place].title)
                for word in found[place].row.words.words:
                    self._words[word].add((at, place))
                for address in found[place].addresses:
                    self._pages[address].add(at)

    def home(self, term: Item) -> int | None:
        """The group a term belongs to; None when it belongs to no group, or not clearly to one."""
        words = frozenset(term.row.words.words)
        counted = Counter(at for at, _ in self._containing(words, term.title))
        least = 2 if len(words) == 1 else 1
        scores = Counter({at: times for at, times in counted.items() if times >= least})
        scores.update(at for address in term.addresses for at in self._pages.get(address, ()) for _ in range(LINK))
        own = [(-score, at) for at, score in scores.items() if term.language in ("", self._languages[at])]
        best = sorted(own)[:2]
        clear = len(best) == 1 or (len(best) == 2 and best[0][0] <= CLEAR * best[1][0])
        return best[0][1] if clear else None

    def _containing(self, words: frozenset[str], title: str) -> set[Place]:
        if not words:
            return set()
        places = set.intersection(*(self._words.get(word, set()) for word in words))
        name = _glued(title)
        if not places and len(words) == 1 and len(name) >= GLUED:
            return {place for place, glued in self._glued.items() if name in glued}
        return places


def _glued(title: str) -> str:
    return "".join(c for c in fold(title) if c.isalnum())
