"""`python -m benchmarks.extraction`: our reader, trafilatura's defaults, all text of the body, on the same pages."""

from __future__ import annotations

import logging
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

import regex
import trafilatura
from lxml import html as lxml_html

from benchmarks.extraction.pages import Page, pages
from pressroom.errors import SourceUnusable
from pressroom.sources import readers
from pressroom.sources.shared.declare import Content

Method = Callable[[str], str]
Figures = tuple[float, float, float]
SHINGLE = 4
_TOKEN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー]|[\p{L}\p{N}]+")


def _ours(page: str) -> str:
    try:
        return readers.get("html").read(Content(page.encode(), "page", "https://example.org/page")).text
    except SourceUnusable:
        return ""


def _defaults(page: str) -> str:
    return trafilatura.extract(page, url="https://example.org/page") or ""


def _precision(page: str) -> str:
    return trafilatura.extract(page, url="https://example.org/page", favor_precision=True, include_comments=False) or ""


def _paragraphs(page: str) -> str:
    return "\n".join(element.text_content() for element in lxml_html.document_fromstring(page).iter("p"))


def _body(page: str) -> str:
    tree = lxml_html.document_fromstring(page)
    return " ".join(tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]"))


METHODS: dict[str, Method] = {
    "pressroom": _ours,
    "trafilatura, defaults": _defaults,
    "trafilatura, precision": _precision,
    "all paragraphs": _paragraphs,
    "all text of the body": _body,
}


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Every run of 4 words (or characters of Chinese and Japanese) with how often it stands there."""
    words = _TOKEN.findall(text.casefold())
    return Counter(zip(*(words[at:] for at in range(SHINGLE)), strict=False))


def figures(found: str, page: Page) -> Figures:
    """Precision, recall and F1 of the shingles of one page, against the gold text that is nearer."""
    return max((_against(found, gold) for gold in page.golds), key=lambda values: values[2])


def _against(found: str, gold: str) -> Figures:
    ours, theirs = shingles(found), shingles(gold)
    hits, all_ours, all_theirs = ((ours & theirs).total(), ours.total(), theirs.total())
    return hits / max(1, all_ours), hits / max(1, all_theirs), 2 * hits / max(1, all_ours + all_theirs)


def mean(values: Sequence[Figures]) -> Figures:
    precision, recall, f1 = (statistics.mean(column) for column in zip(*values, strict=True))
    return precision, recall, f1


def _compare(set_of_pages: Sequence[Page]) -> None:
    print(f"  {'method':<26}{'precision':>10}{'recall':>9}{'F1':>8}{'worst F1':>10}{'ms a page':>11}")
    for name, method in METHODS.items():
        method(set_of_pages[0].html)  # what is loaded with the first page is no part of the time
        start = time.perf_counter()
        found = [method(page.html) for page in set_of_pages]
        each = (time.perf_counter() - start) * 1000 / len(set_of_pages)
        values = [figures(text, page) for text, page in zip(found, set_of_pages, strict=True)]
        precision, recall, f1 = mean(values)
        worst = min(value[2] for value in values)
        print(f"  {name:<26}{precision:>10.3f}{recall:>9.3f}{f1:>8.3f}{worst:>10.3f}{each:>11.1f}")


def _by(key: Callable[[Page], str], set_of_pages: Sequence[Page]) -> None:
    for name in dict.fromkeys(map(key, set_of_pages)):
        own = [page for page in set_of_pages if key(page) == name]
        ours, theirs = (mean([figures(METHODS[m](p.html), p) for p in own]) for m in list(METHODS)[:2])
        print(f"  {name:<22}" + "".join(f"{value:>8.3f}" for value in (*ours, *theirs)))


def main() -> None:
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tuned, fresh = pages(held_out=False), pages(held_out=True)
    print(f"{len(tuned)} pages in {len({page.layout for page in tuned})} layouts the reader was tuned on")
    _compare(tuned)
    print(f"\n{len(fresh)} pages in {len({page.layout for page in fresh})} layouts held out")
    _compare(fresh)
    if "--quick" in sys.argv:
        return
    print(f"\n  {'':<22}{'pressroom: P, R, F1':>24}{'defaults: P, R, F1':>24}")
    _by(lambda page: page.layout, [*tuned, *fresh])
    print()
    _by(lambda page: page.language, [*tuned, *fresh])


if __name__ == "__main__":
    main()
