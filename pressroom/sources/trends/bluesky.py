"""Bluesky: topics that trend on the network. Its call is `unspecced`, so it may change without notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from pressroom.model.trends import RawAnswer, Signal, SourceFamily
from pressroom.sources.trends.shared.declare import Asking, TrendSource
from pressroom.sources.trends.shared.languages import language_of
from pressroom.sources.trends.shared.line import Line
from pressroom.sources.trends.shared.reading import figures, listed, published, signals, text_of, web

ADDRESS = "https://public.api.bsky.app/xrpc/app.bsky.unspecced.getTrends?limit=25"
SITE = "https://bsky.app"


def collect(asking: Asking, line: Line) -> Iterator[RawAnswer]:
    yield line.get(ADDRESS)


def read(answer: RawAnswer) -> Iterable[Signal]:
    trends = listed(answer, "trends")
    ranks = {id(trend): rank for rank, trend in enumerate(trends, start=1)}

    def make(trend: Any) -> Signal:
        title = text_of(trend.get("displayName") or trend["topic"], markup=False)
        return Signal(
            source="bluesky",
            family=SourceFamily.SOCIAL,
            key=str(trend["topic"]),
            language=language_of(title, declared="en"),
            title=title,
            is_term=True,
            url=web(urljoin(SITE, str(trend.get("link") or ""))),
            category=str(trend.get("category") or ""),
            figures=figures(posts=trend.get("postCount")),
            metric="posts",
            rank=ranks[id(trend)],
            published_at=published(trend.get("startedAt"), answer),
            observed_at=answer.fetched_at,
        )

    return signals(answer, trends, make)


SOURCE = TrendSource(
    name="bluesky",
    title="Bluesky",
    family=SourceFamily.SOCIAL,
    collect=collect,
    read=read,
    hosts=lambda _: ("public.api.bsky.app",),
    terms="Public without a key; the call is marked as unspecified and may change.",
    terms_address="https://docs.bsky.app/docs/advanced-guides/rate-limits",
)
