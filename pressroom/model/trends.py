"""Trends: a source's raw answer, the signals in it, topics merged from them, and opportunities."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from pydantic import AwareDatetime, Field, model_validator

from pressroom.model.base import Frozen

SUMMARY_CHARACTERS = 500
REGION = r"^([A-Z]{2})?$"
"""ISO 3166-1 alpha-2, or empty for the whole world."""


class SourceFamily(StrEnum):
    """The kinds of trend sources. Five feeds of press are one kind: breadth counts kinds, not sources."""

    SEARCH = "search"
    VIDEO = "video"
    SOCIAL = "social"
    FORUM = "forum"
    PRESS = "press"
    ENCYCLOPEDIA = "encyclopedia"


class RawAnswer(Frozen):
    """One answer of a trend source as it came, so that signals and scores can be computed from it again."""

    source: str = Field(description="The source plug-in's name.")
    region: str = Field(default="", pattern=REGION)
    address: str = Field(description="The address that was asked, without keys and tokens.")
    status: int = Field(description="Of HTTP; 304: as it was; 0: there was no answer at all.")
    headers: dict[str, str] = Field(default={}, description="In lower case: etag, retry-after, ...")
    content: bytes = b""
    fetched_at: AwareDatetime
    failure: str = Field(default="", description="Why it is of no use, in a sentence; empty for a good one.")


class DayFigure(Frozen):
    """A source's own figure for one day."""

    day: dt.date
    value: float


class Signal(Frozen):
    """One thing that one source says is talked about, at one time. Nothing that the source said is dropped."""

    source: str
    family: SourceFamily
    key: str = Field(description="The source's own identity for it: guid, video id, item id, article, term.")
    region: str = Field(default="", pattern=REGION)
    language: str = Field(default="", description="BCP 47 tag; empty when unknown.")
    title: str
    is_term: bool = Field(default=False, description="A search term, tag or article name rather than a headline.")
    url: str = Field(default="", description="As the source gives it.")
    links: tuple[str, ...] = Field(default=(), description="Further addresses that the source names for it.")
    summary: str = Field(default="", max_length=SUMMARY_CHARACTERS)
    publisher: str = Field(default="", description="Site, channel or account whose it is.")
    category: str = Field(default="", description="In the source's own words.")
    figures: dict[str, float] = Field(default={}, description="Every number the source gives: views, points, ...")
    metric: str = Field(default="", description="The one of `figures` that measures attention; empty for none.")
    rank: int | None = Field(default=None, ge=1)
    published_at: AwareDatetime | None = None
    observed_at: AwareDatetime
    history: tuple[DayFigure, ...] = Field(default=(), description="The metric on earlier days.")

    @property
    def identity(self) -> tuple[str, str, str]:
        """(source, region, key): the same thing seen again is the same signal with newer figures."""
        return self.source, self.region, self.key

    @property
    def volume(self) -> float | None:
        """The metric's value, or None where the source gives no number."""
        return self.figures.get(self.metric)


class Topic(Frozen):
    """Signals of one language that are about the same thing, from any number of sources."""

    id: str = Field(description="Stable from day to day.")
    label: str = Field(description="The representative signal's title.")
    language: str = ""
    category: str = "other"
    signals: tuple[Signal, ...]
    first_seen: AwareDatetime
    last_seen: AwareDatetime

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(sorted({signal.source for signal in self.signals}))


class KnownTopic(Frozen):
    """The memory of an earlier day's topic, by which it is recognised when it returns."""

    id: str
    language: str = ""
    titles: tuple[str, ...]
    addresses: tuple[str, ...] = Field(default=(), description="Canonical.")
    first_seen: AwareDatetime


class TrendScore(Frozen):
    """A topic's score in one region with its parts, each between 0 and 1; `docs/trends.md` has the formula."""

    topic_id: str
    region: str = Field(default="", pattern=REGION)
    volume: float
    velocity: float
    freshness: float
    breadth: float
    fit: float = Field(description="To the workspace's topics and audience.")
    covered: float = Field(description="How much of it the workspace has covered in 30 days.")
    bursting: bool = False
    trend: float = Field(ge=0, le=100, description="From volume, velocity, freshness and breadth.")
    opportunity: float = Field(
        ge=0, le=100, description="The trend for this workspace: with fit, less what it covered."
    )


class OpportunityState(StrEnum):
    """The states of an opportunity. Only an open one can be taken, dismissed, or expire."""

    OPEN = "open"
    TAKEN = "taken"
    DISMISSED = "dismissed"
    EXPIRED = "expired"


class Link(Frozen):
    """An address with its title, of which an idea is written."""

    title: str = ""
    url: str
    publisher: str = ""
    published_at: AwareDatetime | None = None


class Opportunity(Frozen):
    """A topic worth a post now, for one workspace: the angle, why now, and the sources it would be written from."""

    topic_id: str
    region: str = Field(default="", pattern=REGION)
    language: str = ""
    category: str = "other"
    title: str
    angle: str
    why_now: str
    formats: tuple[str, ...] = ()
    score: TrendScore
    links: tuple[Link, ...] = ()
    expires_at: AwareDatetime


class Weights(Frozen):
    """Weights of the trend's parts; they add up to 1."""

    volume: float = Field(default=0.30, ge=0)
    velocity: float = Field(default=0.30, ge=0)
    freshness: float = Field(default=0.20, ge=0)
    breadth: float = Field(default=0.20, ge=0)

    @model_validator(mode="after")
    def _add_up(self) -> Weights:
        total = self.volume + self.velocity + self.freshness + self.breadth
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the four weights add up to {total:g}; they have to add up to 1")
        return self


class TrendWishes(Frozen):
    """A workspace's own choices for trends. A field that is left out is taken from the settings."""

    regions: tuple[str, ...] | None = Field(
        default=None, max_length=20, description="Countries, ISO 3166-1 alpha-2.", examples=[["DE"]]
    )
    sources: tuple[str, ...] | None = Field(
        default=None, max_length=50, description="Names of sources; default: those on by default.",
        examples=[["hacker_news", "feeds"]],
    )  # fmt: skip
    feeds: tuple[str, ...] | None = Field(
        default=None, max_length=100, description="Addresses of RSS, Atom and JSON feeds.",
        examples=[["https://example.com/feed.xml"]],
    )  # fmt: skip
    share: float | None = Field(
        default=None, ge=0, le=1, description="Share of a daily run's ideas that come from opportunities, at most."
    )

    def share_or(self, default: float) -> float:
        return default if self.share is None else self.share
