"""Signals that are one item: the same thing seen twice, the same address, the same title on about the same day."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from pressroom.model.trends import Signal
from pressroom.sources.topics.addresses import canonical, is_page
from pressroom.sources.topics.grouping import Sets
from pressroom.sources.topics.likeness import WINDOW, Row
from pressroom.sources.topics.titles import clean, fold, language_of, script_of
from pressroom.sources.topics.words import read

SHARED = 3
"""Titles of one source at one address from which it is the address of a list rather than of a page."""
SERIES = 20.0
"""Hours after which one publisher's same title at another address is the next of a series."""
HOUR = 3600.0
_NOTE = re.compile(r"[(（][^()（）]*[)）]$")


@dataclass(frozen=True)
class Seen:
    """One signal with what is read from it: clean title, canonical address, hours since the epoch."""

    signal: Signal
    title: str
    address: str
    links: frozenset[str]
    at: float


@dataclass(frozen=True)
class Item:
    """Signals that are one item. series: set when others of the same title are other items."""

    members: tuple[Seen, ...]
    language: str
    series: str = ""

    @cached_property
    def title(self) -> str:
        """The title that most members bear; of equals the one in separate words, then the shortest."""
        counted = Counter(seen.title for seen in self.members if seen.title)
        return min(counted, key=lambda title: (-counted[title], " " not in title, len(title), title), default="")

    @cached_property
    def is_term(self) -> bool:
        return all(seen.signal.is_term for seen in self.members)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """Canonical addresses of its members and of all they link to."""
        return frozenset().union(*({seen.address} | seen.links for seen in self.members)) - {""}

    @cached_property
    def row(self) -> Row:
        hours = [seen.at for seen in self.members]
        words = read(self.title, self.language)
        return Row(words, self.addresses, (min(hours), max(hours)), self.series)


def seen(signal: Signal, now: dt.datetime) -> Seen:
    """A signal with what is read from it: published at the latest when it was observed, whatever its source says."""
    at = min(signal.published_at or signal.observed_at, signal.observed_at, now)
    addresses = [canonical(address) if address else "" for address in (signal.url, *signal.links)]
    pages = [address if is_page(address) else "" for address in addresses]
    title = clean(_of_term(signal.title) if signal.is_term else signal.title, signal.publisher)
    return Seen(signal, title, pages[0], frozenset(pages[1:]) - {""}, at.timestamp() / HOUR)


def _of_term(title: str) -> str:
    """A term without the note in brackets that an encyclopedia adds; a tag in words."""
    bare = _NOTE.sub("", title).replace("_", " ").strip() or title
    return bare if " " in bare else f"#{bare.lstrip('#')}"


def items(signals: Sequence[Seen]) -> list[Item]:
    """The items of signals in a given order, by their first members."""
    languages = _languages(signals)
    sets = Sets(len(signals))
    lists = _lists(signals)
    _join(sets, signals, lambda one: one.signal.identity)
    _join(sets, signals, lambda one: one.address if one.address not in lists and not one.signal.is_term else None)
    return list(_by_title(sets.groups(), signals, languages))


def _join(sets: Sets, signals: Sequence[Seen], by: Callable[[Seen], Hashable]) -> None:
    """Join the signals for which `by` gives the same, unless it gives nothing."""
    first: dict[Hashable, int] = {}
    for at, one in enumerate(signals):
        if key := by(one):
            sets.join(first.setdefault(key, at), at)


def _lists(signals: Sequence[Seen]) -> frozenset[str]:
    """Addresses at which one source has several titles: they are pages of lists, and say nothing of one item."""
    titles = {(one.address, one.signal.source, fold(one.title)) for one in signals if one.address}
    counted = Counter((address, source) for address, source, _ in titles)
    return frozenset(address for (address, _), times in counted.items() if times >= SHARED)


def _by_title(groups: list[list[int]], signals: Sequence[Seen], languages: Sequence[str]) -> Iterator[Item]:
    """Items of groups of signals, those joined that bear one title within the window."""
    titled: dict[tuple[str, bool], dict[str, list[Item]]] = {}
    for group in groups:
        item = Item(tuple(signals[at] for at in group), _language([languages[at] for at in group]))
        title = _key(item) or repr(item.members[0].signal.identity)
        titled.setdefault((title, item.is_term), {}).setdefault(item.language, []).append(item)
    for (title, is_term), by_language in titled.items():
        alone = len(by_language) == 2 and "" in by_language and not is_term
        for same in [[*chain(*by_language.values())]] if alone else by_language.values():
            runs = _runs(same)
            for run in runs:
                members = tuple(one for item in run for one in item.members)
                yield Item(members, _language([item.language for item in run]), title if len(runs) > 1 else "")


def _key(item: Item) -> str:
    """The title for comparing; a term's without spaces, so that a tag and a search for the same are one."""
    title = fold(item.title)
    return "".join(c for c in title if c.isalnum()) if item.is_term else title


def _runs(same: list[Item]) -> list[list[Item]]:
    """Items of one title, cut where they lie too far apart or where a publisher brings the next of a series."""
    runs: list[list[Item]] = []
    said: dict[Hashable, Seen] = {}
    latest = -math.inf
    for item in sorted(same, key=lambda one: one.row.at or (0.0, 0.0)):
        times = [one.at for one in item.members]
        if not runs or min(times) - latest > WINDOW or _is_next(said, item):
            runs.append([])
            said, latest = {}, -math.inf
        runs[-1].append(item)
        said.update({_author(one): one for one in item.members})
        latest = max(latest, *times)
    return runs


def _is_next(said: Mapping[Hashable, Seen], item: Item) -> bool:
    """True when a publisher of `said` brings the same title later at another address. said: by author the last one."""
    return not item.is_term and any(
        (before := said.get(_author(one))) is not None
        and one.at - before.at >= SERIES
        and one.address != before.address
        for one in item.members
    )


def _author(one: Seen) -> Hashable:
    return one.signal.source, one.signal.publisher, one.signal.region


def _language(tags: Sequence[str]) -> str:
    """The tag that most have, empty ones last."""
    counted = Counter(tag for tag in tags if tag)
    return min(counted, key=lambda tag: (-counted[tag], tag), default="")


def _languages(signals: Sequence[Seen]) -> list[str]:
    """By signal the language's first part: as declared, else as the title shows, else where its words are used."""
    tags = [_tag(one) for one in signals]
    words = [frozenset(read(one.title, tag).words) for one, tag in zip(signals, tags, strict=True)]
    used: dict[str, Counter[str]] = {}
    for tag, own in zip(tags, words, strict=True):
        if tag:
            for word in sorted(own):
                used.setdefault(word, Counter())[tag] += 1
    return [
        tag if tag or one.signal.is_term else _where(own, used)
        for one, tag, own in zip(signals, tags, words, strict=True)
    ]


def _tag(one: Seen) -> str:
    """The first part of a signal's language; where it has none, what the title shows, a term by its script alone."""
    declared = one.signal.language.replace("_", "-").partition("-")[0].lower()
    return declared or (script_of(one.title) if one.signal.is_term else language_of(one.title))


def _where(words: frozenset[str], used: dict[str, Counter[str]]) -> str:
    """The language whose titles have most of `words`; empty when no title has any."""
    shares: dict[str, float] = defaultdict(float)
    for word in sorted(words & used.keys()):
        for tag, times in used[word].items():
            shares[tag] += times / used[word].total()
    return min(shares, key=lambda tag: (-round(shares[tag], 9), tag), default="")
