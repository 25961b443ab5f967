"""What single sources do that others do not."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from pressroom.model.trends import RawAnswer
from pressroom.settings import TrendSettings
from pressroom.sources import trends
from pressroom.sources.fetching import Answer, Request
from pressroom.sources.trends import Asking, Call, wikipedia
from pressroom.sources.trends.shared import line
from pressroom.zones import zone_of
from sandbox.trends import KEY, TrendServer

NOW = dt.datetime(2026, 3, 3, 6, tzinfo=dt.UTC)


def collect(name: str, server: TrendServer, **given: Any) -> tuple[RawAnswer, ...]:
    keys = {each: SecretStr(KEY) for one in trends.SOURCES for each in one.needs}
    source, chosen = trends.SOURCES.get(name), TrendSettings(sandbox=server.url, **keys)
    return trends.collect(source, trends.asking_of(source, chosen, **{"now": NOW, "region": "US", **given}))


def raw(name: str, content: Any, region: str = "") -> RawAnswer:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    address = f"https://{name}.example/list"
    return RawAnswer(source=name, region=region, address=address, status=200, content=data, fetched_at=NOW)


VIDEOS = json.dumps({
    "kind": "youtube#videoListResponse",
    "items": [{"id": "a", "snippet": {"title": "Rain &amp; <sun>"}, "statistics": {"viewCount": "9007199254740993"}}],
}).encode()  # fmt: skip


def test_youtube_searches_twelve_times_a_pacific_day_over_a_week_with_a_change_of_the_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every two hours, a workspace of ten topics; the charts are read whether or not there are searches left."""
    asked: list[str] = []

    def answer(request: Request, **_: Any) -> Answer:
        asked.append(request.address)
        return Answer(200, {}, VIDEOS, request.address)

    monkeypatch.setattr(line, "ask", answer)
    source, chosen = trends.SOURCES.get("youtube"), TrendSettings(youtube_key=SecretStr(KEY))
    topics, calls = tuple(f"topic {n}" for n in range(10)), list[Call]()
    for step in range(7 * 12):
        now = dt.datetime(2026, 3, 5, tzinfo=dt.UTC) + dt.timedelta(hours=2 * step)
        given = {"now": now, "region": "US", "topics": topics, "calls": calls[-250:]}
        answers = trends.collect(source, trends.asking_of(source, chosen, **given))
        calls += [Call(each.address, each.fetched_at) for each in answers]
        assert len(trends.read(answers[0])) == 1
    assert [call.address for call in calls] == asked
    searches = [call for call in calls if "/search?" in call.address]
    days = [call.at.astimezone(zone_of("America/Los_Angeles")).date() for call in searches]
    assert max(days.count(day) for day in days) == 12
    assert {parse_qs(urlsplit(call.address).query)["q"][0] for call in searches} == set(topics)


def test_youtube_asks_for_the_figures_of_what_a_search_finds() -> None:
    with TrendServer(now=lambda: NOW) as server:
        answers = collect("youtube", server, topics=("laptop",))
    search = next(each for each in answers if "/search?" in each.address)
    assert trends.read(search) == ()
    (found,) = trends.read(answers[answers.index(search) + 1])
    assert (found.title, found.rank) == ("I ran Lumen 4 on a five-year-old laptop", None)
    assert found.volume == 2_000_000


def test_wikipedia_takes_the_day_before_while_yesterday_is_not_there() -> None:
    with TrendServer(now=lambda: NOW) as server:
        answers = collect("wikipedia", server, region="JP", now=NOW + dt.timedelta(days=1))
    (answer,) = answers
    assert answer.address.endswith("/2026/03/02")
    signal = next(each for each in trends.read(answer) if each.title == "ハルデン・ラボ")
    assert [each.day.day for each in signal.history] == [23, 24, 25, 26, 27, 28, 1]


def test_a_day_of_wikipedia_that_was_asked_for_before_is_still_in_the_history() -> None:
    """Its ETag is known since yesterday; "unchanged" would leave it out."""

    def day(number: int) -> bytes:
        articles = [{"article": "Rain", "project": "en.wikipedia", "views_ceil": 100 * number, "rank": 1}]
        return json.dumps(
            {"items": [{"year": "2026", "month": "03", "day": f"{number:02}", "articles": articles}]}
        ).encode()

    place = "https://wikimedia.org/api/rest_v1/metrics/pageviews/top-per-country/US/all-access/2026/03/"
    with TrendServer(script={"wikipedia": {f"{place}{number:02}": day(number) for number in (1, 2, 3)}}) as server:
        (first,) = collect("wikipedia", server)
        known = {first.address: first.headers}
        (second,) = collect("wikipedia", server, now=NOW + dt.timedelta(days=1), conditional=known)
    for answer, views, earlier in ((first, 200, [100]), (second, 300, [100, 200])):
        (signal,) = trends.read(answer)
        assert (signal.volume, [each.value for each in signal.history]) == (views, earlier)


def test_wikipedia_tells_thirty_days_and_is_not_waited_for_thirty_times() -> None:
    """Seven days tell no weekday apart. A list that fails ends the asking; one that is not there does not."""
    asked: list[str] = []

    class Slow:
        asking = Asking(now=NOW, region="US")

        def get(self, address: str, **_: Any) -> RawAnswer:
            asked.append(address)
            broken = {"2026/02/20": 503, "2026/02/25": 404}.get(address[-10:], 200)
            return RawAnswer(source="wikipedia", address=address, status=broken, content=b"" if broken > 200 else b"{}",
                             failure="It hangs." if broken > 200 else "", fetched_at=NOW)  # fmt: skip

    (answer,) = wikipedia.collect(Slow.asking, cast(Any, Slow()))
    assert asked[0][-10:] == "2026/03/02" and asked[-1][-10:] == "2026/02/20"
    assert len(json.loads(answer.content)) == 9
    assert wikipedia.DAYS == 30


def test_wikipedia_leaves_out_pages_that_are_no_articles() -> None:
    rows = [
        "Main_Page",
        "Special:Search",
        "Wikipédia:Accueil_principal",
        "특수:검색",
        "Talk:Rain",
        "-",
        "Rain",
        "2001:_A_story",
    ]
    articles = [
        {"article": each, "project": "en.wikipedia", "views_ceil": 100, "rank": n} for n, each in enumerate(rows, 1)
    ]
    articles.append({"article": "Rain", "project": "en.wiktionary", "views_ceil": 100, "rank": 9})
    found = trends.read(raw("wikipedia", {"items": [{"articles": articles}]}, "US"))
    assert [(each.title, each.rank) for each in found] == [("Rain", 7), ("2001: A story", 8)]


def test_google_s_buckets_are_lower_bounds_in_figures() -> None:
    buckets = {
        "200+": 200,
        "1,000+": 1000,
        "2.000+": 2000,
        "2K+": 2000,
        "1.5M+": 1_500_000,
        "": None,
        "many": None,
        "-5": None,
    }
    items = "".join(
        f"<item><title>t{n}</title><ht:approx_traffic>{each}</ht:approx_traffic></item>"
        for n, each in enumerate(buckets)
    )
    feed = f"<rss xmlns:ht='https://trends.google.com/trending/rss' version='2.0'><channel>{items}</channel></rss>"
    assert [each.volume for each in trends.read(raw("google_trends", feed.encode(), "DE"))] == list(buckets.values())


def test_google_s_feed_reaches_no_file_and_grows_no_entities() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    feed = f"{bomb}<rss version='2.0'><channel><item><title>x&f;&a;</title></item></channel></rss>"
    assert all(
        "/" not in each.title and len(each.title) < 15
        for each in trends.read(raw("google_trends", feed.encode(), "DE"))
    )


def test_reddit_leaves_out_what_is_not_for_everyone_and_what_is_pinned() -> None:
    def post(name: str, **more: Any) -> dict[str, Any]:
        return {"data": {"id": name, "title": f"Post {name}", "subreddit": "a", "permalink": f"/r/a/{name}/", **more}}

    children = [post("1"), post("2", over_18=True), post("3", stickied=True), post("4", url="https://b.example/4")]
    found = trends.read(raw("reddit", {"data": {"children": children}}))
    assert [each.url for each in found] == ["https://www.reddit.com/r/a/1/", "https://b.example/4"]


def test_x_costs_a_hundredth_of_a_dollar_a_trend_and_a_failure_nothing() -> None:
    answer = raw("x", {"data": [{"trend_name": "#A"}, {"trend_name": "#a"}, {"trend_name": "B", "tweet_count": 5}]})
    assert trends.cost(answer) == 30_000
    assert len(trends.read(answer)) == 2
    assert trends.cost(answer.model_copy(update={"failure": "It failed."})) == 0
    price = trends.SOURCES.get("x").price
    assert price is not None and price.estimate == 200_000
    assert all(one.price is None for one in trends.SOURCES if one.name != "x")


def test_which_sources_are_in_use() -> None:
    keyless = ("bluesky", "feeds", "google_trends", "hacker_news", "mastodon", "wikipedia")
    assert trends.enabled(TrendSettings()) == keyless
    assert trends.enabled(TrendSettings(youtube_key=SecretStr(KEY), x_bearer_token=SecretStr(KEY))) == (
        *keyless,
        "youtube",
    )
    assert trends.enabled(TrendSettings(sources=("x", "feeds"))) == ("x", "feeds")
    names = [one.name for one in trends.serving(keyless, "DE")]
    assert names == ["google_trends", "wikipedia"]
    assert {one.name for one in trends.serving(keyless, "")} == set(keyless) - set(names)


def test_the_recorded_day_tells_events_by_several_sources_in_three_languages_at_any_time() -> None:
    for now in (NOW, dt.datetime(2027, 7, 1, 12, tzinfo=dt.UTC)):
        signals = [signal for answer in trends.example(now) for signal in trends.read(answer)]
        assert 150 <= len(signals) <= 300
        for language, word in (("en", "Lumen 4"), ("de", "Lumen 4"), ("ja", "Lumen 4")):
            telling = {
                each.family for each in signals if each.language == language and word.lower() in each.title.lower()
            }
            assert len(telling) >= 2, language
        assert all(each.published_at is None or now - each.published_at < dt.timedelta(days=4) for each in signals)
    pages = trends.example_pages()
    linked = {signal.url.partition("?")[0] for answer in trends.example() for signal in trends.read(answer)}
    assert len(pages) >= 15 and set(pages) <= linked


def test_the_page_of_sources_tells_what_their_files_declare() -> None:
    page = (Path(__file__).parents[4] / "docs" / "trend-sources.md").read_text("utf-8")
    rows = {cells[1].strip(" `"): row for row in page.splitlines() if len(cells := row.split("|")) == 9}
    for one in trends.SOURCES:
        row = rows[one.name]
        assert f"[{one.terms}]({one.terms_address})" in row
        assert all(f"`{need.upper()}`" in row for need in one.needs)
        assert all(f"{quota.most:,} {quota.name}" in row for quota in one.quotas)
        minutes = int(one.least_interval.total_seconds()) // 60
        assert f"| {minutes} min |" in row or f"| {minutes // 60} h |" in row


def test_a_list_that_says_how_long_it_is_fresh_is_not_asked_for_before_and_no_year_is_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    says = {"cache-control": ""}

    def answer(request: Request, **_: Any) -> Answer:
        asked.append(request.address)
        return Answer(200, dict(says), b'{"hits": []}', request.address)

    monkeypatch.setattr(line, "ask", answer)
    source = trends.SOURCES.get("hacker_news")
    for cache, minutes, requests in (
        ("public, s-maxage=9, max-age=3600", 59, 1),
        ("public, max-age=3600", 61, 2),
        ("max-age=31536000", 5 * 60, 1),
        ("max-age=31536000", 7 * 60, 2),
        ("no-cache, max-age=3600", 1, 2),
        ("", 1, 2),
    ):
        asked.clear()
        says["cache-control"] = cache
        (first,) = trends.collect(source, trends.asking_of(source, TrendSettings(), now=NOW))
        later, conditional = NOW + dt.timedelta(minutes=minutes), {first.address: first.headers}
        given = {"now": later, "conditional": conditional}
        (second,) = trends.collect(source, trends.asking_of(source, TrendSettings(), **given))
        assert (len(asked), second.status) == (requests, 304 if requests == 1 else 200), cache
        if requests == 1:
            assert second.headers == first.headers and second.fetched_at == later
