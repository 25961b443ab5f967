"""Feeds: the newest entries, safely, of good and bad XML."""

from __future__ import annotations

import datetime as dt
import json
import time
from itertools import pairwise

import pytest

from pressroom.errors import SourceEmpty, SourceTooLarge, SourceUnreadable
from pressroom.sources import feeds
from pressroom.sources.feeds import entries
from pressroom.sources.shared.declare import Content

BASE = "https://blog.example/feed.xml"
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.example/">
 <title type="html">Bread &amp;amp; &lt;b&gt;Butter&lt;/b&gt;</title>
 <entry><title>Rain</title><link href="/rain"/><updated>2026-03-01T08:00:00Z</updated>
  <summary>Short.</summary><content type="html">&lt;p onclick="x()"&gt;Rain &lt;a href="why"&gt;costs&lt;/a&gt; us
  loaves.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</content></entry>
 <entry><title>Sun</title><link href="/sun"/><published>2026-03-01T20:00:00Z</published></entry>
</feed>"""


def content(text: str | bytes, address: str | None = BASE) -> Content:
    return Content(data=text.encode() if isinstance(text, str) else text, source=address or "feed.xml", address=address)


def rss(items: str) -> str:
    return f'<rss version="2.0"><channel><title>Blog</title>{items}</channel></rss>'


def item(number: int, date: str = "") -> str:
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><title>Post {number}</title><link>https://blog.example/{number}</link>{dated}</item>"


def test_atom() -> None:
    feed = entries(content(ATOM))
    assert (feed.title, feed.total, feed.notes) == ("Bread & Butter", 2, ())
    sun, rain = feed.entries
    assert (sun.title, sun.address, sun.date) == ("Sun", "https://blog.example/sun", dt.date(2026, 3, 1))
    assert 'href="https://blog.example/why"' in rain.html
    assert "Rain" in rain.html and "Short" not in rain.html


def test_the_newest_of_500() -> None:
    start = dt.datetime(2025, 1, 1, 12)
    items = [item(n, (start + dt.timedelta(hours=n)).strftime("%a, %d %b %Y %H:%M:%S GMT")) for n in range(500)]
    feed = entries(content(rss("".join(items))), most=20)
    assert [entry.title for entry in feed.entries] == [f"Post {n}" for n in range(499, 479, -1)]
    assert feed.total == 500
    assert feed.notes == ("The feed has 500 entries: the newest 20 were taken.",)


def test_without_dates_in_the_feeds_own_order() -> None:
    items = item(1) + item(2, "Mon, 05 Jan 2026 08:00:00 GMT") + item(3, "no date at all")
    assert [entry.title for entry in entries(content(rss(items))).entries] == ["Post 1", "Post 2", "Post 3"]


def test_each_address_once_and_nothing_without_words() -> None:
    items = item(1) + item(1) + "<item><title>Empty</title></item>" + "<item><description>Words</description></item>"
    feed = entries(content(rss(items)))
    assert [(entry.address, entry.html) for entry in feed.entries] == [
        ("https://blog.example/1", ""),
        ("", "Words"),
    ]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example", "http://[::1"])
def test_only_web_addresses(link: str) -> None:
    [entry] = entries(content(rss(f"<item><link>{link}</link><description>Words</description></item>"))).entries
    assert entry.address == ""


def test_malformed_is_read_as_far_as_it_goes() -> None:
    feed = entries(content('<rss version="2.0"><channel><title>A & B</title>' + item(1) + "<item><title>Broken"))
    assert feed.entries[0].address == "https://blog.example/1"
    assert feed.notes == ("The feed is malformed: what could be read of it was.",)


def test_declared_charset() -> None:
    data = b'<?xml version="1.0" encoding="iso-8859-1"?>' + rss("<item><description>Köln</description></item>").encode(
        "latin-1"
    )
    assert entries(content(data)).entries[0].html == "Köln"


@pytest.mark.parametrize("text", ["", "<rss>", "words", "<html><p>x</html>", "\x00\x01"])
def test_no_feed(text: str) -> None:
    with pytest.raises(SourceUnreadable, match="no feed"):
        entries(content(text))


def test_a_feed_without_entries() -> None:
    with pytest.raises(SourceEmpty):
        entries(content(rss("")))


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "LARGEST", 100)
    with pytest.raises(SourceTooLarge):
        entries(content(rss(item(1))))


def test_entities_neither_grow_nor_read_files() -> None:
    names = "abcdefgh"
    grown = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    doctype = f'<!DOCTYPE rss [<!ENTITY a "ha">{grown}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    begun = time.monotonic()
    text = doctype + rss("<item><title>&h;</title><description>x &file; y</description></item>")
    feed = entries(content('<?xml version="1.0"?>' + text))
    assert time.monotonic() - begun < 10
    assert "root:" not in feed.entries[0].html
    assert len(feed.entries[0].title) < 100


def test_a_json_feed_gives_its_newest_items() -> None:
    items = [
        {"id": "a", "url": "/rain", "title": "Rain", "date_published": "2026-03-01T08:00:00Z", "content_text": "a < b"},
        {"id": "b", "url": "/sun", "title": "Sun", "date_published": "2026-03-01T23:30:00-02:00"},
        {"id": "c", "title": "Neither an address nor words", "date_published": "2026-03-05T08:00:00Z"},
    ]
    written = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Blog", "items": items})
    feed = entries(content(written))
    assert [(entry.title, entry.address, entry.date) for entry in feed.entries] == [
        ("Sun", "https://blog.example/sun", dt.date(2026, 3, 1)),
        ("Rain", "https://blog.example/rain", dt.date(2026, 3, 1)),
    ]
    assert feed.entries[1].html == "<p>a &lt; b</p>"
    for other in ('{"version": 1}', '{"items": []}', "{", '{"version": "https://jsonfeed.org/version/1", "items": {}}'):
        with pytest.raises(SourceUnreadable):
            entries(content(other))
