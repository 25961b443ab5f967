"""A page made ready for trafilatura: what nobody sees or nobody wrote is taken out, an unmarked article is marked."""

from __future__ import annotations

import re
from typing import Any

from pressroom.platforms import counting
from pressroom.sources.readers.shared.facts import address_of

Tree = Any
"""An lxml element."""

_OVERLAID = "//body//*[@hidden or self::template or self::dialog or @role = 'dialog' or @role = 'alertdialog']"
_STYLED = "//body//*[@style]"
_UNSEEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]))", re.I)
_INSERTED = re.compile(
    r"(?:^|[\s_-])(?:promo(?:tion)?|advert(?:isement)?|sponsored|newsletter|subscribe|signup|sign-up|cookies?|consent)"
    r"(?:[\s_-]|$)",
    re.I,
)
_BOXES = ("div", "section", "aside", "form", "p", "ul")
_LONGEST_BOX = 800
"""Characters: what is longer is not only an insertion, whatever it is called."""

_MARKED = "boolean(//article | //main | //*[@role = 'main' or @itemprop = 'articleBody'])"
_LEAST_SHARE = 0.6
"""Of a page's text in paragraphs, that the article holds."""
_LEAST_TEXT = 200
_LEAST_PARAGRAPH = 12
"""Words of a box that may be a paragraph without being called one."""
_LEAST_ROW = 3
_MOST_BOXES = 4
"""Boxes in boxes around one paragraph."""
_PHRASES = frozenset(
    {"a", "abbr", "b", "br", "cite", "code", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup"}
)


def prepare(tree: Tree, base: str | None) -> None:
    """Changes `tree`: links are made absolute, hidden text, dialogs and promotion go, an unmarked article is marked.

    base: what relative addresses refer to; None when nobody knows, then they stay as they are.
    """
    for link in [*tree.iter("a")]:
        if _is_mark(link):
            link.drop_tree()
        else:
            _resolve(link, base)
    unseen = (element for element in tree.xpath(_STYLED) if _UNSEEN.search(element.get("style")))
    for element in [*tree.xpath(_OVERLAID), *unseen, *filter(_is_inserted, tree.iter(*_BOXES))]:
        if element.getparent() is not None:
            element.drop_tree()
    _name_paragraphs(tree)
    if not tree.xpath(_MARKED) and (container := _container(tree)) is not None:
        _mark(container)


def _is_mark(link: Tree) -> bool:
    """Whether a link inside the page is only a mark: that of a footnote, or the sign after a heading."""
    if not link.get("href", "").strip().startswith("#") or link.getparent() is None:
        return False
    raised = link.getparent().tag == "sup" or link.find("sup") is not None
    return raised or not any(char.isalnum() for char in link.text_content())


def _resolve(link: Tree, base: str | None) -> None:
    """Gives a link its whole address (trafilatura knows only the host's); what leads nowhere is no link."""
    target = link.get("href", "").strip()
    found = None if target.startswith("#") else address_of(target, base)
    if found:
        link.set("href", found)
    elif "href" in link.attrib and (base or target.startswith("#")):
        del link.attrib["href"]


def _is_inserted(element: Tree) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return _INSERTED.search(names) is not None and len(element.text_content()) <= _LONGEST_BOX


def _name_paragraphs(tree: Tree) -> None:
    """Makes paragraphs of boxes that hold nothing but words, where several of one class stand in a row."""
    rows: dict[tuple[Tree, str], list[Tree]] = {}
    for box in tree.iter("div"):
        if "id" not in box.attrib and _is_words(box) and counting.words(box.text_content()) >= _LEAST_PARAGRAPH:
            rows.setdefault((box.getparent(), box.get("class", "")), []).append(box)
    for boxes in rows.values():
        for box in boxes if len(boxes) >= _LEAST_ROW else ():
            box.tag = "p"


def _is_words(box: Tree) -> bool:
    return all(child.tag in _PHRASES for child in box)


def _own_words(paragraph: Tree) -> int:
    """Characters that are not inside links."""
    return len(paragraph.text_content()) - sum(len(link.text_content()) for link in paragraph.iter("a"))


def _container(tree: Tree) -> Tree | None:
    """The element that holds most of the text in paragraphs; None when it is spread over several."""
    held: dict[Tree, int] = {}
    for paragraph in tree.iter("p"):
        held[paragraph.getparent()] = held.get(paragraph.getparent(), 0) + _own_words(paragraph)
    most = max(held, key=lambda element: held[element], default=None)
    if most is None:
        return None
    most = _with_its_like(most, held)
    inside = sum(length for element, length in held.items() if element is most or most in element.iterancestors())
    return most if inside >= max(_LEAST_TEXT, _LEAST_SHARE * sum(held.values())) else None


def _with_its_like(element: Tree, held: dict[Tree, int]) -> Tree:
    """The parent of `element`'s row of boxes, where a page builder has put each paragraph into one of its own."""
    found, at = element, element
    for _ in range(_MOST_BOXES):
        parent = at.getparent()
        if parent is None or parent.tag == "body":
            break
        alike = [box for box in parent if box is not at and box.tag == at.tag and box.get("class") == at.get("class")]
        if at.get("class") and any(box in held or any(each in held for each in box.iter()) for box in alike):
            found = parent
        at = parent
    return found


def _mark(container: Tree) -> None:
    """Puts all children of `container` into an article element."""
    article = container.makeelement("article")
    article.text, container.text = container.text, None
    article.extend(list(container))
    container.append(article)
