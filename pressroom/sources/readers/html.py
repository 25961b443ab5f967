"""Web pages: the article and what is known about it, without navigation, comments and code."""

from __future__ import annotations

import copy
import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from pressroom.errors import SourceTooLarge, SourceUnreadable
from pressroom.model.documents import Document
from pressroom.sources.readers.shared import page
from pressroom.sources.readers.shared.article import LOOSE, choose
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
_OF_A_HEAD = frozenset(
    {"title", "meta", "link", "script", "style", "base", "noscript", "template", "object", "bgsound"}
)
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
    language = next(filter(None, (tree.xpath(path).strip() for path in _LANGUAGES)), "")
    flow = Flow(language=language)
    try:
        look, facts = page.Look(tree), _facts(tree)
        _read(tree, base or _canonical(tree, base, None), flow)
    except Exception as error:  # a page that is broken in a new way must not look like a fault of ours
        raise SourceUnreadable(
            f"{content.source} is damaged: its text can't be taken out of it.", hint="Give its text instead."
        ) from error
    page.check(look, tree, flow, content.source)
    author, date = name_of((facts.author or "").replace(";", ",")), date_of(facts.date)
    page.drop_bylines(flow.parts, author, date)
    return finished(
        content,
        "html",
        flow.parts,
        title=_title(facts.title or "", flow),
        author=author,
        date=date,
        language=language,
        address=_canonical(tree, base, content.address),
        lead_image=address_of(facts.image, base) if facts.image else None,
        links=addresses_of(flow.targets, base),
        notes=["Blocks of code were left out."] if flow.code else [],
    )


def _read(tree: Tree, base: str | None, flow: Flow) -> None:
    """Reads the article of a page, and notes what of it is hidden or left out."""
    hidden = prepare(tree, base)
    chosen = choose(tree, flow.parts.omissions)
    if chosen is None:
        return
    inside = set(chosen.root.iter())
    for parent, why, text in hidden:
        if parent in inside:
            flow.parts.omissions.leave_out(why, text)
    if chosen.is_loose:
        flow.parts.omissions.note(LOOSE)
    flow.read(chosen.root)


def _facts(tree: Tree) -> Any:
    """Reads what a page declares, by trafilatura: title, author, date, image."""
    from trafilatura.metadata import extract_metadata  # 0.6 s, needed by web pages only

    # A date is one that the page declares, not any date standing on it, nor one in its address.
    return extract_metadata(copy.deepcopy(tree), None, {"extensive_search": False, "original_date": True}, False)


def _tree(content: Content) -> Tree:
    data = _CONTROL.sub("", lost_marked(text_of(content, markup=True))).encode("utf-8", "replace")
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = lxml_html.document_fromstring(data, parser=parser)
        _give_body(tree)
        length = sum(len(text) for text in tree.xpath(_VISIBLE))
    except (etree.LxmlError, ValueError) as error:
        raise SourceUnreadable(f"{content.source} is no HTML.", hint="Give its text instead.") from error
    if length > MOST_CHARACTERS:
        raise SourceTooLarge(
            f"{content.source} holds {length:,} characters of text; {MOST_CHARACTERS:,} are taken.",
            hint="Give one chapter of it.",
        )
    return tree


def _give_body(tree: Tree) -> None:
    """Moves elements of the text out of the head: libxml2 leaves them there where a page has no tags for its body."""
    head, body = tree.find("head"), tree.find("body")
    if body is None:
        body = lxml_html.Element("body")
        tree.append(body)
    strays = [child for child in head if child.tag not in _OF_A_HEAD] if head is not None else []
    for at, stray in enumerate(strays):
        body.insert(at, stray)


def _base(tree: Tree, address: str | None) -> str | None:
    return address_of(tree.xpath("string(//base/@href)") or address or "", address)


def _title(declared: str, flow: Flow) -> str:
    """The declared title without the site's name where a heading shows it, else the first heading."""
    title = one_line(declared)
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
