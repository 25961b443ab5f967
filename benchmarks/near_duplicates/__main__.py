"""`python -m benchmarks.near_duplicates`: precision, recall and F1 of the measure and of simple baselines."""

from __future__ import annotations

import difflib
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

from benchmarks.near_duplicates.pairs import Pair, chosen_by, headlines, held_out
from pressroom.gates.similarity import Seen, content_words, similarity, threshold
from pressroom.model import Idea

Measure = Callable[[Idea, Idea], float]
Figures = tuple[float, float, float]
SWEEP = tuple(at / 100 for at in range(5, 100))


def _text(idea: Idea) -> str:
    return f"{idea.title} {idea.description}".casefold()


def _exact_title(a: Idea, b: Idea) -> float:
    return float(a.title.casefold() == b.title.casefold())


def _difflib(a: Idea, b: Idea) -> float:
    return difflib.SequenceMatcher(None, _text(a), _text(b)).ratio()


def _jaccard(a: Idea, b: Idea) -> float:
    one, other = set(_text(a).split()), set(_text(b).split())
    return len(one & other) / len(one | other)


def _content_words(a: Idea, b: Idea) -> float:
    """Jaccard of the words that are no stop words, of titles."""
    one, other = content_words(a.title), content_words(b.title)
    return len(one & other) / max(1, len(one | other))


def recall_at(pairs: Sequence[Pair], measure: Measure, precision: float) -> float:
    """The highest recall of any limit from which so many in a hundred found are duplicates."""
    scored = sorted(_scored(pairs, measure), reverse=True)
    hits, best = 0, 0
    for found, (score, duplicate) in enumerate(scored, 1):
        hits += duplicate
        ties = found < len(scored) and scored[found][0] == score
        best = hits if not ties and hits >= precision * found else best
    return best / max(1, sum(pair.duplicate for pair in pairs))


def figures(pairs: Sequence[Pair], measure: Measure, limit: float) -> Figures:
    """Precision, recall and F1 of calling every pair from `limit` up a duplicate."""
    return _figures(_scored(pairs, measure), limit)


def _scored(pairs: Sequence[Pair], measure: Measure) -> list[tuple[float, bool]]:
    return [(measure(pair.a, pair.b), pair.duplicate) for pair in pairs]


def _figures(scored: Sequence[tuple[float, bool]], limit: float) -> Figures:
    said = [(score >= limit, duplicate) for score, duplicate in scored]
    hits = sum(1 for found, true in said if found and true)
    found, true = sum(f for f, _ in said), sum(t for _, t in said)
    return hits / max(1, found), hits / max(1, true), 2 * hits / max(1, found + true)


def best_limit(pairs: Sequence[Pair], measure: Measure) -> float:
    scored = _scored(pairs, measure)
    return max(SWEEP, key=lambda limit: _figures(scored, limit)[2])


def _line(name: str, limit: float, values: Figures, ours: Figures) -> str:
    precision, recall, f1 = values
    ratio = f"{f1 / ours[2]:.2f}"
    return f"{name:<26}{limit:>9.2f}{precision:>11.3f}{recall:>9.3f}{f1:>8.3f}{ratio:>9}"


def _compare(pairs: Sequence[Pair], tuned_on: Sequence[Pair]) -> None:
    ours = figures(pairs, similarity, threshold())
    print(f"{'method':<26}{'threshold':>9}{'precision':>11}{'recall':>9}{'F1':>8}{'of ours':>9}")
    print(_line("the gate's measure", threshold(), ours, ours))
    for name, measure in (("plain Jaccard", _jaccard), ("difflib ratio", _difflib), ("exact title", _exact_title)):
        limit = best_limit(tuned_on, measure)
        print(_line(f"{name} at its best", limit, figures(pairs, measure, limit), ours))


def _headlines() -> None:
    """Titles alone: each measure at the limit that is best on one half, judged on the other, and recall at 0.95."""
    chosen, fresh = headlines("chosen"), headlines("held_out")
    print(f"\nTitles of news: {len(chosen)} pairs to choose by, {len(fresh)} held out")
    print(f"{'method, on those held out':<30}{'limit':>6}{'precision':>11}{'recall':>9}{'F1':>8}{'recall at 0.95':>16}")
    for name, measure in (("the gate's measure", similarity), ("Jaccard of content words", _content_words)):
        limits = [best_limit(chosen, measure), *([threshold()] if measure is similarity else [])]
        for limit in limits:
            precision, recall, f1 = figures(fresh, measure, limit)
            most = recall_at(fresh, measure, 0.95)
            print(f"{name:<30}{limit:>6.2f}{precision:>11.3f}{recall:>9.3f}{f1:>8.3f}{most:>16.3f}")
    for kind in dict.fromkeys(pair.kind for pair in fresh):
        own = [pair for pair in fresh if pair.kind == kind]
        right = sum((similarity(p.a, p.b) >= threshold()) == p.duplicate for p in own)
        print(f"  {kind:<22}{right:>4} of {len(own):>3} right at the gate's threshold")


def _by_kind(pairs: Sequence[Pair]) -> None:
    for kind in dict.fromkeys(pair.kind for pair in pairs):
        own = [pair for pair in pairs if pair.kind == kind]
        right = sum((similarity(p.a, p.b) >= threshold()) == p.duplicate for p in own)
        print(f"  {kind:<22}{right:>4} of {len(own):>3} right")


def _cross_check(pairs: Sequence[Pair]) -> None:
    """The threshold chosen on one half of the pairs, judged on the other, both ways round."""
    halves = (pairs[::2], pairs[1::2])
    for mine, other in pairwise((*halves, halves[0])):
        limit = best_limit(mine, similarity)
        print(f"  chosen on one half: {limit:.2f}, F1 on the other half: {figures(other, similarity, limit)[2]:.3f}")


def _speed(pairs: Sequence[Pair], known: int, new: int) -> str:
    """Seconds to remember `known` ideas and to look up `new` ones, texts varied so that nothing is cached."""
    ideas = [idea for pair in pairs for idea in (pair.a, pair.b)]
    varied = [_varied(ideas, at) for at in range(known + new)]
    start = time.perf_counter()
    seen = Seen(varied[:known])
    remembered = time.perf_counter()
    for idea in varied[known:]:
        seen.nearest(idea)
    done = time.perf_counter()
    return f"  {new:,} new x {known:,}: remember {remembered - start:.2f} s, look up {done - remembered:.2f} s"


def _varied(ideas: Sequence[Idea], at: int) -> Idea:
    base, other = ideas[at % len(ideas)], ideas[(at * 7 + at // len(ideas)) % len(ideas)]
    return base.model_copy(update={"title": f"{base.title} {at}", "description": f"{other.description} {at}"})


def main() -> None:
    pairs, fresh = chosen_by(), held_out()
    print(f"{len(pairs)} pairs, {sum(pair.duplicate for pair in pairs)} of them duplicates")
    _compare(pairs, pairs)
    print(f"\nHeld out: {len(fresh)} pairs never used for choosing")
    _compare(fresh, pairs)
    _headlines()
    print("\nBy kind, at the gate's threshold")
    _by_kind(pairs)
    print("\nThreshold sweep: precision, recall, F1")
    for limit in (threshold() + step / 100 for step in range(-15, 16, 5)):
        print(f"  {limit:.2f}  " + "  ".join(f"{value:.3f}" for value in figures(pairs, similarity, limit)))
    print("\nCross-check")
    _cross_check(pairs)
    print("\nSpeed")
    for known, new in ((3_000, 100), *(((30_000, 1_000),) if "--large" in sys.argv else ())):
        print(_speed(pairs, known, new))


if __name__ == "__main__":
    main()
