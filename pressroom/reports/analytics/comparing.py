"""Comparing two variants of posts that went out in matched slots.

Platforms don't split their audience for us, so this is a comparison of posts, and no test on users. Each pair gives
d = ln of A's figure / B's. Where the variants are alike, d is as likely positive as negative, whatever its size: both
rules below stand on that alone.

- At the end, once all pairs are there: an exact sign-flip permutation of the mean of d, at `LAST`.
- At any time before: an e-value, the wealth of bets on the sign of d. By Ville's inequality it passes 1 / `EARLY` with
  a chance of `EARLY` at most, however often one looks.

Together they name a winner among equals in at most 5 % of comparisons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from pressroom.model.base import Frozen

EARLY, LAST = 0.01, 0.04
"""Chances of naming a winner among equals: by looking early, and at the end."""

LEAST_PAIRS, MOST_PAIRS = 3, 16
"""Above 16 an exact permutation has more than 65,536 ways."""

STAKES = (0.2, 0.4, 0.6, 0.8, 0.95)
"""Shares of the wealth that are bet on each sign; a mixture over them wins whatever the size of the difference."""

STEEP = 2.0
"""A pair whose figures differ by e**(1/2) counts as 76 % of one that differs without end."""

LOSS = 0.01
"""A rate's winner is named where less than this share of the rate is expected to be lost if it is the wrong one."""

GRID = 4096

Array = NDArray[np.float64]


class Winner(StrEnum):
    A = "A"
    B = "B"
    NONE = "cannot tell"


class Verdict(Frozen):
    """The outcome so far. times: how many times as much A gets as B, over the pairs. p: of the permutation, at the end.

    e: the e-value, which may be looked at as often as one likes.
    """

    winner: Winner
    pairs: int
    planned: int
    times: float | None
    p: float | None
    e: float | None
    better: float | None = Field(default=None, description="Probability that B's rate is the higher one.")
    loss: float | None = Field(default=None, description="Expected loss if the better one is chosen, of its rate.")
    low: float | None = Field(default=None, description="90 % interval of B's rate less A's.")
    high: float | None = None
    words: str


def sign_flips(differences: Array) -> Array:
    """Two-sided p of the mean of each row, over all ways to flip signs. differences: (comparisons, pairs)."""
    pairs = differences.shape[1]
    ways = (np.arange(2 ** (pairs - 1))[:, None] >> np.arange(pairs)) & 1  # the other half is the same, negated
    signs = 1.0 - 2.0 * ways
    sums = np.abs(differences @ signs.T)
    seen = np.abs(differences.sum(axis=1, keepdims=True))
    return np.asarray((sums >= seen * (1 - 1e-12) - 1e-300).mean(axis=1))


def e_values(differences: Array) -> Array:
    """The e-value after each pair, for each row. Under alike variants its mean is at most 1 at any time."""
    bounded = np.tanh(STEEP * differences)
    stakes = np.array([*STAKES, *(-stake for stake in STAKES)])
    wealth = np.cumprod(1.0 + bounded[:, :, None] * stakes, axis=1)
    return np.asarray(wealth.mean(axis=2))


def winners(differences: Array, planned: int) -> NDArray[np.int8]:
    """1 where A wins, -1 where B does, 0 where one can't tell, for each row of (comparisons, pairs)."""
    pairs = differences.shape[1]
    if pairs < LEAST_PAIRS:
        return np.zeros(len(differences), np.int8)
    growing = e_values(differences)[:, LEAST_PAIRS - 1 :]
    named = growing.max(axis=1) >= 1 / EARLY
    first = np.argmax(growing >= 1 / EARLY, axis=1) + LEAST_PAIRS
    means = np.cumsum(differences, axis=1)
    early = np.sign(means[np.arange(len(differences)), first - 1])
    last = np.sign(means[:, -1]) * (sign_flips(differences) <= LAST) if pairs >= planned else np.zeros(len(means))
    return np.where(named, early, last).astype(np.int8)


def compare_counts(pairs: Sequence[tuple[int, int]], planned: int) -> Verdict:
    """Two variants by a count, such as views. pairs: (A's, B's)."""
    differences = np.array([[math.log((1 + a) / (1 + b)) for a, b in pairs]])
    return _verdict(differences, planned)


def compare_rates(
    pairs: Sequence[tuple[tuple[int, int], tuple[int, int]]], planned: int, history: Sequence[tuple[int, int]] = ()
) -> Verdict:
    """Two variants by a rate. pairs: ((A's successes, of how many), (B's, ...)); history: the same of earlier posts.

    A winner needs as well that the expected loss of choosing it is below `LOSS` of its rate.
    """
    rates = [((a[0] + 0.5) / (a[1] + 1), (b[0] + 0.5) / (b[1] + 1)) for a, b in pairs]
    found = _verdict(np.array([[math.log(a / b) for a, b in rates]]), planned)
    if not pairs:
        return found
    prior, rho = fit_history(history or [side for pair in pairs for side in pair])
    a, b = (_posterior([pair[side] for pair in pairs], prior, rho) for side in (0, 1))
    better, loss_a, loss_b, low, high = _compared(a, b)
    loss = min(loss_a, loss_b)
    chosen = Winner.A if loss_a < loss_b else Winner.B
    is_sure = found.winner is Winner.NONE or (found.winner is chosen and loss < LOSS)
    winner = found.winner if is_sure else Winner.NONE
    shown = {"winner": winner, "better": better, "loss": loss, "low": low, "high": high}
    return found.model_copy(update={**shown, "words": _words(winner, found.pairs, planned, found.times)})


def fit_history(posts: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """(mean rate, overdispersion rho) of posts by moments. rho: 0 where posts differ by chance alone, below 1."""
    known = [(k, n) for k, n in posts if n > 0]
    total = sum(n for _, n in known)
    if not total:
        return 0.5, 0.5
    mean = min(max(sum(k for k, _ in known) / total, 1e-6), 1 - 1e-6)
    if len(known) < 2:
        return mean, 0.01
    chi = sum((k - n * mean) ** 2 / (n * mean * (1 - mean)) for k, n in known)
    excess = sum(n - 1 for _, n in known) * (len(known) - 1) / len(known)
    rho = (chi - (len(known) - 1)) / excess if excess > 0 else 0.0
    return mean, min(max(rho, 1e-6), 0.9)


def _posterior(posts: Sequence[tuple[int, int]], mean: float, rho: float) -> tuple[float, float]:
    """(alpha, beta) of a variant's rate: the prior of one post, and each post with what it is worth beside others."""
    size = 1 / rho - 1
    alpha, beta = mean * size, (1 - mean) * size
    alpha, beta = alpha / max(1.0, size), beta / max(1.0, size)  # a prior as heavy as one observation
    for k, n in posts:
        worth = 1 / (1 + (n - 1) * rho) if n > 0 else 0.0
        alpha, beta = alpha + k * worth, beta + (n - k) * worth
    return max(alpha, 1e-3), max(beta, 1e-3)


def _compared(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float, float, float, float]:
    """(P(B > A), expected loss of choosing A, of B, as shares of the rate; 90 % interval of B - A), on a grid."""
    grid = _top(a, b) * (np.arange(GRID) + 0.5) / GRID
    weights_a, weights_b = _density(grid, *a), _density(grid, *b)
    below_a, below_b = np.cumsum(weights_a), np.cumsum(weights_b)
    better = float((weights_b * (below_a - weights_a / 2)).sum())
    mean_a, mean_b = float((grid * weights_a).sum()), float((grid * weights_b).sum())
    lost_by_a = float((weights_b * (grid * below_a - np.cumsum(grid * weights_a))).sum())
    lost_by_b = float((weights_a * (grid * below_b - np.cumsum(grid * weights_b))).sum())
    low, high = _interval(grid, below_a, below_b)
    return better, lost_by_a / mean_a, lost_by_b / mean_b, low, high


def _top(*posteriors: tuple[float, float]) -> float:
    """A rate above which neither lies: ten standard deviations above the higher mean."""
    highest = 0.0
    for alpha, beta in posteriors:
        mean = alpha / (alpha + beta)
        highest = max(highest, mean + 10 * math.sqrt(mean * (1 - mean) / (alpha + beta + 1)))
    return min(1.0, highest)


def _density(grid: Array, alpha: float, beta: float) -> Array:
    logs = (alpha - 1) * np.log(grid) + (beta - 1) * np.log1p(-grid)
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _interval(grid: Array, below_a: Array, below_b: Array) -> tuple[float, float]:
    """5 % and 95 % of B - A, from equally likely values of each."""
    places = (np.arange(200) + 0.5) / 200
    some_a, some_b = grid[np.searchsorted(below_a, places)], grid[np.searchsorted(below_b, places)]
    low, high = np.quantile((some_b[:, None] - some_a[None, :]).ravel(), [0.05, 0.95])
    return float(low), float(high)


def _verdict(differences: Array, planned: int) -> Verdict:
    pairs = differences.shape[1]
    if not pairs:
        return Verdict(winner=Winner.NONE, pairs=0, planned=planned, times=None, p=None, e=None,
                       words=_words(Winner.NONE, 0, planned, None))  # fmt: skip
    winner = {1: Winner.A, -1: Winner.B, 0: Winner.NONE}[int(winners(differences, planned)[0])]
    times = math.exp(float(differences.mean()))
    p = float(sign_flips(differences)[0]) if pairs >= max(planned, LEAST_PAIRS) else None
    e = float(e_values(differences)[0].max())
    return Verdict(winner=winner, pairs=pairs, planned=planned, times=times, p=p, e=e,
                   words=_words(winner, pairs, planned, times))  # fmt: skip


def _words(winner: Winner, pairs: int, planned: int, times: float | None) -> str:
    said = f"{pairs} of {planned} pairs"
    if winner is not Winner.NONE and times:
        ratio = times if winner is Winner.A else 1 / times
        other = "B" if winner is Winner.A else "A"
        return f"{winner} does better: {ratio:.2f} times as much as {other} ({said})."
    if pairs < LEAST_PAIRS:
        return f"Cannot tell: {said} have their figures, and fewer than {LEAST_PAIRS} are an anecdote."
    if pairs < planned:
        return f"Cannot tell yet: {said} have their figures, and the difference may be chance."
    return f"Cannot tell: over {said} the difference may be chance."
