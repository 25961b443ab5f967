"""Google Trends: the searches that rise in a country, by the RSS feed of "Trending now"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from pressroom.model.trends import SUMMARY_CHARACTERS, RawAnswer, Signal, SourceFamily
from pressroom.sources.readers.shared.tidy import shortened
from pressroom.sources.trends.shared.declare import Asking, TrendSource
from pressroom.sources.trends.shared.languages import language_of
from pressroom.sources.trends.shared.line import Line
from pressroom.sources.trends.shared.reading import figures, published, signals, text_of, unreadable, web
from pressroom.zones import countries

ADDRESS = "https://trends.google.com/trending/rss?geo={region}"


def collect(asking: Asking, line: Line) -> Iterator[RawAnswer]:
    yield line.get(ADDRESS.format(region=asking.region))


def read(answer: RawAnswer) -> Iterable[Signal]:
    def make(item: Any) -> Signal:
        title, news = text_of(_text(item, "title")), _news(item)
        headlines = "; ".join(headline for headline, _ in news if headline)
        return Signal(
            source="google_trends",
            family=SourceFamily.SEARCH,
            key=title.casefold(),
            region=answer.region,
            language=language_of(title, region=answer.region, more=headlines),
            title=title,
            is_term=True,
            links=tuple(url for _, url in news if url),
            summary=shortened(headlines, SUMMARY_CHARACTERS),
            figures=figures(traffic=_text(item, "approx_traffic")),
            metric="traffic",
            published_at=published(_text(item, "pubDate"), answer),
            observed_at=answer.fetched_at,
        )

    return signals(answer, _items(answer), make)


def _items(answer: RawAnswer) -> list[Any]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(answer.content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise unreadable(answer, "no feed") from None
    if root is None or etree.QName(root).localname != "rss":
        raise unreadable(answer, "another schema: no feed of trends")
    return list(root.iter("item"))


def _news(item: Any) -> list[tuple[str, str]]:
    """Headline and address of each news item of a search."""
    found = item.findall("{*}news_item")
    return [(text_of(_text(one, "news_item_title") or ""), web(_text(one, "news_item_url"))) for one in found]


def _text(item: Any, name: str) -> str | None:
    found = item.find(f"{{*}}{name}")
    return None if found is None else str(found.text or "")


SOURCE = TrendSource(
    name="google_trends",
    title="Google Trends",
    family=SourceFamily.SEARCH,
    collect=collect,
    read=read,
    hosts=lambda _: ("trends.google.com",),
    regions=countries(),
    terms="A public feed without a promise of service; Google's terms apply, and 429 means a pause.",
    terms_address="https://policies.google.com/terms",
)
