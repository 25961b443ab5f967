"""How a trend source is declared, and with what it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import SecretStr

from pressroom.errors import Misconfigured, WrongInput
from pressroom.model.trends import RawAnswer, Signal, SourceFamily
from pressroom.zones import countries

if TYPE_CHECKING:
    from pressroom.sources.trends.shared.line import Line

WORLD = frozenset({""})
"""The regions of a source that knows no countries."""


@dataclass(frozen=True)
class Quota:
    """How many calls a source allows, of those whose address has `path` in it.

    In a day of `zone`; or, where `seconds` is set, in any stretch of so many seconds.
    """

    name: str
    most: int
    path: str = ""
    zone: str = "UTC"
    seconds: int | None = None


@dataclass(frozen=True)
class Call:
    """A request that was made of a source, whether or not it succeeded."""

    address: str
    at: dt.datetime


@dataclass(frozen=True)
class Price:
    """A source that bills each signal. micros: of a US dollar a signal; most: signals that one collection returns."""

    micros: int
    most: int

    @property
    def estimate(self) -> int:
        """The most that one collection costs, in millionths of a US dollar."""
        return self.micros * self.most


@dataclass(frozen=True)
class Asking:
    """One collection from one source.

    region: ISO 3166-1 alpha-2, or empty for the whole world. topics: the workspace's, for sources that can search.
    conditional: by address, the headers of the last answer from there, whatever its status. calls: those of the last
    25 hours, of everyone who shares the source's key. credentials: by name of the setting. base_addresses: by source,
    where its stand-in is; a request to `https://host/path` goes to `base/host/path`.
    """

    now: dt.datetime
    region: str = ""
    topics: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()
    subreddits: tuple[str, ...] = ()
    conditional: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    calls: Sequence[Call] = ()
    credentials: Mapping[str, SecretStr] = field(default_factory=dict)
    base_addresses: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""

    def secret(self, name: str) -> str:
        """The credential of that name, empty where it is not set."""
        return self.credentials[name].get_secret_value() if name in self.credentials else ""


@dataclass(frozen=True)
class TrendSource:
    """A source of trends. name: of its file. needs: fields of `TrendSettings` without which it can't be asked.

    collect: makes the requests on the line it is given. read: finds signals; raises `SourceUnreadable` for another
    schema. regions: it can be asked for; "" is the whole world. terms: what its owner allows, in a sentence.
    hosts: machines that it is asked at, for a look whether they can be reached.
    """

    name: str
    title: str
    family: SourceFamily
    collect: Callable[[Asking, Line], Iterable[RawAnswer]]
    read: Callable[[RawAnswer], Iterable[Signal]]
    hosts: Callable[[Asking], Sequence[str]]
    terms: str
    terms_address: str
    regions: frozenset[str] = WORLD
    needs: tuple[str, ...] = ()
    on_by_default: bool = True
    least_interval: dt.timedelta = dt.timedelta(minutes=15)
    price: Price | None = None
    quotas: tuple[Quota, ...] = ()

    def missing(self, credentials: Mapping[str, SecretStr]) -> tuple[str, ...]:
        """Credentials that it needs and that are not there."""
        return tuple(name for name in self.needs if not (name in credentials and credentials[name].get_secret_value()))

    def check(self, asking: Asking) -> None:
        """Raises WrongInput or Misconfigured where the source can't be asked like that."""
        if asking.region and asking.region not in countries():
            raise WrongInput(
                f"There is no country {asking.region!r}.", hint="Use a code of ISO 3166, such as DE or JP."
            )
        if asking.region not in self.regions:
            named = f"the country {asking.region}" if asking.region else "the whole world"
            raise WrongInput(f"{self.title} has no trends of {named}.", hint="Ask it for another region.")
        if missing := self.missing(asking.credentials):
            names = ", ".join(f"PRESSROOM_TRENDS__{name.upper()}" for name in missing)
            raise Misconfigured(f"{self.title} can't be asked without a key.", hint=f"Set {names}.")
