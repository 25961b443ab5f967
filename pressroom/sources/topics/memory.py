"""Ids that stay: a topic of an earlier day is recognised by its addresses or titles."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pressroom.model.trends import KnownTopic, Topic
from pressroom.sources.topics.addresses import canonical, is_page
from pressroom.sources.topics.items import Item
from pressroom.sources.topics.likeness import Row
from pressroom.sources.topics.titles import clean
from pressroom.sources.topics.words import read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TITLES, ADDRESSES = 8, 40
"""Titles and addresses by which a topic is remembered, the newest first."""
NEAR = 0.02
"""Likeness below which an item and a known topic count as not alike."""


def known_topic(topic: Topic, earlier: KnownTopic | None = None) -> KnownTopic:
    """The memory of a topic; with `earlier`, its memory so far, what that knew follows as far as there is room."""
    newest = sorted(topic.signals, key=lambda signal: (-signal.observed_at.timestamp(), *signal.identity))
    titles = [topic.label, *(clean(signal.title, signal.publisher) for signal in newest)]
    addresses = [canonical(signal.url) for signal in newest if signal.url]
    return KnownTopic(
        id=topic.id,
        language=topic.language,
        titles=_first([*titles, *(earlier.titles if earlier else ())], TITLES),
        addresses=_first([*filter(is_page, addresses), *(earlier.addresses if earlier else ())], ADDRESSES),
        first_seen=min(topic.first_seen, earlier.first_seen) if earlier else topic.first_seen,
    )


def _first(texts: Sequence[str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))[:most]


def known_rows(known: Sequence[KnownTopic]) -> tuple[list[Row], list[int]]:
    """A row for each title of known topics, and which topic's it is."""
    rows = [(Row(read(title, topic.language)), at) for at, topic in enumerate(known) for title in topic.titles]
    return [row for row, _ in rows], [owner for _, owner in rows]


class Memory:
    """Known topics, and how alike items are to them."""

    def __init__(self, known: Sequence[KnownTopic]) -> None:
        self._known = {topic.id: topic for topic in sorted(known, key=lambda topic: (topic.id, topic.first_seen))}
        self._alike: dict[str, dict[int, float]] = defaultdict(dict)

    def of(self, language: str) -> list[KnownTopic]:
        """Known topics of one language."""
        return [topic for topic in self._known.values() if topic.language == language]

    def learn(self, item: int, alike: NDArray[np.float64], owners: Sequence[int], known: Sequence[KnownTopic]) -> None:
        """Note to which of `known` an item is alike, on average over its titles; owners: by title, whose it is."""
        if not known:
            return
        import numpy as np

        sums = np.bincount(owners, weights=alike, minlength=len(known))
        for at in map(int, np.flatnonzero(sums)):
            if (much := float(sums[at]) / len(known[at].titles)) >= NEAR:
                self._alike[known[at].id][item] = much

    def ids(self, found: Sequence[Item], groups: Sequence[Sequence[int]], limit: float) -> list[KnownTopic]:
        """By group its id and first time: of the known topic most like it, each known topic once, else new ones."""
        given: dict[int, KnownTopic] = {}
        used: set[str] = set()
        for _, owner, at in sorted(self._matches(found, groups, limit)):
            if at not in given and owner not in used:
                given[at] = self._known[owner]
                used.add(owner)
        for at, group in enumerate(groups):
            if at not in given:
                given[at] = _new([found[place] for place in group], used | self._known.keys())
                used.add(given[at].id)
        return [given[at] for at in range(len(groups))]

    def _matches(
        self, found: Sequence[Item], groups: Sequence[Sequence[int]], limit: float
    ) -> list[tuple[float, str, int]]:
        """(how unlike, topic's id, group) of all that may be the same."""
        group_of = {place: at for at, group in enumerate(groups) for place in group}
        pages: dict[str, list[int]] = defaultdict(list)
        for place, item in enumerate(found):
            wordless = () if item.row.words.words else (item.title,)
            for key in (*sorted({one.address for one in item.members} - {""}), *wordless):
                pages[key].append(group_of[place])
        matches: list[tuple[float, str, int]] = []
        for owner, topic in self._known.items():
            alike: dict[int, float] = defaultdict(float)
            for place, much in self._alike[owner].items():
                alike[group_of[place]] += much / len(groups[group_of[place]])
            for key in (*topic.addresses, *topic.titles):
                for at in pages.get(key, ()):
                    alike[at] += 1.0
            matches += [(-round(much, 9), owner, at) for at, much in alike.items() if much >= limit]
        return matches


def _new(members: Sequence[Item], used: set[str]) -> KnownTopic:
    """An id from a topic's earliest signal, and from a count where the id is in use."""
    at, signal = min(
        ((one.at, one.signal) for item in members for one in item.members), key=lambda pair: (pair[0], pair[1].identity)
    )
    language = next((item.language for item in members if item.language), "")
    count = 0
    while (name := _hash(language, *signal.identity, f"{at:.6f}", str(count))) in used:
        count += 1
    return KnownTopic(id=name, language=language, titles=(), first_seen=_first_seen(members))


def _first_seen(members: Sequence[Item]) -> dt.datetime:
    return min(one.signal.observed_at for item in members for one in item.members)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
