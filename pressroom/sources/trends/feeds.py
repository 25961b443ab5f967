"""Feeds: the newest entries of every RSS, Atom or JSON feed that the workspace names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from pressroom.errors import SourceEmpty
from pressroom.model.trends import RawAnswer, Signal, SourceFamily
from pressroom.sources import feeds
from pressroom.sources.feeds import Entry, Feed
from pressroom.sources.readers.shared.tidy import shortened
from pressroom.sources.shared.declare import Content
from pressroom.sources.trends.shared.declare import Asking, TrendSource
from pressroom.sources.trends.shared.languages import language_of
from pressroom.sources.trends.shared.line import Line
from pressroom.sources.trends.shared.reading import published, signals, summary_of, text_of, web

MOST = 200
"""Entries of a feed, newest first."""


def collect(asking: Asking, line: Line) -> Iterator[RawAnswer]:
    for address in asking.feeds:
        yield line.get(address)


def read(answer: RawAnswer) -> Iterable[Signal]:
    try:
        feed = feeds.entries(_content(answer), most=MOST)
    except SourceEmpty:
        return ()
    return signals(answer, feed.entries, lambda entry: _signal(entry, feed, answer))


def _content(answer: RawAnswer) -> Content:
    media_type, _, parameters = answer.headers.get("content-type", "").partition(";")
    charset = parameters.lower().partition("charset=")[2].strip(" \"'")
    return Content(answer.content, answer.address, answer.address, media_type.strip().lower(), charset)


def _signal(entry: Entry, feed: Feed, answer: RawAnswer) -> Signal:
    title, summary = text_of(entry.title, markup=False), summary_of(entry.html)
    site = feed.title or urlsplit(entry.address or answer.address).netloc
    return Signal(
        source="feeds",
        family=SourceFamily.PRESS,
        key=entry.identity or entry.address or entry.title,
        region=answer.region,
        language=language_of(title, declared=entry.language or feed.language, more=summary),
        title=title or shortened(summary, 100),
        url=web(entry.address),
        summary=summary,
        publisher=text_of(site),
        category=", ".join(text_of(each) for each in entry.categories[:5]),
        published_at=published(entry.moment, answer),
        observed_at=answer.fetched_at,
    )


SOURCE = TrendSource(
    name="feeds",
    title="Feeds",
    family=SourceFamily.PRESS,
    collect=collect,
    read=read,
    hosts=lambda asking: tuple(dict.fromkeys(urlsplit(address).hostname or "" for address in asking.feeds)),
    terms="Each feed has terms of its own; titles, links and summaries are read, no more often than every 15 minutes.",
    terms_address="https://www.rssboard.org/rss-specification",
)
