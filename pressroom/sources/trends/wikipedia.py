"""Wikipedia: the articles that a country read most yesterday, with their views on the thirty days before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from pressroom.model.trends import DayFigure, RawAnswer, Signal, SourceFamily
from pressroom.sources.trends.shared.declare import Asking, TrendSource
from pressroom.sources.trends.shared.languages import language_of
from pressroom.sources.trends.shared.line import Line
from pressroom.sources.trends.shared.reading import (
    MALFORMED,
    figures,
    in_order,
    json_of,
    number,
    signals,
    text_of,
    unreadable,
)
from pressroom.zones import countries

ADDRESS = "https://wikimedia.org/api/rest_v1/metrics/pageviews/top-per-country/{region}/all-access/{day:%Y/%m/%d}"
DAYS = 30
"""Days before, whose lists give each article's history."""
MOST = 60
"""Articles of a country; the list has a thousand, most of which are read every day."""
_NAMESPACES = """
    special spezial spécial especial speciale служебная 特別 特殊 특수 speciaal specjalna wikipedia wikipédia wikipedie
    википедия ウィキペディア 위키백과 維基百科 file datei fichier archivo portal portail hilfe help aide user benutzer
    category kategorie template talk diskussion web
"""
_FRONT_PAGES = """
    main_page hauptseite メインページ portada pagina_principale hoofdpagina заглавная_страница 首页 首頁 anasayfa
    forside الصفحة_الرئيسية головна_сторінка página_principal etusivu trang_chính halaman_utama hlavní_strana kezdőlap
    pagina_principală עמוד_ראשי صفحهٔ_اصلی मुखपृष्ठ หน้าหลัก - search undefined cookie_(informatique) .xxx
"""
_NO_ARTICLES = frozenset(_NAMESPACES.split())
_MAIN_PAGES = frozenset(_FRONT_PAGES.split())


def collect(asking: Asking, line: Line) -> Iterator[RawAnswer]:
    """One answer: the lists of the thirty-one days in a JSON array, the newest first, each as it came.

    Yesterday's list may not be there yet; then it is the day before's.
    """
    day = asking.now.astimezone(dt.UTC).date() - dt.timedelta(days=1)
    newest = line.get(_address(asking, day), may_miss=True)
    if newest.failure and newest.status == 404:
        day -= dt.timedelta(days=1)
        newest = line.get(_address(asking, day))
    if newest.failure or newest.status == 304:
        yield newest
        return
    before = [_address(asking, day - dt.timedelta(days=back)) for back in range(1, DAYS + 1)]
    lists = [newest.content, *_earlier(line, before)]
    yield newest.model_copy(update={"content": b"[" + b",".join(lists) + b"]"})


def _earlier(line: Line, addresses: Iterable[str]) -> Iterator[bytes]:
    """The lists of earlier days, until one can't be had: a server that hangs is not waited for thirty times."""
    for address in addresses:
        answer = line.get(address, may_miss=True, is_whole=True)
        if answer.failure and answer.status != 404:
            return
        if answer.content and not answer.failure:
            yield answer.content


def _address(asking: Asking, day: dt.date) -> str:
    return ADDRESS.format(region=asking.region, day=day)


def read(answer: RawAnswer) -> Iterable[Signal]:
    found = json_of(answer)
    newest, *earlier = found if isinstance(found, list) and found else [found]
    history = _history(earlier)

    def make(row: Mapping[str, Any]) -> Signal | None:
        article, project = row["article"], row["project"]
        if not _is_article(article, project):
            return None
        title = text_of(article.replace("_", " "), markup=False)
        return Signal(
            source="wikipedia",
            family=SourceFamily.ENCYCLOPEDIA,
            key=f"{project}:{article}",
            region=answer.region,
            language=language_of(title, declared=project.partition(".")[0]),
            title=title,
            is_term=True,
            url=f"https://{project}.org/wiki/{quote(article, safe='()_,:')}",
            publisher="Wikipedia",
            figures=figures(views=row.get("views_ceil")),
            metric="views",
            rank=int(row["rank"]),
            observed_at=answer.fetched_at,
            history=history.get((project, article), ()),
        )

    return list(signals(answer, _articles(newest, answer), make))[:MOST]


def _articles(day: Any, answer: RawAnswer) -> list[Any]:
    try:
        articles = day["items"][0]["articles"]
    except (LookupError, TypeError):
        articles = None
    if not isinstance(articles, list):
        raise unreadable(answer, "another schema: no list of articles")
    return articles


def _history(days: Iterable[Any]) -> dict[tuple[str, str], tuple[DayFigure, ...]]:
    """By project and article, the views of the days on which it was in the list, oldest first."""
    found: dict[tuple[str, str], dict[dt.date, float]] = {}
    for day in days:
        try:
            item = day["items"][0]
            date = dt.date(int(item["year"]), int(item["month"]), int(item["day"]))
            views = {(row["project"], row["article"]): number(row.get("views_ceil")) for row in item["articles"]}
        except MALFORMED:
            continue
        for name, value in views.items():
            if value is not None:
                found.setdefault(name, {})[date] = value
    return {name: in_order(each) for name, each in found.items()}


def _is_article(article: str, project: str) -> bool:
    prefix, colon, _ = article.partition(":")
    is_page = bool(colon) and prefix.casefold().removesuffix("_talk") in _NO_ARTICLES
    return project.endswith(".wikipedia") and not is_page and article.casefold() not in _MAIN_PAGES


SOURCE = TrendSource(
    name="wikipedia",
    title="Wikipedia",
    family=SourceFamily.ENCYCLOPEDIA,
    collect=collect,
    read=read,
    hosts=lambda _: ("wikimedia.org",),
    regions=countries(),
    least_interval=dt.timedelta(hours=6),
    terms="CC0; programs name a contact in their User-Agent (PRESSROOM_TRENDS__CONTACT). New figures once a day.",
    terms_address="https://doc.wikimedia.org/generated-data-platform/aqs/analytics-api/documentation/access-policy.html",
)
