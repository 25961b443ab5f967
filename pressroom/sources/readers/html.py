"""Web pages: the article and what is known about it, without navigation, comments and code."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from pressroom.errors import SourceNoArticle, SourceTooLarge, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.sources.readers.shared import page
from pressroom.sources.readers.shared.assemble import finished
from pressroom.sources.readers.shared.decode import text_of
from pressroom.sources.readers.shared.facts import address_of, addresses_of, date_of, name_of
from pressroom.sources.readers.shared.flow import Flow
from pressroom.sources.readers.shared.omissions import lost_marked
from pressroom.sources.readers.shared.prepare import prepare
from pressroom.sources.readers.shared.tidy import one_line
from pressroom.sources.shared.declare import Content, Reader

Tree = Any
"""An lxml element."""

MOST_CHARACTERS = 2_000_000
"""Of visible text: about 300,000 words, which take some 7 s."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_VISIBLE = "//body//text()[not(ancestor::script or ancestor::style)]"
_LANGUAGES = (
    "string(/html/@lang | /html/@xml:lang)",
    "string(//meta[translate(@http-equiv, 'CONTELAGU', 'contelagu') = 'content-language']/@content)",
    "string(//meta[@property = 'og:locale']/@content)",
)
_CANONICAL = (
    "string(//link[translate(@rel, 'CANOIL', 'canoil') = 'canonical']/@href)",
    "string(//meta[@property = 'og:url']/@content)",
)


def read(content: Content) -> Document:
    """The article of a page.

    Raises:
        SourceEmpty, SourceUnreadable, SourceTooLarge: by its bytes.
        SourceNeedsLogin, SourceNoArticle: by what it shows.
    """
    tree = _tree(content)
    base = _base(tree, content.address)
    prepare(tree, base)
    found, flow = _extracted(tree, content)
    page.check(tree, flow.parts, flow.linked_words, content.source)
    if found is None:
        raise SourceNoArticle(f"There is no article in {content.source}.", hint="Give the address of one article.")
    return finished(
        content,
        "html",
        flow.parts,
        title=_title(found, flow),
        author=name_of((found.author or "").replace(";", ",")),
        date=date_of(found.date),
        language=next(filter(None, (tree.xpath(path).strip() for path in _LANGUAGES)), ""),
        address=_canonical(tree, base, content.address),
        lead_image=address_of(found.image, base) if found.image else None,
        links=addresses_of(flow.targets, base),
        notes=["Blocks of code were left out."] if flow.code else [],
    )


def _tree(content: Content) -> Tree:
    data = _CONTROL.sub("", lost_marked(text_of(content, markup=True))).encode("utf-8", "replace")
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = lxml_html.document_fromstring(data, parser=parser)
        length = sum(len(text) for text in tree.xpath(_VISIBLE))
    except (etree.LxmlError, ValueError) as error:
        raise SourceUnreadable(f"{content.source} is no HTML.", hint="Give its text instead.") from error
    if length > MOST_CHARACTERS:
        raise SourceTooLarge(
            f"{content.source} holds {length:,} characters of text; {MOST_CHARACTERS:,} are taken.",
            hint="Give one chapter of it.",
        )
    return tree


def _base(tree: Tree, address: str | None) -> str | None:
    return address_of(tree.xpath("string(//base/@href)") or address or "", address)


def _extracted(tree: Tree, content: Content) -> tuple[Any, Flow]:
    """Trafilatura's document, None when it finds no main text; and what is in it."""
    import trafilatura  # 0.6 s, needed by web pages only

    address = address_of(content.address) or ""
    try:
        found: Any = trafilatura.bare_extraction(
            tree,
            url=address.partition("?")[0] or None,  # it is logged, and a query may hold a secret
            favor_precision=True,
            include_comments=False,
            include_formatting=True,
            include_links=True,
            include_tables=True,
            with_metadata=True,
            # A date is one that the page declares, not any date standing on it.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
        return found, Flow(found.body if found is not None else lxml_html.Element("body"))
    except Exception as error:  # a page that is broken in a new way must not look like a fault of ours
        raise SourceUnreadable(
            f"{content.source} is damaged: its text can't be taken out of it.", hint="Give its text instead."
        ) from error


def _title(found: Any, flow: Flow) -> str:
    """The declared title without the site's name where a heading shows it, else the first heading."""
    title = one_line(found.title or "")
    headings = [heading for heading, _ in flow.parts.found if heading]
    if not title:
        return headings[0] if headings else ""
    return next((h for h in headings[:1] if title.casefold().startswith(h.casefold())), title)


def _canonical(tree: Tree, base: str | None, address: str | None) -> str | None:
    """The address the page gives as its own; one without a path is the site's, put there by mistake."""
    for path in _CANONICAL:
        found = address_of(tree.xpath(path), base) if tree.xpath(path) else None
        if found and (found.count("/") > 3 or not found.endswith("/") or not address):
            return found
    return address


READER = Reader(
    kind="html",
    suffixes=(".html", ".htm", ".xhtml"),
    media_types=("text/html", "application/xhtml+xml"),
    read=read,
)
