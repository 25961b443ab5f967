"""A page made ready to be read: links made absolute, hidden elements out, names that prove nothing taken off."""

from __future__ import annotations

import re
from typing import Any

from pressroom.platforms import counting
from pressroom.sources.readers.shared.facts import address_of
from pressroom.sources.readers.shared.omissions import HIDDEN
from pressroom.sources.readers.shared.unseen import unseen

Tree = Any
"""An lxml element."""

_INSERTED = re.compile(
    r"(?:^|[\s_-])(?:promo(?:tion)?|advert(?:isement)?|sponsored|newsletter|subscribe|signup|sign-up|cookies?|consent)"
    r"(?:[\s_-]|$)",
    re.I,
)
_COMMENTS = re.compile(r"comment|disqus|respond|repl(?:y|ies)|discussion", re.I)
_BOXES = ("div", "section", "aside", "form", "p", "ul", "ol", "details", "article", "span", "main")
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
_LEAST_CARDS = 2
_LEAST_SENTENCE = 8
_LEAST_PROSE = 30
_MOST_LINKED = 0.4
_BLOCKY = frozenset(
    {"p", "div", "section", "article", "ul", "ol", "li", "table", "form", "h1", "h2", "h3", "h4", "h5", "h6", "dl"}
    | {"blockquote", "pre", "figure", "aside", "nav", "header", "footer", "main", "details", "td", "th", "tr", "hr"}
    | {"iframe", "button", "input", "select", "textarea", "address", "fieldset", "figcaption", "summary"}
)
_NOT_THE_ARTICLE = ("nav", "aside", "footer", "form", "dialog")

PROMOTION = "Boxes of promotion"

Hidden = list[tuple[Tree, str, str]]
"""Texts that were taken out: the element each stood in, why, and its words."""


def prepare(tree: Tree, base: str | None) -> Hidden:
    """Changes `tree`: links are made absolute, hidden elements go, an unmarked article is marked.

    base: what relative addresses refer to; None when it is unknown, then they stay as they are.
    """
    for link in tree.iter("a"):
        _resolve(link, base)
    for shadow in tree.xpath("//template[@shadowrootmode = 'open' or @shadowrootmode = 'closed']"):
        _show_shadow(shadow)
    hidden = _without_hidden(tree)
    for box in [box for box in tree.iter(*_BOXES) if is_inserted(box)]:
        if box.getparent() is not None:
            hidden.append((box.getparent(), PROMOTION, box.text_content()))
            box.drop_tree()
    _name_paragraphs(tree)
    if not tree.xpath(_MARKED) and (container := _container(tree)) is not None:
        _mark(container)
    return hidden


def _show_shadow(shadow: Tree) -> None:
    """Puts what a template of its host's shadow shows in its place, and the host's own content where its slots are."""
    host = shadow.getparent()
    if host is None:
        return
    shadow.tag = "div"
    others = [child for child in host if child is not shadow]
    named = {child.get("slot"): child for child in others if child.get("slot")}
    for slot in list(shadow.iter("slot")):
        name = slot.get("name")
        slot.tag = "div" if others else "span"
        for child in [named[name]] if name in named else [] if name else [c for c in others if not c.get("slot")]:
            slot.append(child)


def _resolve(link: Tree, base: str | None) -> None:
    """Gives a link its whole address, or the place on the same page; what leads nowhere is no link."""
    target = link.get("href", "").strip()
    if target.startswith("#"):
        return
    found = address_of(target, base)
    if found and "#" in found and base and found.partition("#")[0] == base.partition("#")[0]:
        link.set("href", f"#{found.partition('#')[2]}")
    elif found:
        link.set("href", found)
    elif "href" in link.attrib and base:
        del link.attrib["href"]


def _without_hidden(tree: Tree) -> Hidden:
    hidden: Hidden = []
    for element in unseen(tree):
        parent = element.getparent()
        if parent is None:
            continue
        if element.tag not in ("template", "noscript") and not _is_second_wording(element):
            hidden.append((parent, HIDDEN, " ".join(element.itertext())))
        if next(element.iter("math"), None) is None:  # hidden for the eye, and the picture beside it has no words
            element.drop_tree()
    for drawn in tree.xpath("//*[@class = 'katex-html' or @class = 'MathJax_Preview' or self::mjx-math]"):
        if drawn.getparent() is not None and next(drawn.getparent().iter("math"), None) is not None:
            drawn.drop_tree()
    return hidden


def _is_second_wording(element: Tree) -> bool:
    """True when it only tells a screen reader what is shown next to it."""
    return len("".join(element.itertext())) <= 200 and bool(
        re.search(r"reader|sr-only|visually", element.get("class") or "")
    )


def _name_paragraphs(tree: Tree) -> None:
    """Makes paragraphs of boxes that hold nothing but words, where several that share a class stand in a row."""
    rows: dict[Tree, list[Tree]] = {}
    for box in tree.iter("div"):
        if "id" not in box.attrib and _is_words(box) and counting.words(box.text_content()) >= _LEAST_PARAGRAPH:
            rows.setdefault(box.getparent(), []).append(box)
    for boxes in rows.values():
        for box in boxes:
            names = set((box.get("class") or "").split())
            alike = [
                each
                for each in boxes
                if names & set((each.get("class") or "").split()) or not (names or each.get("class"))
            ]
            if len(alike) >= _LEAST_ROW:
                box.tag = "p"


def _is_words(box: Tree) -> bool:
    return not any(child.tag in _BLOCKY for child in box.iterdescendants() if isinstance(child.tag, str))


def own_words(element: Tree) -> int:
    """Characters that are not inside links."""
    return len(element.text_content()) - sum(len(link.text_content()) for link in element.iter("a"))


def _container(tree: Tree) -> Tree | None:
    """The element that holds most of the text in paragraphs; None when it is spread over several."""
    held: dict[Tree, int] = {}
    for paragraph in tree.iter("p"):
        held[paragraph.getparent()] = held.get(paragraph.getparent(), 0) + own_words(paragraph)
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


# Names


def prose_root(tree: Tree) -> Tree:
    """The deepest element that still holds most of the page's paragraphs, as far as they belong to no side part."""
    at = tree.find("body")
    if at is None:
        return tree
    held = _prose(at)
    while True:
        deeper = next(
            (child for child in at if child.tag != "p" and held.get(child, 0) >= _LEAST_SHARE * held.get(at, 1)), None
        )
        if deeper is None:
            return at
        at = deeper


def _prose(body: Tree) -> dict[Tree, int]:
    """Characters in paragraphs, outside links, side parts and comments, by the elements that hold them."""
    held: dict[Tree, int] = {}
    side: dict[Tree, bool] = {}
    for paragraph in body.iter("p"):
        around = [paragraph, *paragraph.iterancestors()]
        for each in around:
            if each not in side:
                side[each] = each.tag in _NOT_THE_ARTICLE or _is_comments(each)
        if not any(side[each] for each in around):
            for each in around:
                held[each] = held.get(each, 0) + own_words(paragraph)
    return held


def _names(element: Tree) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _is_comments(element: Tree) -> bool:
    """True when it holds comments: its name says so, and it has a form or boxes in a row."""
    if element.tag not in _BOXES or not _COMMENTS.search(_names(element)) or element.tag in ("article", "main"):
        return False
    return element.find(".//textarea") is not None or _has_row_of_boxes(element)


def _has_row_of_boxes(element: Tree) -> bool:
    for parent in (element, *element.iterchildren("ol", "ul", "div")):
        boxes = [
            child
            for child in parent
            if child.tag in ("li", "article", "div", "section") and child.find(".//p") is not None
        ]
        if boxes and len({(box.tag, (box.get("class") or "").partition(" ")[0]) for box in boxes}) < max(2, len(boxes)):
            return True
    return False


def is_prose(element: Tree) -> bool:
    """True when an element of any name holds running text: by its heading, paragraphs, links and controls."""
    if _is_comments(element) or element.tag in ("aside", "form") or has_cards(element):
        return False
    if element.find(".//input") is not None or element.find(".//textarea") is not None:
        return False
    if element.find(".//button") is not None and len(element.text_content()) <= _LONGEST_BOX:
        return False
    length = max(1, len(element.text_content()))
    if own_words(element) < (1 - _MOST_LINKED) * length:
        return False
    sentences = [
        p for p in element.iter("p", "li", "dd", "blockquote") if counting.words(p.text_content()) >= _LEAST_SENTENCE
    ]
    words = sum(counting.words(sentence.text_content()) for sentence in sentences)
    heading = next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)
    if heading is not None and _slug(heading.text_content()) in set(map(_slug, _names(element).split())):
        return bool(sentences)
    return len(sentences) >= 2 and words >= _LEAST_PROSE


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")


def has_cards(element: Tree) -> bool:
    """True for a row of teasers: boxes with a linked heading each."""
    headings = list(element.iter("h2", "h3", "h4", "h5"))
    linked = [
        each
        for each in headings
        if each.find(".//a[@href]") is not None or any(p.tag == "a" for p in each.iterancestors())
    ]
    return len(linked) >= _LEAST_CARDS and 2 * len(linked) > len(headings)


def is_inserted(element: Tree) -> bool:
    """True when it is a promotion in the text: named so, short, and not prose."""
    return (
        _INSERTED.search(_names(element)) is not None
        and len(element.text_content()) <= _LONGEST_BOX
        and not is_prose(element)
    )
