"""Bars and lines drawn as SVG: geometry in numbers, so that the page needs no style and no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = 0.3
"""Share of a bar's place that stays empty."""

LINES = 4
"""Lines behind the bars, the ground included."""


@dataclass(frozen=True)
class Bar:
    """One value's bar, in units of the chart. said: what it is, in words."""

    x: float
    y: float
    width: float
    height: float
    said: str


@dataclass(frozen=True)
class Line:
    """A line behind the bars. value: of what is counted."""

    y: float
    value: float


@dataclass(frozen=True)
class Chart:
    """Bars over a ground at the bottom, in units that the page stretches to its own width."""

    width: float
    height: float
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]


def bars(values: Sequence[tuple[float, str]], *, width: float = 600, height: float = 160) -> Chart:
    """A bar for each (value, words), from left to right; the top of the chart is a round number above them all."""
    top = _round_above(max((value for value, _ in values), default=0))
    place = width / max(1, len(values))
    drawn = tuple(
        Bar(
            x=round(number * place + place * GAP / 2, 2),
            y=round(height - height * value / top, 2),
            width=round(place * (1 - GAP), 2),
            height=round(height * value / top, 2),
            said=said,
        )
        for number, (value, said) in enumerate(values)
    )
    steps = range(LINES)
    lines = tuple(Line(round(height - height * step / (LINES - 1), 2), top * step / (LINES - 1)) for step in steps)
    return Chart(width, height, drawn, lines)


@dataclass(frozen=True)
class Curve:
    """A line over a ground at the bottom. points: as an SVG `polyline` takes them; last: where it ends."""

    width: float
    height: float
    points: str
    last: tuple[float, float] | None


def curve(values: Sequence[float], *, top: float, width: float, height: float) -> Curve:
    """A line through `values` from left to right, `top` at the upper edge; a single value is a level line."""
    level = [*values] * 2 if len(values) == 1 else [*values]
    step = width / max(1, len(level) - 1)
    places = [(round(n * step, 2), round(height - height * min(value, top) / top, 2)) for n, value in enumerate(level)]
    return Curve(width, height, " ".join(f"{x},{y}" for x, y in places), places[-1] if places else None)


@dataclass(frozen=True)
class Whisker:
    """A mean with its interval on a line, in units of the chart's width. parent: the mean that it is held against."""

    low: float
    high: float
    mean: float
    parent: float


def whisker(low: float, mean: float, high: float, parent: float, *, top: float, width: float = 100) -> Whisker:
    """The places of an interval on a line from 0 to `top`."""
    scale = width / top if top > 0 else 0
    return Whisker(*(round(min(width, max(0.0, value * scale)), 2) for value in (low, high, mean, parent)))


def _round_above(most: float) -> float:
    """1, 1.5, 3 or 6 times a power of ten: thirds of it are numbers that a person reads at once."""
    if most <= 0:
        return 1
    power = 10.0**-12
    while power * 10 <= most:
        power *= 10
    return next(power * step for step in (1, 1.5, 3, 6, 10) if power * step >= most * 0.9999)
