"""YouTube: the most popular videos of a country by category, and searches for the workspace's topics.

Since July 2025 the chart without a category holds music, films and games only; some categories have no chart at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from pressroom.model.trends import RawAnswer, Signal, SourceFamily
from pressroom.sources.trends.shared.declare import Asking, Quota, TrendSource
from pressroom.sources.trends.shared.languages import language_of, spoken_in
from pressroom.sources.trends.shared.line import Line
from pressroom.sources.trends.shared.reading import (
    figures,
    json_of,
    listed,
    published,
    signals,
    summary_of,
    text_of,
    unreadable,
)
from pressroom.zones import countries

API = "https://www.googleapis.com/youtube/v3"
CATEGORIES = {
    "1": "Film & Animation", "2": "Autos & Vehicles", "10": "Music", "15": "Pets & Animals", "17": "Sports",
    "19": "Travel & Events", "20": "Gaming", "22": "People & Blogs", "23": "Comedy", "24": "Entertainment",
    "25": "News & Politics", "26": "Howto & Style", "27": "Education", "28": "Science & Technology",
}  # fmt: skip
SEARCHES = 3
"""Searches of one collection; the quota of 12 a day is four collections."""
PACIFIC = "America/Los_Angeles"
RECENT = dt.timedelta(hours=48)
_PARTS = "snippet,statistics"


def collect(asking: Asking, line: Line) -> Iterator[RawAnswer]:
    key = {"X-Goog-Api-Key": asking.secret("youtube_key")}
    first = line.get(_chart(asking), credentials=key)
    yield first
    if first.failure:
        return
    for category in CATEGORIES:
        chart = line.get(_chart(asking, category), credentials=key, may_miss=True)
        if chart.status not in {400, 404}:
            yield chart
    for topic in _turn(asking):
        if line.may_ask(address := _search(asking, topic)):
            found = line.get(address, credentials=key)
            yield found
            if ids := _ids(found):
                yield line.get(f"{API}/videos?{urlencode({'part': _PARTS, 'id': ','.join(ids)})}", credentials=key)


def _chart(asking: Asking, category: str = "") -> str:
    query = {"part": _PARTS, "chart": "mostPopular", "regionCode": asking.region, "maxResults": "50"}
    return f"{API}/videos?{urlencode(query | ({'videoCategoryId': category} if category else {}))}"


def _search(asking: Asking, topic: str) -> str:
    query = {"part": "snippet", "type": "video", "order": "viewCount", "maxResults": "25", "q": topic}
    query |= {"regionCode": asking.region, "publishedAfter": f"{asking.now - RECENT:%Y-%m-%dT%H:00:00Z}"}
    if language := spoken_in(asking.region):
        query["relevanceLanguage"] = language
    return f"{API}/search?{urlencode(query)}"


def _turn(asking: Asking) -> tuple[str, ...]:
    """The topics whose turn it is: all of them in turn, three a quarter of a day."""
    topics = asking.topics
    if len(topics) <= SEARCHES:
        return topics
    start = int(asking.now.timestamp()) // 21_600 * SEARCHES
    return tuple(topics[(start + each) % len(topics)] for each in range(SEARCHES))


def _ids(found: RawAnswer) -> list[str]:
    if found.failure or found.status == 304:
        return []
    items = json_of(found)["items"]
    ids = [each.get("id") for each in items if isinstance(each, dict)]
    return [str(each["videoId"]) for each in ids if isinstance(each, dict) and each.get("videoId")]


def read(answer: RawAnswer) -> Iterable[Signal]:
    """The videos of a list. A search only names the videos that are asked for next, with their figures."""
    items, kind = listed(answer, "items"), json_of(answer).get("kind")
    if kind == "youtube#searchListResponse":
        return ()
    if kind != "youtube#videoListResponse":
        raise unreadable(answer, "another schema: no list of videos")
    ranks = {id(item): rank for rank, item in enumerate(items, start=1)} if "chart=" in answer.address else {}
    return signals(answer, items, lambda item: _signal(item, answer, ranks.get(id(item))))


def _signal(video: Mapping[str, Any], answer: RawAnswer, rank: int | None) -> Signal:
    snippet, counts = video["snippet"], video.get("statistics") or {}
    title, summary = text_of(snippet["title"], markup=False), summary_of(snippet.get("description"))
    declared = str(snippet.get("defaultAudioLanguage") or snippet.get("defaultLanguage") or "")
    return Signal(
        source="youtube",
        family=SourceFamily.VIDEO,
        key=str(video["id"]),
        region=answer.region,
        language=language_of(title, declared=declared, region=answer.region, more=summary),
        title=title,
        url=f"https://www.youtube.com/watch?v={video['id']}",
        summary=summary,
        publisher=str(snippet.get("channelTitle") or ""),
        category=CATEGORIES.get(str(snippet.get("categoryId")), ""),
        figures=figures(
            views=_count(counts, "viewCount"),
            likes=_count(counts, "likeCount"),
            comments=_count(counts, "commentCount"),
        ),
        metric="views",
        rank=rank,
        published_at=published(snippet.get("publishedAt"), answer),
        observed_at=answer.fetched_at,
    )


def _count(counts: Mapping[str, Any], name: str) -> int | None:
    """YouTube writes its counts as text, and leaves out those that the channel hides."""
    value = counts.get(name)
    return int(value) if isinstance(value, (int, str)) and str(value).isdecimal() else None


SOURCE = TrendSource(
    name="youtube",
    title="YouTube",
    family=SourceFamily.VIDEO,
    collect=collect,
    read=read,
    hosts=lambda _: ("www.googleapis.com",),
    regions=countries(),
    needs=("youtube_key",),
    least_interval=dt.timedelta(hours=1),
    quotas=(
        Quota("searches a day", most=12, path=r"/youtube/v3/search\?", zone=PACIFIC),
        Quota("lists a day", most=9_000, path=r"/youtube/v3/videos\?", zone=PACIFIC),
    ),
    terms="Stored data is refreshed or deleted within 30 days; 10,000 units and 100 searches a day.",
    terms_address="https://developers.google.com/youtube/terms/developer-policies",
)
