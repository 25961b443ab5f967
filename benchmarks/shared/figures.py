"""Figures as they are printed: what was measured, its goal, and whether it was reached."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

HEADER = f"{'figure':<62}{'measured':>12}{'goal':>12}  {'':<8}"


@dataclass(frozen=True)
class Figure:
    """One measured figure, of which less is better. `goal`: at most this much; None: only told."""

    name: str
    value: float
    unit: str = "s"
    goal: float | None = None
    note: str = ""
    digits: int = 2

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "ok" if self.value <= self.goal else "MISSED"

    def line(self) -> str:
        measured = f"{self.value:.{self.digits}f} {self.unit}".rstrip()
        goal = "" if self.goal is None else f"<= {self.goal:g} {self.unit}".rstrip()
        return f"{self.name:<62}{measured:>12}{goal:>12}  {self.verdict:<8}{self.note}".rstrip()


def show(figures: Sequence[Figure]) -> None:
    for figure in figures:
        print(figure.line(), flush=True)


def middle(name: str, values: Sequence[float], unit: str = "s", goal: float | None = None, digits: int = 2) -> Figure:
    """The median of `values`, with their range."""
    note = f"median of {len(values)}: {min(values):.{digits}f} to {max(values):.{digits}f}" if len(values) > 1 else ""
    return Figure(name, statistics.median(values), unit, goal, note, digits)


def summary(figures: Sequence[Figure]) -> str:
    """How many goals were reached, and which were not."""
    judged = [figure for figure in figures if figure.goal is not None]
    missed = [figure.name.strip() for figure in judged if figure.verdict != "ok"]
    told = f"{len(judged) - len(missed)} of {len(judged)} goals reached"
    return f"{told}; missed: {'; '.join(missed)}" if missed else told
