"""Feeds as they come: huge, dated tomorrow, without dates, with markup in titles, with one guid for two entries."""

from __future__ import annotations

import datetime as dt
import json
from email.utils import format_datetime

import pytest

from pressroom.errors import SourceTooLarge
from pressroom.model.trends import RawAnswer, Signal
from pressroom.settings import TrendSettings
from pressroom.sources import trends
from sandbox.trends import TrendServer

NOW = dt.datetime(2026, 3, 3, 6, tzinfo=dt.UTC)
FEED = "https://blog.example/feed.xml"


def item(title: str = "Post", *, link: str = "", guid: str = "", date: dt.datetime | str = "", more: str = "") -> str:
    dated = format_datetime(date) if isinstance(date, dt.datetime) else date
    parts = {"title": title, "link": link, "guid": guid, "pubDate": dated}
    return "<item>" + "".join(f"<{name}>{text}</{name}>" for name, text in parts.items() if text) + more + "</item>"


def read(*items: str) -> tuple[Signal, ...]:
    feed = f"<rss version='2.0'><channel><title>Blog</title><language>en</language>{''.join(items)}</channel></rss>"
    return trends.read(RawAnswer(source="feeds", address=FEED, status=200, content=feed.encode(), fetched_at=NOW))


def test_of_a_thousand_entries_the_newest_200_are_read() -> None:
    dates = [NOW - dt.timedelta(hours=n) for n in range(1000)]
    found = read(*(item(f"Post {n}", link=f"https://blog.example/{n}", date=date) for n, date in enumerate(dates)))
    assert [signal.title for signal in found] == [f"Post {n}" for n in range(200)]


def test_a_date_that_has_not_come_is_no_date() -> None:
    """A clock some minutes ahead of ours is forgiven; tomorrow's date would keep an entry fresh for ever."""
    dates = (NOW + dt.timedelta(days=1), NOW + dt.timedelta(minutes=20), NOW - dt.timedelta(hours=2), "soon", "")
    found = read(*(item(link=f"https://blog.example/{n}", date=date) for n, date in enumerate(dates)))
    assert {signal.key: signal.published_at for signal in found} == {
        "https://blog.example/0": None,
        "https://blog.example/1": NOW,
        "https://blog.example/2": NOW - dt.timedelta(hours=2),
        "https://blog.example/3": None,
        "https://blog.example/4": None,
    }


def test_markup_and_references_in_a_title_are_read_as_they_are_seen() -> None:
    titles = {
        "<![CDATA[<b>Bread</b> &amp; <i>butter</i>]]>": "Bread & butter",
        "&lt;em&gt;Rain&lt;/em&gt; at 5&amp;nbsp;°C": "Rain at 5 °C",
        "Two\n lines\u202e": "Two lines",
        "x" * 400: "x" * 299 + "…",
    }
    found = read(*(item(title, link=f"https://blog.example/{n}") for n, title in enumerate(titles)))
    assert [signal.title for signal in found] == list(titles.values())


def test_a_guid_that_comes_twice_is_one_signal_and_the_newest() -> None:
    found = read(
        item("Old title", guid="tag:a", link="https://blog.example/old", date=NOW - dt.timedelta(hours=9)),
        item("New title", guid="tag:a", link="https://blog.example/new", date=NOW - dt.timedelta(hours=1)),
    )
    assert [(signal.key, signal.title) for signal in found] == [("tag:a", "New title")]


def test_a_summary_is_its_first_500_characters_without_what_is_not_seen() -> None:
    html = (
        "<![CDATA[<style>p{}</style><script>x()</script><p>Loaves &lt;b&gt; and <a href='/a'>rolls</a>.</p><img src='"
        + "y" * 900
    )
    (signal,) = read(item(link="https://blog.example/1", more=f"<description>{html}'>]]></description>"))
    assert signal.summary == "Loaves <b> and rolls ."
    (long,) = read(item(link="https://blog.example/1", more=f"<description>{'word ' * 900}</description>"))
    assert len(long.summary) <= 500 and long.summary.endswith("…")


def test_a_json_feed_is_a_feed() -> None:
    items = [
        {"id": "1", "url": "/a", "title": "A & <b>", "date_published": "2026-03-03T01:00+02:00",
         "tags": ["rain", 7]},
        {"id": "2", "external_url": "https://b.example/2", "content_html": "<p>Words of the second.</p>", "title": ""},
        {"id": "3"}, "nothing", {"id": "4", "url": "javascript:x()", "content_text": "Four", "title": "Four"},
    ]  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Blog", "language": "de", "items": items}
    content = b"\xef\xbb\xbf" + json.dumps(feed).encode()
    found = trends.read(RawAnswer(source="feeds", address=FEED, status=200, content=content, fetched_at=NOW))
    first, second, fourth = found
    assert (first.title, first.url, first.category, first.language) == (
        "A & <b>",
        "https://blog.example/a",
        "rain, 7",
        "de",
    )
    assert first.published_at == dt.datetime(2026, 3, 2, 23, tzinfo=dt.UTC)
    assert (second.title, second.url) == ("Words of the second.", "https://b.example/2")
    assert (fourth.title, fourth.url) == ("Four", "")


def test_one_feed_that_fails_never_stops_the_others_and_50_mb_are_never_taken() -> None:
    good = f"<rss version='2.0'><channel>{item(link='https://a.example/1')}</channel></rss>".encode()
    script = {"feeds": {"https://a.example/f": good, "https://b.example/f": b"<rss>" + b" " * 50_000_000}}
    addresses = ("https://a.example/f", "https://b.example/f", "https://c.example/f")
    source = trends.SOURCES.get("feeds")
    with TrendServer(script=script) as server:
        chosen = TrendSettings(sandbox=server.url)
        answers = trends.collect(source, trends.asking_of(source, chosen, now=NOW, feeds=addresses))
        with pytest.raises(SourceTooLarge):
            trends.collect(source, trends.asking_of(source, chosen, now=NOW, feeds=addresses[1:2]))
    assert [len(trends.read(each)) for each in answers] == [1, 0, 0]
    assert [each.status for each in answers] == [200, 0, 404]
    assert "10 MB" in answers[1].failure and "404" in answers[2].failure


def test_an_entry_without_a_title_is_called_by_its_first_words() -> None:
    words = "word " * 19 + "seven more words that go on beyond the cut"
    (signal,) = read(f"<item><link>https://blog.example/1</link><description>{words}</description></item>")
    assert signal.title == signal.title.strip() and signal.title.endswith("…") and len(signal.title) <= 100
