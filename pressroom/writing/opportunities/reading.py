"""The document that an idea from an opportunity is written from: its articles, else what its signals say.

It is a document like every other: writers are shown an excerpt of it, drafts are held to it, and what is addressed to a
model in it is found and taken out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pressroom import sources
from pressroom.errors import SourceUnusable
from pressroom.model import Document, Idea, Section
from pressroom.model.trends import Link, Signal
from pressroom.platforms import counting
from pressroom.sources.reading import document_of
from pressroom.sources.shared.declare import Content
from pressroom.sources.topics import canonical
from pressroom.sources.trends import example_pages
from pressroom.store.trend_tables import OpportunityRow

MOST_READ = 3
"""Articles of which one document is made."""
AT_ONCE = 4
ENOUGH_WORDS = 150
"""Words of articles from which a post can be written; below, what the sources say of them is added."""
FEWEST_LETTERS = 4
"""Letters of a word of the topic's title that its article has to have too."""

Fetch = Callable[[str], Document]


@dataclass(frozen=True)
class Unread:
    """A page that gave no article, and why."""

    address: str
    reason: str


def idea_of(row: OpportunityRow) -> Idea:
    """The idea that an opportunity is."""
    return Idea(title=row.title, description=f"{_sentence(row.angle)} {row.why_now}".strip(), category=row.category)


def document_for(row: OpportunityRow, fetch: Fetch | None = None) -> Document:
    """The document that drafts are written from. Never raises for a page: a note says what was not read.

    fetch: reads the article at an address, or raises SourceUnusable.
    """
    links = [Link.model_validate(link) for link in row.links]
    articles, unread = _read(row, links, fetch or fetcher_for(row))
    unread = [] if row.is_example else unread  # pages of the example day are invented: that is no failure
    if articles:
        return _joined(row, articles, unread)
    return _of_signals(row, [Signal.model_validate(each) for each in row.signals], unread)


def fetcher_for(row: OpportunityRow) -> Fetch:
    """Reads pages over the network; those of the recorded example day come with the package."""
    if not row.is_example:
        return _fetched
    pages = {canonical(address): page for address, page in example_pages(row.created_at).items()}
    return lambda address: _shipped(address, pages)


def _fetched(address: str) -> Document:
    found = sources.read(address, most=1, files=False)
    return found.documents[0]


def _shipped(address: str, pages: Mapping[str, bytes]) -> Document:
    page = pages.get(canonical(address))
    if page is None:
        raise SourceUnusable(f"The example has no article at {address}.", hint="Its other articles are read.")
    return document_of(Content(data=page, source=address, address=address, media_type="text/html", charset="utf-8"))


def _read(row: OpportunityRow, links: Sequence[Link], fetch: Fetch) -> tuple[list[Document], list[Unread]]:
    """The first articles that can be read and are about the topic, in the order of the links."""

    def one(link: Link) -> Document | Unread:
        try:
            document = fetch(link.url)
        except SourceUnusable as error:
            return Unread(link.url, error.message)
        return document if _is_about(document, row) else Unread(link.url, "It is about something else.")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(one, links))
    articles = [each for each in found if isinstance(each, Document)]
    return articles[:MOST_READ], [each for each in found if isinstance(each, Unread)]


def _is_about(document: Document, row: OpportunityRow) -> bool:
    """True when the page has a word of the topic's title, and is in its language: no page that asks for consent has."""
    if row.language and document.language.partition("-")[0] != row.language.partition("-")[0]:
        return False
    text = f"{document.title} {document.text}".casefold()
    words = [word for word in re.findall(r"\w+", row.title.casefold()) if len(word) >= FEWEST_LETTERS]
    return not words or any(word in text for word in words) or not row.title.isascii()


def _joined(row: OpportunityRow, articles: Sequence[Document], unread: Sequence[Unread]) -> Document:
    """One document of several articles; a paragraph that two of them have is there once."""
    seen: set[str] = set()
    sections = [section for article in articles for section in _sections(article, seen, alone=len(articles) == 1)]
    if counting.words("\n\n".join(section.text for section in sections)) < ENOUGH_WORDS:
        sections.append(Section(text=_words_of(Signal.model_validate(each) for each in row.signals)))
    first = articles[0]
    return Document(
        source=", ".join(article.source for article in articles),
        kind="opportunity",
        title=row.title,
        sections=tuple(sections),
        author=first.author if len(articles) == 1 else "",
        date=first.date,
        language=first.language,
        address=first.address or first.source,
        lead_image=first.lead_image,
        links=tuple(
            dict.fromkeys([*(a.address or a.source for a in articles), *(x for a in articles for x in a.links)])
        ),
        notes=(*(note for article in articles for note in article.notes), *_notes(unread)),
    )


def _sections(article: Document, seen: set[str], *, alone: bool) -> Iterable[Section]:
    heading = "" if alone else article.title
    for section in article.sections:
        fresh = []
        for paragraph in section.text.split("\n\n"):
            key = " ".join(paragraph.split()).casefold()
            if key and key not in seen:
                seen.add(key)
                fresh.append(paragraph)
        if fresh:
            yield Section(heading=section.heading or heading, text="\n\n".join(fresh))
            heading = ""


def _of_signals(row: OpportunityRow, signals: Sequence[Signal], unread: Sequence[Unread]) -> Document:
    """The words of the sources themselves: titles and summaries, each once."""
    note = "No article could be read, so this is only what the sources say of it."
    first = next((signal for signal in signals if signal.url), None)
    return Document(
        source=", ".join(dict.fromkeys(signal.url for signal in signals if signal.url)) or row.title,
        kind="opportunity",
        title=row.title,
        sections=(Section(text=_words_of(signals)),),
        date=_day(signals),
        language=row.language or "en",
        address=first.url if first else None,
        links=tuple(dict.fromkeys(signal.url for signal in signals if signal.url)),
        notes=(note, *_notes(unread)),
    )


def _words_of(signals: Iterable[Signal]) -> str:
    said = [text for signal in signals for text in (_sentence(signal.title), signal.summary.strip())]
    return "\n\n".join(dict.fromkeys(text for text in said if text))


def _sentence(title: str) -> str:
    text = title.strip()
    return text if not text or text[-1] in ".!?…。！？" else f"{text}."


def _day(signals: Sequence[Signal]) -> dt.date | None:
    return min((signal.published_at.date() for signal in signals if signal.published_at), default=None)


def _notes(unread: Sequence[Unread]) -> tuple[str, ...]:
    return tuple(f"Not read: {one.address}. {one.reason}" for one in unread)
