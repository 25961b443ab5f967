"""Trend sources: one file a source, found by name. `SOURCES.get("hacker_news")`, `SOURCES.names`.

`collect` asks a source over the network and gives raw answers; `read` finds the signals in one, without a network, and
finds the same ones each time. Adding a source is adding a file here that exports `SOURCE`, and its example answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import SecretStr

from pressroom.errors import WrongInput
from pressroom.model.trends import RawAnswer, Signal, TrendWishes
from pressroom.registry import Registry
from pressroom.settings import TrendSettings
from pressroom.sources.fetching.addresses import parse
from pressroom.sources.trends.shared import quotas, recorded
from pressroom.sources.trends.shared.declare import Asking, Call, Price, Quota, TrendSource
from pressroom.sources.trends.shared.line import Line, unreachable
from pressroom.zones import countries

__all__ = [
    "SOURCES",
    "Asking",
    "Call",
    "Price",
    "Quota",
    "TrendSource",
    "asking_of",
    "check_wishes",
    "collect",
    "cost",
    "enabled",
]
__all__ += [
    "check_wishes",
    "credentials_of",
    "example",
    "example_pages",
    "missing_of",
    "quotas",
    "read",
    "serving",
    "title_of",
    "unreachable",
]

SOURCES: Registry[TrendSource] = Registry(__name__, "SOURCE", TrendSource, folders=False)


def collect(source: TrendSource, asking: Asking) -> tuple[RawAnswer, ...]:
    """The source's answers; one that failed says so in `failure`, and still is a call that was made.

    Raises:
        WrongInput: no country has that code, or the source has nothing for it. Misconfigured: a key is missing.
        SourceUnusable: nothing came at all; the failed answers are in its `answer`. `MayPass` has a `retry_after`.
    """
    source.check(asking)
    line = Line(source, asking)
    answers = tuple(source.collect(asking, line))
    if line.errors and all(answer.failure for answer in answers):
        error = line.errors[0]
        error.answer = answers
        raise error
    return answers


def read(answer: RawAnswer) -> tuple[Signal, ...]:
    """The signals in an answer, each key once; malformed entries are left out. Nothing in a failed or unchanged one.

    Raises:
        SourceUnreadable: it has another schema, or is something else altogether.
    """
    if answer.failure or answer.status == 304:
        return ()
    found: dict[str, Signal] = {}
    for signal in SOURCES.get(answer.source).read(answer):
        found.setdefault(signal.key, signal)
    return tuple(found.values())


def check_wishes(wishes: TrendWishes) -> None:
    """Raises WrongInput or SourceForbidden where a workspace chooses what does not exist or is never fetched."""
    for region in wishes.regions or ():
        serving((), region)
    for name in wishes.sources or ():
        SOURCES.get(name)
    for address in wishes.feeds or ():
        parse(address)


def title_of(name: str) -> str:
    """The title of a source; of one that is gone, its name."""
    return SOURCES.get(name).title if name in SOURCES.names else name


def cost(answer: RawAnswer) -> int:
    """The cost of an answer, in millionths of a US dollar."""
    price = SOURCES.get(answer.source).price
    if price is None or answer.failure:
        return 0
    return price.micros * len(tuple(SOURCES.get(answer.source).read(answer)))


def enabled(chosen: TrendSettings) -> tuple[str, ...]:
    """Names of the sources in use: those that are chosen, else each that is on by default and has its keys.

    Raises:
        WrongInput: no source has a name that is chosen.
    """
    if chosen.sources:
        return tuple(SOURCES.get(name).name for name in chosen.sources)
    return tuple(one.name for one in SOURCES if one.on_by_default and not one.missing(credentials_of(one, chosen)))


def serving(names: Iterable[str], region: str) -> tuple[TrendSource, ...]:
    """The sources among `names` that have something for a region; empty: for the whole world.

    Raises:
        WrongInput: no country has that code.
    """
    if region and region not in countries():
        raise WrongInput(f"There is no country {region!r}.", hint="Use a code of ISO 3166, such as DE or JP.")
    return tuple(one for one in map(SOURCES.get, names) if region in one.regions)


def example(now: dt.datetime = recorded.DAY) -> tuple[RawAnswer, ...]:
    """The recorded day of all sources without a key, as if it had been collected at `now`. Nothing in it is real."""
    return tuple(answer for answer in recorded.answers(now) if not SOURCES.get(answer.source).needs)


def example_pages(now: dt.datetime = recorded.DAY) -> Mapping[str, bytes]:
    """By address, HTML of the articles that its best-covered events lead to."""
    return recorded.pages(now)


def credentials_of(source: TrendSource, chosen: TrendSettings) -> Mapping[str, SecretStr]:
    """The credentials that the source needs, as far as they are set."""
    return {name: value for name in source.needs if (value := getattr(chosen, name)) is not None}


def missing_of(source: TrendSource, chosen: TrendSettings) -> tuple[str, ...]:
    """The variables of the credentials that the source needs and that are not set."""
    return tuple(f"PRESSROOM_TRENDS__{name.upper()}" for name in source.missing(credentials_of(source, chosen)))


def asking_of(source: TrendSource, chosen: TrendSettings, **given: Any) -> Asking:
    """How a source is asked by the settings. given: other fields of `Asking`; further `feeds` join the settings'."""
    feeds = tuple(dict.fromkeys((*chosen.feeds, *given.pop("feeds", ()))))
    return Asking(
        feeds=feeds,
        instances=chosen.mastodon_instances,
        subreddits=chosen.subreddits,
        credentials=credentials_of(source, chosen),
        base_addresses={source.name: f"{chosen.sandbox.rstrip('/')}/{source.name}"} if chosen.sandbox else {},
        contact=chosen.contact,
        **given,
    )
