"""Which part of a page is the article: trafilatura's choice, put on the page itself, with what belongs to it.

Trafilatura is given a plain copy: only the structure, words and links. What it finds there is looked up on the page;
the element around it is the article, and each part inside that it passed over is judged by its place and content.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from pressroom.platforms import counting
from pressroom.sources.readers.shared.flow import BLOCKS, CONTROLS, EMBEDDED, HEADINGS, SILENT
from pressroom.sources.readers.shared.omissions import Omissions
from pressroom.sources.readers.shared.prepare import has_cards, is_inserted, is_prose, own_words, prose_root

Tree = Any
"""An lxml element."""

APART = "Parts of the page that are not its article"
LOOSE = "The article stands out from its page only loosely: menus or advertisements may be among its text."

_KEPT_TAGS = BLOCKS | {"a", "html", "head", "body", "title", "meta", "br"}
_GOOD_NAME = re.compile(
    r"(?:entry|post|article|story|page|main|body)[-_]?(?:content|body|text|entry|main)|content|post|entry|article", re.I
)
_NOTES = re.compile(r"(?:^|[\s_-])(?:foot-?notes?|end-?notes?|doc-endnotes|notes)(?:[\s_-]|$)", re.I)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:author|bio|byline|meta|tags?|tag-list|categor\w+|shar\w*|social|related|recommend\w*|more|comments?|newsletter"
    r"|subscribe|promo\w*|advert\w*|ad|ads|banner|breadcrumbs?|nav\w*|menu|pagination|pager|footer|sidebar|widget|toc|rating"
    r"|copyright|credits?|prev|next|disclaimer|cookie\w*|consent|login|print)(?:[\s_-]|$)",
    re.I,
)
_SAID = re.compile(
    r"^\W*(?:advertisement|anzeige|publicidad|publicité|share (?:this|on)|©|\(c\)|copyright|all rights reserved)\b",
    re.I,
)
_WORD = re.compile(r"[\W_]+")
_LEAST_WORDS = 25
_ENOUGH = 0.5
"""Share of the paragraphs where most text stands, from which a choice is not asked for again."""
_MOST_OF_IT = 0.9
_WINDOW = 60_000
_LONG_KEY = 40
_PIECE = 30
_MOST_LINKED = 0.5
_FEW_LINKED = 0.15
_PROSE_CELL = 25
_TABLE = frozenset({"table", "tbody", "thead", "tfoot", "tr"})
_WHOLE = _TABLE | {"p", "ul", "ol", "li", "dl", "blockquote", "figure", "details"}
"""Elements that are read whole as soon as words in them were found."""
_TEXT_TAGS = (
    frozenset({"p", "li", "td", "th", "dd", "dt", "blockquote", "figcaption", "caption", "summary", "pre"}) | HEADINGS
)
_PROSE_TAGS = frozenset({"p", "ul", "ol", "dl", "table", "blockquote", "figure", "details"})
_SIDE = frozenset({"nav", "aside", "footer", "form", "dialog", "search"})
_UNREAD = frozenset({"annotation", "annotation-xml", "del", "s", "strike"}) | SILENT | CONTROLS | EMBEDDED
_THEIR_BLOCKS = frozenset({"head", "item", "list", "quote", "row", "cell", "graphic"})
"""Blocks as trafilatura names them."""
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*$")
_LEAST_PARAGRAPH = 12


@dataclass(eq=False)
class Run:
    """Words between two blocks. holder: the block they stand in. pieces: elements, and whether its `text` or `tail`."""

    holder: Tree
    pieces: list[tuple[Tree, str]] = field(default_factory=list)
    key: str = ""
    words: int = 0

    @property
    def text(self) -> str:
        return "".join(getattr(element, name) for element, name in self.pieces)

    def clear(self) -> None:
        for element, name in self.pieces:
            setattr(element, name, None)


@dataclass
class Chosen:
    """root: the element that holds the article, without what is no part of it. is_loose: found at a second try."""

    root: Tree
    is_loose: bool = False


def choose(tree: Tree, omissions: Omissions) -> Chosen | None:
    """The article of a prepared page; None when there is no running text.

    Elements of `tree` inside the article that are no part of it are removed, and told to `omissions`.
    """
    body = tree.find("body")
    if body is None:
        return None
    root = prose_root(tree)
    plain = _plain(tree, root)
    runs = [run for run in _runs(body) if run.key]
    inside = {element for element in root.iter() if isinstance(element.tag, str)}
    wanted = sum(run.words for run in runs if run.holder.tag == "p" and run.holder in inside)
    best: list[Run] = []
    loose = False
    for attempt, favoured in enumerate(("precision", "balance", "recall")):
        found = _found(plain, runs, favoured)
        if _words(found) > _words(best) * (1 if attempt == 0 else 1.5):
            best, loose = found, attempt > 0
        if _words(best) >= max(_LEAST_WORDS, _ENOUGH * wanted):
            break
    if wanted >= _LEAST_WORDS and _words(best) < max(_LEAST_WORDS, _ENOUGH * wanted / 2):
        best, loose = [run for run in runs if run.holder in inside], True
    if not best:
        return None
    chosen = Chosen(_around(body, best), loose)
    _prune(chosen.root, runs, set(best), omissions)
    return chosen


def _words(runs: Iterable[Run]) -> int:
    return sum(run.words for run in runs)


def _plain(tree: Tree, root: Tree) -> Tree:
    """A copy with structure, words and links only; without names where they say nothing about running text."""
    inside = {element for element in root.iter() if isinstance(element.tag, str)}
    around = {root, *root.iterancestors()}
    quiet = [
        index for index, element in enumerate(tree.iter(etree.Element))
        if (element.get("class") or element.get("id"))
        and (element in around or (element in inside and element.tag in BLOCKS and is_prose(element)))
    ]  # fmt: skip
    twin = copy.deepcopy(tree)
    elements = list(twin.iter(etree.Element))
    for index in quiet:
        _unname(elements[index])
    etree.strip_elements(twin, *SILENT - {"title", "head", "meta"}, *CONTROLS, *EMBEDDED, "math", "del", "s", "strike",
                         with_tail=False)  # fmt: skip
    others = {element.tag for element in twin.iter(etree.Element)} - _KEPT_TAGS
    holders = {parent.tag for block in twin.iter(*BLOCKS) for parent in block.iterancestors() if parent.tag in others}
    for element in twin.iter(*holders) if holders else ():
        element.tag = "div"
    etree.strip_tags(twin, *others - holders) if others - holders else None
    return twin


def _unname(element: Tree) -> None:
    for name in ("class", "id"):
        good = [token for token in element.get(name, "").split() if _GOOD_NAME.fullmatch(token)]
        if good:
            element.set(name, " ".join(good))
        else:
            element.attrib.pop(name, None)
    for name in ("role", "aria-hidden", "style", "data-component"):
        element.attrib.pop(name, None)


def _runs(root: Tree) -> list[Run]:
    """The words of a tree of HTML or of trafilatura's, in order, parted where a block begins or ends."""
    runs: list[Run] = [Run(root)]
    _add_runs(root, root, runs)
    for run in runs:
        text = run.text
        run.key, run.words = _WORD.sub("", text).casefold(), counting.words(text)
    return runs


def _add_runs(element: Tree, holder: Tree, runs: list[Run]) -> None:
    if element.text:
        runs[-1].pieces.append((element, "text"))
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _UNREAD:
            is_block = child.tag in BLOCKS or child.tag in _THEIR_BLOCKS
            if is_block:
                runs.append(Run(child))
            _add_runs(child, child if is_block else holder, runs)
            if is_block:
                runs.append(Run(holder))
        if child.tail:
            runs[-1].pieces.append((child, "tail"))


def _found(plain: Tree, runs: list[Run], favoured: str) -> list[Run]:
    """The runs whose words are in what trafilatura takes out of the plain copy."""
    import trafilatura  # 0.6 s, needed by web pages only

    made: Any = trafilatura.bare_extraction(
        copy.deepcopy(plain),
        include_comments=False,
        include_links=True,
        include_tables=True,
        favor_precision=favoured == "precision",
        favor_recall=favoured == "recall",
    )
    if made is None or made.body is None:
        return []
    taken = [run.key for run in _runs(made.body)]
    short, whole = set(taken), "".join(taken)
    found: list[Run] = []
    at = 0
    for run in runs:
        if len(run.key) < _LONG_KEY:
            if run.key in short:
                found.append(run)
            continue
        for piece in (run.key, run.key[:_PIECE], run.key[-_PIECE:]):
            if (place := whole.find(piece, at, at + _WINDOW)) >= 0:
                found.append(run)
                at = place + len(piece)
                break
    return found


def _around(body: Tree, found: list[Run]) -> Tree:
    """The deepest element that holds nearly all that was found."""
    weight: dict[Tree, int] = {}
    for run in found:
        for holder in (run.holder, *run.holder.iterancestors()):
            weight[holder] = weight.get(holder, 0) + run.words
    at, total = body, _words(found)
    while True:
        deeper = next((child for child in at if weight.get(child, 0) >= _MOST_OF_IT * total), None)
        if deeper is None or deeper.tag in ("p", "li", "td", "tr", "ul", "ol", "table", "tbody", "blockquote"):
            return at
        at = deeper


# What was passed over


def _prune(root: Tree, runs: list[Run], kept: set[Run], omissions: Omissions) -> None:
    holding = {holder for run in kept for holder in (run.holder, *run.holder.iterancestors())}
    apart: set[Tree] = set()
    _judge(root, holding, apart)
    inside = {element for element in root.iter(etree.Element) if element in holding}
    for run in runs:
        if run not in kept and run.holder in inside and _is_loose(run):
            omissions.leave_out(APART, run.text)
            run.clear()
    for element in [each for each in root.iter(etree.Element) if each in apart]:
        if element.tag != "h1":  # it is the title
            omissions.leave_out(APART, " ".join(element.itertext()))
        element.drop_tree()


def _is_loose(run: Run) -> bool:
    """True when words right inside a box of blocks are only a label: a date, a navigation path."""
    if run.holder.tag in _TEXT_TAGS:
        return False
    linked = sum(
        counting.words(element.text_content())
        for element in {e for e, name in run.pieces if name == "text" and e.tag == "a"}
    )
    return run.words - linked < _LEAST_PARAGRAPH and not _SENTENCE_END.search(run.text)


def _judge(element: Tree, holding: set[Tree], apart: set[Tree]) -> None:
    """Adds to `apart` what inside `element` is no part of the article. holding: elements with words of it."""
    children = [child for child in element if isinstance(child.tag, str)]
    with_words = [at for at, child in enumerate(children) if child in holding]
    first, last = (with_words[0], with_words[-1]) if with_words else (0, len(children))
    follows = False
    for at, child in reversed(list(enumerate(children))):
        follows = follows or bool((child.tail or "").strip())
        if child in holding:
            if _is_block(child) and (child.tag not in _WHOLE or (child.tag in _TABLE and _is_layout(child))):
                _judge(child, holding, apart)
            follows = True
        elif child.tag in HEADINGS:
            if not (follows and at > first - 2):
                apart.add(child)
        elif _is_block(child):
            place = "inside" if first < at < last else "before" if at < first else "after"
            follows = _belongs(child, place, [children[i] for i in with_words])
            if not follows:
                apart.add(child)


def _is_layout(table: Tree) -> bool:
    """True when a table is there for the layout: a cell holds a paragraph of prose."""
    return any(counting.words(p.text_content()) > _PROSE_CELL for p in table.iter("p"))


def _is_block(element: Tree) -> bool:
    return element.tag in BLOCKS or any(True for _ in element.iter(*BLOCKS))


def _belongs(element: Tree, place: str, others: list[Tree]) -> bool:
    """True when a part belongs to the article although it has none of the words that were found.

    place: `before`, `inside` or `after` the parts with such words (`others`) that stand next to it.
    """
    text = " ".join(element.text_content().split())
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
    if not text or _NOTES.search(names):
        return element.tag not in _SIDE
    if _is_furniture(element, text, names):
        return False
    if place == "inside":
        return element.tag != "header" or is_prose(element)
    if element.tag in _PROSE_TAGS:
        near = any(other.tag in _PROSE_TAGS for other in others)
        return near and (place == "after" or counting.words(text) >= _LEAST_PARAGRAPH)
    in_table = element.tag in ("td", "th", "tr")
    return not in_table and is_prose(element) and own_words(element) > (1 - _FEW_LINKED) * len(text)


def _is_furniture(element: Tree, text: str, names: str) -> bool:
    """True when a part serves the site: by its element, first words, links, controls, or a name without prose."""
    if element.tag in _SIDE or _SAID.match(text) or has_cards(element):
        return True
    if own_words(element) < (1 - _MOST_LINKED) * len(text) and element.find(".//math") is None:
        return True
    if element.find(".//input") is not None or element.find(".//textarea") is not None:
        return True
    return bool(_FURNITURE.search(names) or is_inserted(element)) and not is_prose(element)
