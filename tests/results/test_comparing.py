"""Comparisons name a winner only where chance does not explain it, however often one looks."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from pressroom.reports.analytics import comparing
from pressroom.reports.analytics.comparing import Winner, compare_counts, compare_rates, e_values, sign_flips, winners


def overdispersed(chance: np.random.Generator, size: tuple[int, ...], mean: float = 200.0) -> np.ndarray:
    """Views as they are: a few posts are seen many times as often."""
    return chance.poisson(mean * chance.lognormal(0, 1.2, size))


def test_of_a_thousand_comparisons_of_equals_at_most_five_percent_name_a_winner() -> None:
    """With a look after each pair, and one at the end; slots of a pair share their luck."""
    chance = np.random.default_rng(20261130)
    for pairs in (6, 8, 12):
        luck = chance.lognormal(0, 0.8, (1000, pairs, 1))
        views = chance.poisson(200 * luck * chance.lognormal(0, 0.6, (1000, pairs, 2)))
        named = np.zeros(1000, bool)
        for seen in range(1, pairs + 1):
            differences = np.log1p(views[:, :seen, 0]) - np.log1p(views[:, :seen, 1])
            named |= winners(differences, pairs) != 0
        assert named.mean() <= 0.05, pairs


def test_of_a_thousand_rates_of_equals_at_most_five_percent_name_a_winner() -> None:
    chance = np.random.default_rng(7)
    named = 0
    for _ in range(200):
        shown = overdispersed(chance, (8, 2), 500) + 20
        rates = chance.beta(2, 60, (8, 2))
        clicked = chance.binomial(shown, rates)
        pairs = [((int(k[0]), int(n[0])), (int(k[1]), int(n[1]))) for k, n in zip(clicked, shown, strict=True)]
        named += compare_rates(pairs, 8).winner is not Winner.NONE
    assert named / 200 <= 0.05


def test_a_clear_difference_is_named_in_words() -> None:
    better = compare_counts([(300, 100), (500, 200), (90, 40), (700, 300), (60, 25), (210, 80), (900, 310)], 7)
    assert (better.winner, better.pairs) == (Winner.A, 7)
    assert better.words.startswith("A does better: 2.")
    worse = compare_counts([(40, 90), (100, 300), (200, 500), (300, 700), (25, 60), (80, 210)], 6)
    assert worse.winner is Winner.B
    assert "B does better" in worse.words
    even = compare_counts([(100, 101), (80, 79), (55, 60), (60, 55)], 4)
    assert even.words == "Cannot tell: over 4 of 4 pairs the difference may be chance."
    early = compare_counts([(300, 100), (500, 200)], 6)
    assert early.winner is Winner.NONE
    assert "fewer than 3 are an anecdote" in early.words
    assert compare_counts([], 6).pairs == 0


def test_the_permutation_is_exact() -> None:
    chance = np.random.default_rng(1)
    for _ in range(20):
        row = chance.normal(0.3, 1, 7)
        seen = abs(math.fsum(row))
        slow = [abs(math.fsum(s * x for s, x in zip(signs, row, strict=True))) >= seen - 1e-12
                for signs in product((1, -1), repeat=7)]  # fmt: skip
        assert float(sign_flips(row[None, :])[0]) == pytest.approx(sum(slow) / len(slow))


def test_the_e_value_of_equals_is_one_on_average_over_all_signs() -> None:
    """Whatever the sizes are: that is what makes it hold at any look."""
    sizes = np.array([0.1, 2.0, 0.7, 0.4, 1.3])
    every = np.array(list(product((1, -1), repeat=5))) * sizes
    assert e_values(every).mean(axis=0) == pytest.approx(np.ones(5))


def test_a_rate_needs_enough_and_its_interval_shows_what_is_known() -> None:
    history = [(30, 1000), (25, 900), (40, 1100), (10, 500)]
    clear = [((90 + n, 1000), (30 + n, 1000)) for n in range(7)]
    found = compare_rates(clear, 7, history)
    assert found.winner is Winner.A
    assert (found.better or 1) < 0.01
    assert (found.high or 0) < 0
    mean, rho = comparing.fit_history(history)
    assert (mean, 0 < rho < 0.01) == (pytest.approx(105 / 3500), True)
    flipped = compare_rates([(b, a) for a, b in clear], 7, history)
    assert flipped.winner is Winner.B
    assert (flipped.better or 0) == pytest.approx(1 - (found.better or 0), abs=1e-6)
