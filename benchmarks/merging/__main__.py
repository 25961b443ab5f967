"""`python -m benchmarks.merging`: B-cubed figures on the half held out, beside simple measures; time and memory."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.merging.labelled import NOW, BCubed, Headline, bcubed, halves, headlines
from benchmarks.shared.machine import describe
from pressroom.model.trends import Signal, Weights
from pressroom.sources.topics import Past, merge, score
from pressroom.sources.topics.grouping import Pair, grouped

MANY, SECONDS, MEGABYTES = 2_000, 2.0, 150.0
GOAL = 0.90
Measure = Callable[[str, str], float]


def figures(half: Sequence[Headline]) -> BCubed:
    """B-cubed of the topics that the headlines of one half become."""
    topics = merge([one.signal for one in half], [], NOW)
    labels = {one.signal.key: one.event for one in half}
    return bcubed(labels, [[signal.key for signal in topic.signals] for topic in topics])


def baseline(measure: Measure, chosen_by: Sequence[Headline], half: Sequence[Headline]) -> tuple[float, BCubed]:
    """(limit, B-cubed on `half`) of average-link groups by a simple measure, at the limit best for `chosen_by`."""
    pairs = _pairs(chosen_by, measure)
    _, limit = max((_groups(chosen_by, pairs, at / 100).f1, at / 100) for at in range(4, 96, 2))
    return limit, _groups(half, _pairs(half, measure), limit)


def many(count: int) -> list[Signal]:
    """Signals like the labelled ones, three words of each replaced by words of others or by invented names."""
    dice, labelled = random.Random(1), headlines()
    words = sorted({word for one in labelled for word in one.signal.title.split()})
    syllables = [first + second for first in "bdfgklmnprstvz" for second in ("a", "e", "i", "an", "er", "il", "ost")]
    signals = []
    for number in range(count):
        signal = dice.choice(labelled).signal
        title = signal.title.split()
        for _ in range(3):
            invented = "".join(dice.choices(syllables, k=3)).capitalize()
            title[dice.randrange(len(title))] = dice.choice([invented, dice.choice(words)])
        changed = {"key": str(number), "title": " ".join(title), "url": f"https://s{number % 50}.example/{number}"}
        points = {"figures": {"points": float(dice.randrange(1000))}, "metric": "points"}
        signals.append(signal.model_copy(update=changed | points))
    return signals


def cost(count: int = MANY) -> tuple[float, float, float]:
    """(CPU seconds of merging, of scoring, MB that both add) for `count` signals in this process."""
    import psutil

    merge(many(20), [], NOW)  # imports and word lists
    signals, process = many(count), psutil.Process()
    before, start = process.memory_info().rss, time.process_time()
    topics = merge(signals, [], NOW)
    merged = time.process_time()
    score(topics, Past(), Weights(), {}, {}, NOW)
    scored, peak = time.process_time(), _peak()
    return merged - start, scored - merged, (max(peak, process.memory_info().rss) - before) / 2**20


def _peak() -> int:
    """The most memory this process has had, in bytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _pairs(half: Sequence[Headline], measure: Measure) -> list[Pair]:
    titles = [one.signal.title.casefold() for one in half]
    return [
        (one, other, measure(titles[one], titles[other]))
        for one in range(len(half))
        for other in range(one + 1, len(half))
        if half[one].signal.language == half[other].signal.language
    ]


def _groups(half: Sequence[Headline], pairs: Sequence[Pair], limit: float) -> BCubed:
    return bcubed({at: one.event for at, one in enumerate(half)}, grouped(len(half), pairs, limit))


def _jaccard(one: str, other: str) -> float:
    mine, theirs = set(one.split()), set(other.split())
    return len(mine & theirs) / max(1, len(mine | theirs))


def _token_set_ratio(one: str, other: str) -> float:
    from rapidfuzz.fuzz import token_set_ratio

    return token_set_ratio(one, other) / 100


def _line(name: str, result: BCubed, note: str = "") -> str:
    return f"{name:<44}{result.precision:>10.3f}{result.recall:>10.3f}{result.f1:>10.3f}  {note}"


def main() -> int:
    """Exit code 0; a goal that was missed is told."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.merging", description=__doc__)
    parser.add_argument("--cost", action="store_true", help="only time and memory, as JSON, of this process")
    given, _ = parser.parse_known_args()
    if given.cost:
        print(json.dumps(cost()))
        return 0
    print(describe(["numpy", "rapidfuzz"]))
    chosen_by, held_out = halves()
    print(f"\n{len(headlines())} headlines, {len({one.event for one in headlines()})} events; {len(held_out)} held out")
    print(f"\n{'B-cubed':<44}{'precision':>10}{'recall':>10}{'F1':>10}")
    result = figures(held_out)
    print(_line("topics, held out", result, "ok" if result.f1 >= GOAL else f"MISSED: {GOAL}"))
    print(_line("topics, half to choose by", figures(chosen_by)))
    print(_line("topics, all at once", figures(headlines())))
    for name, measure in (("token_set_ratio", _token_set_ratio), ("Jaccard of words", _jaccard)):
        limit, result = baseline(measure, chosen_by, held_out)
        print(_line(f"{name}, held out", result, f"limit {limit:.2f} from the other half"))
    command = [sys.executable, "-m", "benchmarks.merging", "--cost"]
    merging, scoring, memory = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    verdict = "ok" if merging <= SECONDS and memory <= MEGABYTES else f"MISSED: {SECONDS} s, {MEGABYTES} MB"
    print(f"\n{MANY:,} signals: merging {merging:.2f} s, scoring {scoring:.2f} s of CPU, {memory:.0f} MB  {verdict}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
