"""Signals for tests, one line each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pressroom.model.trends import Signal, SourceFamily, Topic, Weights
from pressroom.sources.topics import Past, score

NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
KINDS = {
    "feeds": SourceFamily.PRESS,
    "hackernews": SourceFamily.FORUM,
    "reddit": SourceFamily.FORUM,
    "mastodon": SourceFamily.SOCIAL,
    "bluesky": SourceFamily.SOCIAL,
    "youtube": SourceFamily.VIDEO,
    "google": SourceFamily.SEARCH,
    "wikipedia": SourceFamily.ENCYCLOPEDIA,
}


def signal(source: str, key: str, title: str, *, ago: float = 1.0, seen: float = 0.0, **more: Any) -> Signal:
    """A signal published `ago` hours and observed `seen` hours before NOW; `figure` is its metric's value."""
    figure = more.pop("figure", None)
    figures = {} if figure is None else {"points": float(figure)}
    observed = NOW - dt.timedelta(hours=seen)
    given = {
        "family": KINDS[source],
        "language": "" if more.get("is_term") else "en",
        "figures": figures,
        "metric": "points" if figures else "",
        "published_at": min(observed, NOW - dt.timedelta(hours=ago)),
        "observed_at": observed,
    }
    return Signal.model_validate({"source": source, "key": key, "title": title} | given | more)


def topic(*signals: Signal, name: str = "t", category: str = "other") -> Topic:
    seen = [one.observed_at for one in signals]
    return Topic(
        id=name,
        label=name,
        language="en",
        category=category,
        signals=signals,
        first_seen=min(seen),
        last_seen=max(seen),
    )


def trend(*signals: Signal, past: Past | None = None) -> float:
    """The trend of one topic of these signals."""
    return score([topic(*signals)], past or Past(), Weights(), {}, {}, NOW)[0].trend
