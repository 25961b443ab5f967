"""Average-link grouping: pairs of things become groups whose members are alike on average."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Pair = tuple[int, int, float]
LARGEST = 2_000
"""Things of one connected part that are compared all with all; a larger part is cut at a higher limit first."""
STRICTER, STRICTEST = 1.25, 0.9


class Sets:
    """Disjoint sets of 0 .. n-1, each known by its lowest member."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def find(self, at: int) -> int:
        while self._above[at] != at:
            self._above[at] = self._above[self._above[at]]
            at = self._above[at]
        return at

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self._above[high] = low

    def groups(self) -> list[list[int]]:
        """The sets, each in order, by their lowest member."""
        found: dict[int, list[int]] = {}
        for at in range(len(self._above)):
            found.setdefault(self.find(at), []).append(at)
        return list(found.values())


def grouped(size: int, pairs: Sequence[Pair], limit: float) -> list[list[int]]:
    """Groups of 0 .. size-1 in which any two parts that were joined are alike by `limit` on average.

    pairs: (lower, higher, likeness); a pair that isn't there counts as 0. Two groups can only be joined when one pair
    of them reaches the limit, so each connected part of such pairs is grouped by itself.
    """
    found: list[list[int]] = []
    for part, inside in _connected(list(range(size)), pairs, limit):
        small = 2 < len(part) <= LARGEST
        found += _agglomerated(part, _matrix(part, inside), limit) if small else [part]
    return sorted(found)


def _connected(things: list[int], pairs: Sequence[Pair], limit: float) -> Iterator[tuple[list[int], list[Pair]]]:
    """The parts that pairs from `limit` up connect, with the pairs inside each."""
    place = {thing: at for at, thing in enumerate(things)}
    sets = Sets(len(things))
    for one, other, alike in pairs:
        if alike >= limit:
            sets.join(place[one], place[other])
    roots = {thing: sets.find(at) for thing, at in place.items()}
    inside: dict[int, list[Pair]] = {}
    for pair in pairs:
        if (root := roots[pair[0]]) == roots[pair[1]]:
            inside.setdefault(root, []).append(pair)
    for group in sets.groups():
        part, own = [things[at] for at in group], inside.get(group[0], [])
        if len(part) > LARGEST and limit < STRICTEST:
            yield from _connected(part, own, limit * STRICTER)
        else:
            yield part, own


def _matrix(part: Sequence[int], pairs: Sequence[Pair]) -> NDArray[np.float64]:
    import numpy as np

    place = {thing: at for at, thing in enumerate(part)}
    matrix = np.zeros((len(part), len(part)))
    for one, other, alike in pairs:
        matrix[place[one], place[other]] = matrix[place[other], place[one]] = alike
    return matrix


def _agglomerated(part: Sequence[int], alike: NDArray[np.float64], limit: float) -> list[list[int]]:
    """The groups of one connected part; of equal pairs the first is joined first."""
    import numpy as np

    groups: list[list[int]] = [[thing] for thing in part]
    best = alike.max(axis=1)
    while True:
        one = int(best.argmax())
        if best[one] < limit:
            return [group for group in groups if group]
        other = int(alike[one].argmax())
        mine, theirs = len(groups[one]), len(groups[other])
        joined = (mine * alike[one] + theirs * alike[other]) / (mine + theirs)
        joined[[one, other]] = 0.0
        stale = ((alike[:, one] == best) | (alike[:, other] == best)) & (best >= limit)
        alike[one] = alike[:, one] = joined
        alike[other] = alike[:, other] = 0.0
        groups[one], groups[other] = sorted(groups[one] + groups[other]), []
        best = np.maximum(best, joined)
        best[one], best[other] = joined.max(), 0.0
        for at in np.flatnonzero(stale):
            best[at] = alike[at].max()
