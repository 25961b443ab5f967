"""The cases: a usual day, a large one, slow calls, and the same day again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.daily.site import FORMATS, LATENCY, Ran, Site
from benchmarks.shared.figures import Figure, middle

IDEAS, MANY = 5, 100
USUAL, WIDE = 15, 100
"""Drafts written at the same time, usually and on the large day."""
SLOW = 10.0

Figures = Iterator[Figure]


def ideal(ideas: int, at_once: int, latency: float = LATENCY) -> float:
    """Seconds no run can beat: the ideas, then the drafts in as few waves as the limit allows."""
    return latency * (1 + -(-ideas * len(FORMATS) // at_once))


def usual_day(site: Site, runs: int) -> Figures:
    """5 ideas x 3 formats, with each chain, and how soon the run is closed then."""
    best = ideal(IDEAS, USUAL)
    for chain, goal in (("openai", 1.06), ("anthropic", None)):
        ran = [site.run(IDEAS, chain=chain, at_once=USUAL) for _ in range(runs)]
        name = f"{IDEAS} x {len(FORMATS)}, {chain}"
        yield from _stored(f"{name}: last draft stored", ran, best, goal)
        if goal:
            closing = [one.times.closed - one.times.kept for one in ran]
            yield middle(f"{name}: from the last draft stored to the closing", closing, goal=6)
            yield middle(f"{name}: peak memory of the flow's process", [one.peak for one in ran], "MB", digits=0)
        yield from _process(name, ran)


def large_day(site: Site, runs: int) -> Figures:
    """100 ideas x 3 formats, 100 at the same time."""
    ran = [site.run(MANY, at_once=WIDE) for _ in range(runs)]
    name = f"{MANY} x {len(FORMATS)}, {WIDE} at once"
    yield from _stored(f"{name}: last draft stored", ran, ideal(MANY, WIDE), 1.25)
    yield middle(f"{name}: peak memory of the flow's process", [one.peak for one in ran], "MB", 250, digits=0)
    yield middle(
        f"{name}: from the last draft stored to the closing", [one.times.closed - one.times.kept for one in ran]
    )
    yield from _process(name, ran)


def slow_calls(site: Site) -> Figures:
    """Calls of 10 s: all that can be done beforehand should be done by then."""
    ran = site.run(IDEAS, latency=SLOW)
    name = f"{IDEAS} x {len(FORMATS)}, calls of {SLOW:g} s"
    yield from _stored(f"{name}: last draft stored", [ran], ideal(IDEAS, USUAL, SLOW), None)
    yield Figure(f"{name}: from the last draft stored to the closing", ran.times.closed - ran.times.kept, goal=2)


def same_day_again(site: Site, runs: int) -> Figures:
    """A repeat in a new process: nothing is asked for, nothing is written anew."""
    first = site.run(IDEAS, latency=0)
    ran = [site.run(IDEAS, home=first.home) for _ in range(runs)]
    yield Figure("repeat: requests the provider had", max(sum(one.asked.values()) for one in ran), "", 0, digits=0)
    yield middle("repeat: seconds by the run's report", [one.said["report"]["seconds"] for one in ran], goal=1.5)
    yield middle("repeat: from the run opened to the flow's end", [one.seconds for one in ran], goal=1.5)
    yield from _process("repeat", ran)


def _stored(name: str, ran: list[Ran], best: float, goal: float | None) -> Figures:
    def over(of: Callable[[Ran], float]) -> list[float]:
        return [of(one) / best for one in ran]

    yield middle(f"{name}, over the ideal {best:g} s", over(lambda one: one.times.stored), "x", goal, 3)
    yield middle(
        "  the same by the time inside the storing transaction", over(lambda one: one.times.kept), "x", digits=3
    )
    print("  " + sorted(ran, key=lambda one: one.times.stored)[len(ran) // 2].times.line(), flush=True)


def _process(name: str, ran: list[Ran]) -> Figures:
    imports = sorted(one.said["import_seconds"] for one in ran)[len(ran) // 2]
    whole = middle(f"{name}: whole process", [one.said["process_seconds"] for one in ran])
    yield Figure(whole.name, whole.value, note=f"of which importing the flow {imports:.2f} s")
