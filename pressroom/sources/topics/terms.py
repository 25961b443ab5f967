"""Search terms, tags and article names: too short to compare, they join the topic whose titles contain them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from pressroom.sources.topics.grouping import Sets
from pressroom.sources.topics.items import Item
from pressroom.sources.topics.titles import fold
from pressroom.sources.topics.words import read

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
    alone: list[int] = []
    for (term,) in (group for group in groups if found[group[0]].is_term):
        at = titles.home(found[term])
        if at is None:
            alone.append(term)
        else:
            result[at].append(term)
    return [sorted(group) for group in (*result, *_of_terms(found, alone))]


def _of_terms(found: Sequence[Item], terms: Sequence[int]) -> list[list[int]]:
    """Groups of terms that have no headline: equal ones, and one of several words with the one term that contains it.

    A term without a language goes with those of a language only where these are of a single one.
    """
    names = [_glued(found[term].title) or repr(term) for term in terms]
    languages: dict[str, set[str]] = defaultdict(set)
    for term, name in zip(terms, names, strict=True):
        languages[name] |= {found[term].language} - {""}
    keys = [
        (name, found[term].language or (min(languages[name]) if len(languages[name]) == 1 else ""))
        for term, name in zip(terms, names, strict=True)
    ]
    words = [frozenset(found[term].row.words.words) for term in terms]
    sets = Sets(len(terms))
    for at, key in enumerate(keys):
        sets.join(keys.index(key), at)
        wider = {sets.find(other) for other, more in enumerate(words) if more > words[at] and keys[other][1] == key[1]}
        if len(words[at]) > 1 and len(wider) == 1:
            sets.join(wider.pop(), at)
    return [[terms[at] for at in group] for group in sets.groups()]


class _Titles:
    """The words and addresses of headlines by group."""

    def __init__(self, found: Sequence[Item], groups: Sequence[Sequence[int]]) -> None:
        self._languages = [found[group[0]].language for group in groups]
        self._words: dict[str, set[Place]] = defaultdict(set)
        self._glued: dict[Place, str] = {}
        self._pages: dict[str, set[int]] = defaultdict(set)
        for at, group in enumerate(groups):
            for place in group:
                item = found[place]
                titles = {seen.title for seen in item.members}
                self._glued[at, place] = " ".join(sorted(map(_glued, titles)))
                for word in {word for title in titles for word in read(title, item.language).words}:
                    self._words[word].add((at, place))
                for address in found[place].addresses:
                    self._pages[address].add(at)

    def home(self, term: Item) -> int | None:
        """The group a term belongs to; None when it belongs to no group, or not clearly to one."""
        words = frozenset(term.row.words.words)
        counted = Counter(at for at, _ in self._containing(words, term.title)) or self._nearly(words)
        least = 2 if len(words) == 1 else 1
        scores = Counter({at: times for at, times in counted.items() if times >= least})
        scores.update(at for address in term.addresses for at in self._pages.get(address, ()) for _ in range(LINK))
        own = sorted((-score, at) for at, score in scores.items() if term.language in ("", self._languages[at]))
        rivals = [score for score, at in own[1:] if self._languages[at] == self._languages[own[0][1]]]
        return own[0][1] if own and (not rivals or own[0][0] <= CLEAR * rivals[0]) else None

    def _nearly(self, words: frozenset[str]) -> Counter[int]:
        """Groups that have all of three or more words, two titles of theirs all but one: how many titles do."""
        if len(words) < 3:
            return Counter()
        places = [self._words.get(word, set()) for word in words]
        groups = set.intersection(*({at for at, _ in having} for having in places))
        counted = Counter(place for having in places for place in having if place[0] in groups)
        times = Counter(at for (at, _), many in counted.items() if many >= len(words) - 1)
        return Counter({at: many for at, many in times.items() if many >= 2})

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
