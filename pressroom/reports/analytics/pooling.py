"""Partial pooling: the mean of a small group of posts is drawn towards that of all, with an interval (empirical Bayes).

Counts are pooled as ln(1 + value), since a few posts are seen a hundred times as often; rates as they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

Z80 = 1.2815515655446004
"""Of a normal distribution 80 % lie within so many standard deviations."""


class Shrunk(NamedTuple):
    """A group's mean. raw: its own; mean: drawn towards the parent's; weight: of its own posts in that, 0 to 1.

    low, high: the 80 % interval of `mean`; None where the spread can't be told.
    """

    n: int
    raw: float
    mean: float
    weight: float
    low: float | None
    high: float | None


def shrink(groups: Mapping[str, Sequence[float]]) -> dict[str, Shrunk]:
    """Each group of one parent, drawn towards the mean of them all. No group is empty.

    weight = n / (n + k), k = variance within groups / variance between them, both estimated from all groups.
    """
    if not groups:
        return {}
    every = [value for values in groups.values() for value in values]
    parent = math.fsum(every) / len(every)
    means = {name: math.fsum(values) / len(values) for name, values in groups.items()}
    within = _within(groups, means)
    between = _between(groups, means, parent, within) if within is not None and len(groups) > 1 else None
    return {
        name: _shrunk(len(values), means[name], parent, len(every), within, between, alone=len(groups) == 1)
        for name, values in groups.items()
    }


def _within(groups: Mapping[str, Sequence[float]], means: Mapping[str, float]) -> float | None:
    """The variance of a post around its group's mean; None without a group of two."""
    freedom = sum(len(values) - 1 for values in groups.values())
    if not freedom:
        return None
    return math.fsum((value - means[name]) ** 2 for name, values in groups.items() for value in values) / freedom


def _between(groups: Mapping[str, Sequence[float]], means: Mapping[str, float], parent: float, within: float) -> float:
    """The variance of groups' true means, by the method of moments; 0 where chance explains their differences."""
    sizes = [len(values) for values in groups.values()]
    total, others = sum(sizes), len(sizes) - 1
    size = (total - sum(n * n for n in sizes) / total) / others
    spread = math.fsum(len(values) * (means[name] - parent) ** 2 for name, values in groups.items()) / others
    return max(0.0, (spread - within) / size)


def _shrunk(
    n: int, raw: float, parent: float, total: int, within: float | None, between: float | None, *, alone: bool
) -> Shrunk:
    if within is None:
        return Shrunk(n, raw, raw, 1.0, None, None)
    if alone or not between:
        return Shrunk(n, raw, parent, 0.0, *_interval(parent, within / total))
    k = within / between
    weight = n / (n + k)
    mean = weight * raw + (1 - weight) * parent
    return Shrunk(n, raw, mean, weight, *_interval(mean, within / (n + k) + (1 - weight) ** 2 * within / total))


def _interval(mean: float, variance: float) -> tuple[float, float]:
    reach = Z80 * math.sqrt(variance)
    return mean - reach, mean + reach
