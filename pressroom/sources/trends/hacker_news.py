"""Hacker News: the front page with points and comments, by one call of its search at Algolia."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pressroom.model.trends import RawAnswer, Signal, SourceFamily
from pressroom.sources.trends.shared.declare import Asking, TrendSource
from pressroom.sources.trends.shared.languages import language_of
from pressroom.sources.trends.shared.line import Line
from pressroom.sources.trends.shared.reading import figures, listed, published, signals, summary_of, text_of, web

ADDRESS = "https://hn.algolia.com/api/v1/search?tags=front_page&hitsPerPage=100"
ITEM = "https://news.ycombinator.com/item?id="


def collect(asking: Asking, line: Line) -> Iterator[RawAnswer]:
    yield line.get(ADDRESS)


def read(answer: RawAnswer) -> Iterable[Signal]:
    def make(hit: Any) -> Signal:
        key, title = str(hit["objectID"]), text_of(hit["title"])
        return Signal(
            source="hacker_news",
            family=SourceFamily.FORUM,
            key=key,
            language=language_of(title, declared="en"),
            title=title,
            url=web(hit.get("url")) or f"{ITEM}{key}",
            links=(f"{ITEM}{key}",),
            summary=summary_of(hit.get("story_text")),
            publisher=str(hit.get("author") or ""),
            figures=figures(points=hit.get("points"), comments=hit.get("num_comments")),
            metric="points",
            published_at=published(hit.get("created_at_i"), answer),
            observed_at=answer.fetched_at,
        )

    return signals(answer, listed(answer, "hits"), make)


SOURCE = TrendSource(
    name="hacker_news",
    title="Hacker News",
    family=SourceFamily.FORUM,
    collect=collect,
    read=read,
    hosts=lambda _: ("hn.algolia.com",),
    terms="Free without a key; titles and links belong to their authors.",
    terms_address="https://hn.algolia.com/api",
)
