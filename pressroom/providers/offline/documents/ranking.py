"""Key sentences by LexRank (Erkan and Radev 2004), biased towards the title (Otterbacher et al. 2005) and the start.

A sentence is as central as those that resemble it. Similarity is the cosine of tf-idf vectors; the walk over the
sentences restarts at those that speak of the title and at those that come early in the document or paragraph, where
authors say what matters. Long documents are ranked in windows, whose best are then ranked together: memory stays
that of one window.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

WINDOW = 700  # sentences that are compared with one another
VOCABULARY = 4000  # words of a window that similarity looks at, the most frequent first
DAMPING, STEPS, CLOSE_ENOUGH = 0.8, 40, 1e-4
TITLE, EARLY = 1.5, 1.2  # how much title and place weigh in the restart, beside 1 for any sentence
Floats = NDArray[np.float64]


def ranked(tokens: Sequence[Sequence[str]], title: Sequence[str], first: Sequence[bool]) -> Floats:
    """The weight of each sentence, the highest of all 1.

    tokens: the words of each sentence that carry meaning; title: those of the title; first: whether a sentence opens
    its paragraph.
    """
    if not tokens:
        return np.zeros(0)
    bounds = np.linspace(0, len(tokens), -(-len(tokens) // WINDOW) + 1, dtype=int)
    parts = [np.arange(start, end) for start, end in pairwise(bounds)]
    restart = _restart(tokens, set(title), first)
    weights = np.concatenate([_window([tokens[at] for at in part], restart[part]) for part in parts])
    if len(parts) > 1:
        share = max(WINDOW // len(parts), 1)
        best = np.sort(np.concatenate([part[np.argsort(-weights[part], kind="stable")[:share]] for part in parts]))
        final = _window([tokens[at] for at in best], restart[best])
        weights *= final.min() / max(weights.max(), 1e-12)  # what did not reach the final stays behind what did
        weights[best] = final
    result: Floats = weights / max(weights.max(), 1e-12)
    return result


def _restart(tokens: Sequence[Sequence[str]], title: set[str], first: Sequence[bool]) -> Floats:
    about = np.array([len(title.intersection(words)) / max(len(title), 1) for words in tokens])
    early = np.exp(-np.arange(len(tokens)) / max(len(tokens) / 6, 4.0))
    return 1 + TITLE * about + EARLY * early + EARLY / 2 * np.asarray(first, dtype=float)


def _window(tokens: Sequence[Sequence[str]], restart: Floats) -> Floats:
    """The share of a random walker's time that each sentence gets, times the number of sentences."""
    likeness = _similarity(tokens)
    sums = likeness.sum(axis=1, keepdims=True)
    step = np.divide(likeness, sums, out=np.zeros_like(likeness), where=sums > 0)
    jump = restart / restart.sum()
    place = jump.copy()
    for _ in range(STEPS):
        walked = place @ step
        moved = DAMPING * (walked + (place.sum() - walked.sum()) * jump) + (1 - DAMPING) * jump
        done = np.abs(moved - place).sum() < CLOSE_ENOUGH
        place = moved
        if done:
            break
    share: Floats = place * len(tokens)
    return share


def _similarity(tokens: Sequence[Sequence[str]]) -> Floats:
    """Cosines of the sentences' tf-idf vectors, nothing on the diagonal."""
    occurs = Counter(word for words in tokens for word in set(words))
    shared = [word for word, times in occurs.most_common(VOCABULARY) if times > 1]
    column = {word: at for at, word in enumerate(shared)}
    rarity = {word: float(np.log(len(tokens) / times) + 0.1) for word, times in occurs.items()}
    vectors = np.zeros((len(tokens), max(len(shared), 1)), dtype=np.float32)
    for row, words in enumerate(tokens):
        counted = Counter(words)
        norm = np.sqrt(sum((times * rarity[word]) ** 2 for word, times in counted.items())) or 1.0
        for word, times in counted.items():
            if word in column:
                vectors[row, column[word]] = times * rarity[word] / norm
    cosines = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(cosines, 0.0)
    return cosines
