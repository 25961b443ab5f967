"""Mastodon: links, hashtags and posts that trend on instances, the first two with their last seven days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from pressroom.model.trends import RawAnswer, Signal, SourceFamily
from pressroom.sources.trends.shared.declare import Asking, Quota, TrendSource
from pressroom.sources.trends.shared.languages import language_of
from pressroom.sources.trends.shared.line import Line
from pressroom.sources.trends.shared.reading import (
    figures,
    in_order,
    listed,
    number,
    published,
    signals,
    summary_of,
    text_of,
    unreadable,
    web,
)

LISTS = ("links", "tags", "statuses")
_POST_TITLE = 140
"""Characters of a post that stand for its title."""


def collect(asking: Asking, line: Line) -> Iterator[RawAnswer]:
    for instance in asking.instances:
        for name in LISTS:
            yield line.get(f"https://{instance}/api/v1/trends/{name}?limit=20")


def read(answer: RawAnswer) -> Iterable[Signal]:
    name = urlsplit(answer.address).path.rpartition("/")[2]
    makers: dict[str, Callable[[Any, RawAnswer], Signal | None]] = {"links": _link, "tags": _tag, "statuses": _status}
    if name not in makers:
        raise unreadable(answer, "from an address that is no list of trends")
    return signals(answer, listed(answer), lambda entry: makers[name](entry, answer))


def _link(card: Mapping[str, Any], answer: RawAnswer) -> Signal:
    title, summary = text_of(card["title"]), summary_of(card.get("description"))
    return _signal(
        answer,
        key=card["url"],
        title=title,
        language=language_of(title, declared=str(card.get("language") or ""), more=summary),
        url=web(card["url"]),
        summary=summary,
        publisher=str(card.get("provider_name") or card.get("author_name") or ""),
        published_at=published(card.get("published_at"), answer),
        **_used(card["history"]),
    )


def _tag(tag: Mapping[str, Any], answer: RawAnswer) -> Signal:
    title = text_of(tag["name"], markup=False)
    return _signal(
        answer,
        key=f"#{title.casefold()}",
        title=title,
        is_term=True,
        language=language_of(title),
        url=web(tag.get("url")),
        **_used(tag["history"]),
    )


def _status(post: Mapping[str, Any], answer: RawAnswer) -> Signal | None:
    if post.get("sensitive"):
        return None
    text, card = summary_of(post["content"]), post.get("card") or {}
    return _signal(
        answer,
        key=str(post["uri"]),
        title=text_of(text, most=_POST_TITLE, markup=False),
        language=language_of(text, declared=str(post.get("language") or "")),
        url=web(post.get("url")) or web(post["uri"]),
        links=tuple(filter(None, [web(card.get("url"))])),
        summary=text,
        publisher=f"@{post['account']['acct']}",
        figures=figures(
            boosts=post.get("reblogs_count"), favourites=post.get("favourites_count"), replies=post.get("replies_count")
        ),
        metric="boosts",
        published_at=published(post.get("created_at"), answer),
    )


def _signal(answer: RawAnswer, **given: Any) -> Signal:
    return Signal(source="mastodon", family=SourceFamily.SOCIAL, observed_at=answer.fetched_at, **given)


def _used(history: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Figures of the newest day, and the days before, oldest first. Raises where the history is malformed."""
    days = {dt.datetime.fromtimestamp(int(day["day"]), dt.UTC).date(): day for day in history}
    if not days:
        return {}
    today = days.pop(max(days))
    earlier = {day: uses for day, each in days.items() if (uses := number(each["uses"])) is not None}
    now = figures(uses=today["uses"], accounts=today["accounts"])
    return {"figures": now, "metric": "uses", "history": in_order(earlier)}


SOURCE = TrendSource(
    name="mastodon",
    title="Mastodon",
    family=SourceFamily.SOCIAL,
    collect=collect,
    read=read,
    hosts=lambda asking: asking.instances,
    quotas=(Quota("requests in 5 minutes", most=300, seconds=300),),
    terms="Public on most instances without a key; each instance has rules of its own.",
    terms_address="https://docs.joinmastodon.org/methods/trends/",
)
