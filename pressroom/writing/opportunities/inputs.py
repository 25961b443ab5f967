"""Everything that a collection's result depends on, apart from the answers of sources: fixed once, and stored.

With it and the stored answers a collection is computed again at any later time, to the same bytes.
"""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterable, Mapping

from pydantic import AwareDatetime, Field

from pressroom.errors import WrongInput
from pressroom.model import Preferences
from pressroom.model.base import Frozen
from pressroom.model.trends import KnownTopic, Weights
from pressroom.sources.topics import Past
from pressroom.sources.topics.past import Figure

Place = tuple[str, str]
Identity = tuple[str, str, str]


class PastValues(Frozen):
    """`Past` as JSON can hold it: what has several words as its key is a list."""

    figures: tuple[tuple[Place, tuple[float, ...]], ...] = ()
    speeds: tuple[tuple[Place, tuple[float, ...]], ...] = ()
    last: tuple[tuple[Identity, float, AwareDatetime], ...] = ()
    arrivals: tuple[tuple[Identity, AwareDatetime], ...] = ()

    @classmethod
    def of(cls, past: Past) -> PastValues:
        return cls(
            figures=_listed(past.figures),
            speeds=_listed(past.speeds),
            last=tuple((key, one.value, one.at) for key, one in sorted(past.last.items())),
            arrivals=tuple(sorted(past.arrivals.items())),
        )

    def past(self) -> Past:
        return Past(
            figures=dict(self.figures),
            speeds=dict(self.speeds),
            last={key: Figure(value, at) for key, value, at in self.last},
            arrivals=dict(self.arrivals),
        )


def _listed(values: Mapping[Place, Iterable[float]]) -> tuple[tuple[Place, tuple[float, ...]], ...]:
    return tuple((place, tuple(values[place])) for place in sorted(values))


class Inputs(Frozen):
    """Everything that was known when a collection began.

    now: the earliest time of its scores. written: titles that the workspace wrote in 30 days. velocities: by topic id,
    the velocity of its last two collections, the older first. angles: by topic id, those of open opportunities.
    """

    region: str = ""
    now: AwareDatetime
    weights: Weights = Weights()
    least_score: float = 0
    preferences: Preferences = Preferences()
    formats: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    known: tuple[KnownTopic, ...] = ()
    past: PastValues = PastValues()
    velocities: dict[str, tuple[float, float]] = Field(default={})
    angles: dict[str, str] = Field(default={})

    @property
    def subjects(self) -> tuple[str, ...]:
        """The workspace's topics and keywords."""
        return (*self.preferences.topics, *self.preferences.keywords)


class Words(Frozen):
    """A model's words about a collection's topics: by topic id a category, and (angle, why now)."""

    categories: dict[str, str] = Field(default={})
    angles: dict[str, tuple[str, str]] = Field(default={})
    call_ids: tuple[str, ...] = ()


def packed(value: Inputs | Words) -> bytes:
    """As it is stored; the same value is the same bytes."""
    return gzip.compress(value.model_dump_json().encode(), mtime=0)


def unpacked(data: bytes, kind: type[Inputs] | type[Words]) -> Inputs | Words:
    return kind.model_validate_json(gzip.decompress(data))


def slot_of(now: dt.datetime) -> dt.datetime:
    """The beginning of the six hours that `now` is in. Counted in UTC: no zone's clock change doubles or skips one."""
    utc = now.astimezone(dt.UTC)
    return utc.replace(hour=utc.hour // 6 * 6, minute=0, second=0, microsecond=0)


def weights_of(text: str) -> Weights:
    """The weights written as `0.3,0.3,0.2,0.2`: volume, velocity, freshness, breadth.

    Raises:
        WrongInput: they are not four numbers that add up to 1.
    """
    try:
        volume, velocity, freshness, breadth = (float(part) for part in text.split(","))
        return Weights(volume=volume, velocity=velocity, freshness=freshness, breadth=breadth)
    except ValueError:
        raise WrongInput(
            f"{text!r} are no weights.",
            hint="Give four numbers that add up to 1: volume, velocity, freshness, breadth.",
        ) from None
