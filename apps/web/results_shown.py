"""How results are shown: numbers in words, groups with their intervals, a post's figures at each age with a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from apps.web import charts
from apps.web.charts import Curve, Whisker
from pressroom.model.snapshots import AGES, METRICS, Have, Snapshot, falls
from pressroom.reports.analytics.posts import DIMENSIONS, RATES
from pressroom.reports.analytics.reporting import Cell, Report
from pressroom.store.database import Database
from pressroom.store.results import snapshots_of

AGE_TITLES: Mapping[int, str] = {1: "1 hour", 6: "6 hours", 24: "24 hours", 72: "3 days", 168: "7 days",
                                 672: "28 days", 2160: "90 days"}  # fmt: skip
HAVE_WORDS: Mapping[str, str] = {
    "value": "", "gap": "Gap", "not_offered": "Not offered", "ended": "Ended", "unknown": "Not collected yet",
}  # fmt: skip
MOST_ROWS = 15
"""Groups of one dimension that the page shows; the table to download has all."""


class Row(NamedTuple):
    """A group as a line of a table. drawn: None where there are too few posts."""

    cell: Cell
    mean: str
    span: str
    parent: str
    drawn: Whisker | None


class Group(NamedTuple):
    """One dimension. more: groups that are left out."""

    name: str
    title: str
    rows: tuple[Row, ...]
    more: int


class Line(NamedTuple):
    """A figure of a post over its ages. cells: words at each age; drawn: None with fewer than two values."""

    title: str
    cells: tuple[str, ...]
    drawn: Curve | None


class Figures(NamedTuple):
    """The figures of one post. reasons: of its gaps."""

    ages: tuple[str, ...]
    lines: tuple[Line, ...]
    reasons: tuple[str, ...]


def number(value: float | None, measure: str) -> str:
    """`1,204`, or `3.2 %` of a rate; empty without one."""
    if value is None:
        return ""
    if measure in RATES:
        return f"{value * 100:.2f} %"
    return f"{value:,.0f}" if value >= 10 else f"{value:,.1f}"


def groups_of(found: Report) -> tuple[Group, ...]:
    """Every dimension with its groups, those with enough posts first."""
    by_name: dict[str, list[Cell]] = {name: [] for name in DIMENSIONS}
    for cell in found.cells:
        by_name[cell.dimension].append(cell)
    telling = {name: cells for name, cells in by_name.items() if cells and (name == "platform" or _tells(cells))}
    return tuple(_group(name, cells, found.measure) for name, cells in telling.items())


def _tells(cells: Sequence[Cell]) -> bool:
    """True where a platform has more than one group: one alone is the platform again."""
    places = [cell.platform for cell in cells]
    return len(set(places)) < len(places)


def _group(name: str, cells: Sequence[Cell], measure: str) -> Group:
    ordered = sorted(cells, key=lambda cell: (not cell.enough, -(cell.mean or 0), -cell.n))
    shown = ordered[:MOST_ROWS]
    top = max((cell.high or cell.mean or 0 for cell in shown), default=0)
    rows = tuple(_row(cell, measure, top) for cell in shown)
    return Group(name, DIMENSIONS[name][0], rows, len(ordered) - len(shown))


def _row(cell: Cell, measure: str, top: float) -> Row:
    if not cell.enough or cell.mean is None or cell.parent is None:
        return Row(cell, "", "", "", None)
    low, high = cell.mean if cell.low is None else cell.low, cell.mean if cell.high is None else cell.high
    span = f"{number(low, measure)} to {number(high, measure)}" if cell.low is not None else ""
    drawn = charts.whisker(low, cell.mean, high, cell.parent, top=max(top, cell.parent))
    return Row(cell, number(cell.mean, measure), span, number(cell.parent, measure), drawn)


def curve_of(database: Database, publication_id: str) -> Figures | None:
    """The figures of a post at each age; None before the first."""
    found = snapshots_of(database, [publication_id])[publication_id]
    if not found:
        return None
    ages = [age for age in AGES if any(one.age == age for one in found)]
    fallen = falls(found)
    lines = [_line(metric, ages, [one for one in found if one.metric == metric], fallen) for metric in METRICS]
    reasons = sorted({one.reason for one in found if one.reason and one.have is Have.GAP})
    return Figures(tuple(AGE_TITLES[age] for age in ages), tuple(line for line in lines if line), tuple(reasons))


def _line(metric: str, ages: Sequence[int], mine: Sequence[Snapshot], fallen: set[tuple[str, int]]) -> Line | None:
    by_age = {one.age: one for one in mine}
    if not by_age:
        return None
    values = [float(one.value) for one in mine if one.value is not None]
    drawn = charts.curve(values, top=max(*values, 1.0), width=96, height=24) if len(values) > 1 else None
    return Line(METRICS[metric], tuple(_words(by_age.get(age), fallen) for age in ages), drawn)


def _words(one: Snapshot | None, fallen: set[tuple[str, int]]) -> str:
    if one is None:
        return ""
    if one.value is None:
        return HAVE_WORDS[one.have]
    marks = [mark for mark, is_so in (("lower than before", (one.metric, one.age) in fallen),
                                      (f"at {one.seconds / 3600:,.0f} h", one.is_late)) if is_so]  # fmt: skip
    return f"{one.value:,}" + (f" ({', '.join(marks)})" if marks else "")
