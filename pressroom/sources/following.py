"""The entries of a feed, each one's page fetched and read; one that fails never stops the others."""

from __future__ import annotations

import html
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from pressroom.errors import SourceNoArticle, SourceUnusable
from pressroom.model.documents import Document
from pressroom.platforms import counting
from pressroom.sources.feeds import Entry, Feed
from pressroom.sources.fetching import FetchLimits, fetch, shown
from pressroom.sources.readers.shared.tidy import shortened
from pressroom.sources.shared.declare import Content

AT_ONCE = 4
"""Pages fetched at the same time: they mostly come from one server."""
ENOUGH_WORDS = 50
"""Words from which the feed's own text can stand in for a page: fewer are a teaser."""

Reading = Callable[[Content], Document]


@dataclass(frozen=True)
class Followed:
    """One entry gives a document, or the error that says why it has no document."""

    source: str
    document: Document | None = None
    error: SourceUnusable | None = None


def follow(feed: Feed, content: Content, *, read: Reading, limits: FetchLimits) -> tuple[Followed, ...]:
    """Every entry of `feed`, in its order. `content`: the feed itself, for entries that have no address."""
    one = partial(_followed, content=content, read=read, limits=limits)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return tuple(pool.map(one, feed.entries))


def _followed(entry: Entry, *, content: Content, read: Reading, limits: FetchLimits) -> Followed:
    source = shown(entry.address) if entry.address else entry.title or shown(content.source)
    try:
        return Followed(source, _with_facts(_page_or_own(entry, content, read, limits), entry))
    except SourceUnusable as error:
        return Followed(source, error=error)


def _page_or_own(entry: Entry, content: Content, read: Reading, limits: FetchLimits) -> Document:
    """The document of the entry's page; of the feed's own text where the page fails. Raises the page's error."""
    if not entry.address:
        return _own(entry, content, read)
    if entry.shares_page:  # which part of the page is this entry, only the feed can tell
        with suppress(SourceUnusable):
            return _own(entry, content, read)
    try:
        return read(fetch(entry.address, limits=limits))
    except SourceUnusable as error:
        try:
            document = _own(entry, content, read)
        except SourceUnusable:
            raise error from None
        note = f"Its page can't be read, so this is the feed's own text: {error.message}"
        return document.model_copy(update={"notes": (*document.notes, note)})


def _own(entry: Entry, content: Content, read: Reading) -> Document:
    title = html.escape(entry.title)
    page = (
        f"<!doctype html><html><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{entry.html}</article></body></html>"
    )
    document = read(
        Content(
            data=page.encode("utf-8", "replace"),
            source=entry.address or content.source,
            address=entry.address or content.address,
            media_type="text/html",
            charset="utf-8",
        )
    )
    if counting.words(document.text) < ENOUGH_WORDS:
        raise SourceNoArticle(
            f"The entry {shortened(entry.title, 80)!r} of the feed has only a few words.",
            hint="Name its page by itself.",
        )
    return document


def _with_facts(document: Document, entry: Entry) -> Document:
    """Title and date as the feed has them, where the page has none; the feed's notes on the entry."""
    facts = {"title": document.title or entry.title, "date": document.date or entry.date}
    return document.model_copy(update={**facts, "notes": (*document.notes, *entry.notes)})
