"""The labelled headlines, in two halves, and B-cubed figures of a grouping of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from pressroom.model.trends import Signal, SourceFamily

Thing = TypeVar("Thing", bound=Hashable)
FILE = Path(__file__).with_name("headlines.txt")
START = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
NOW = START + dt.timedelta(hours=72)
SOURCES = {
    "f": ("feeds", SourceFamily.PRESS),
    "h": ("hackernews", SourceFamily.FORUM),
    "m": ("mastodon", SourceFamily.SOCIAL),
    "b": ("bluesky", SourceFamily.SOCIAL),
    "y": ("youtube", SourceFamily.VIDEO),
    "r": ("reddit", SourceFamily.FORUM),
}


class Headline(NamedTuple):
    """A headline as a signal, the event it is about, and the number of its family of events that look alike."""

    signal: Signal
    event: str
    family: int


class BCubed(NamedTuple):
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-12, self.precision + self.recall)


def headlines() -> tuple[Headline, ...]:
    """All of them in the file's order."""
    return tuple(_read(FILE.read_text("utf-8").splitlines()))


def halves() -> tuple[tuple[Headline, ...], tuple[Headline, ...]]:
    """(to choose by, held out): every second family, so that events that look alike stay together."""
    every = headlines()
    return tuple(one for one in every if one.family % 2), tuple(one for one in every if not one.family % 2)


def bcubed(labels: Mapping[Thing, str], groups: Sequence[Sequence[Thing]]) -> BCubed:
    """Means over things of the share of its group that is of its label, and of its label that is in its group."""
    sizes: dict[str, int] = defaultdict(int)
    for label in labels.values():
        sizes[label] += 1
    precision = recall = 0.0
    for group in groups:
        for thing in group:
            same = sum(labels[other] == labels[thing] for other in group)
            precision += same / len(group)
            recall += same / sizes[labels[thing]]
    return BCubed(precision / len(labels), recall / len(labels))


def _read(lines: Sequence[str]) -> Iterator[Headline]:
    family, event = 0, ""
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            family += 1
        elif line.startswith("="):
            event = line[1:].strip()
        else:
            language, source, hour, title = line.split(" ", 3)
            at = START + dt.timedelta(hours=int(hour))
            name, kind = SOURCES[source]
            yield Headline(
                Signal(
                    source=name,
                    family=kind,
                    key=str(number),
                    language=language,
                    title=title,
                    published_at=at,
                    observed_at=max(at, NOW - dt.timedelta(hours=6)),
                ),
                event,
                family,
            )
