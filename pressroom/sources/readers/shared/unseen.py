"""Elements of a page that no browser shows: hidden by an attribute, a style, a style sheet or a class known for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml.cssselect import CSSSelector

Tree = Any
"""An lxml element."""

_OVERLAID = (
    "//body//*[@hidden or self::template or self::noscript or (self::dialog and not(@open)) or @role = 'dialog' "
    "or @role = 'alertdialog']"
)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d])"
    r"|text-indent\s*:\s*-\d{3,}|(?<![\w-])(?:left|top|right|margin-left)\s*:\s*-\d{4,}|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%|(?<![\w-])color\s*:\s*transparent",
    re.I,
)
_FADED = re.compile(r"(?<![\w-])opacity\s*:\s*0*(?:\.0+)?%?\s*(?:;|!|$)|\bscale[xy]?\(\s*0\s*[,)]", re.I)
_MOVES = re.compile(r"transition|animation|will-change|translate", re.I)
"""Of an element that a script lets appear while the page is read."""
_FLAT = re.compile(r"(?<![\w-])(?:height|width)\s*:\s*0(?:px|em|rem|%)?\s*(?:;|!|$)", re.I)
_CUT = re.compile(r"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)", re.I)
_SEEN = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", re.I)
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([#\w(),.% ]+)", re.I)
_GROUND = re.compile(r"background(?:-color)?\s*:\s*([#\w(),.% ]+)", re.I)
_CLASSES = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-?reader-?(?:text|only)|assistive-text|a11y-hidden|u-hidden"
    r"|visuallyhidden|d-none(?!\s+d-)|hidden(?!\s+\w+:))(?:\s|$)"
)
_FOCUSABLE = re.compile(r"(?:sm|md|lg|xl|print):|d-(?:sm|md|lg|xl|print)-")

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_RULE = re.compile(r"(?<![^{}])([^{}]++)\{([^{}]*+)\}")
_MEDIA = re.compile(r"@(?:media|supports|layer|container)\b([^{}]*)\{((?:[^{}]*\{[^{}]*\})*[^{}]*)\}", re.S)
_NARROW = re.compile(r"print|max-width|min-width|prefers-|speech|orientation|hover", re.I)
_PSEUDO = re.compile(r":(?!not\(|first-child|last-child)|no-?js|\bjs\b", re.I)
_LONGEST_SHEET = 300_000
_MOST_SELECTORS = 300


def unseen(tree: Tree) -> list[Tree]:
    """The elements that are hidden, each once, in no particular order."""
    found = dict.fromkeys(tree.xpath(_OVERLAID))
    found |= dict.fromkeys(element for element in tree.xpath("//body//*[@style]") if _is_styled_away(element))
    found |= dict.fromkeys(element for element in tree.xpath("//body//*[@class]") if _has_hiding_class(element))
    found |= dict.fromkeys(_by_sheets(tree))
    return [element for element in found if element.getparent() is not None]


def _is_styled_away(element: Tree) -> bool:
    style = element.get("style")
    colour, ground = _COLOUR.search(style), _GROUND.search(style)
    same = colour is not None and ground is not None and _flat(colour[1]) == _flat(ground[1])
    faded = _FADED.search(style) is not None and _MOVES.search(style) is None
    return same or faded or _hides(style)


def _hides(declarations: str) -> bool:
    if _UNSEEN.search(declarations) is not None:
        return True
    return _FLAT.search(declarations) is not None and _CUT.search(declarations) is not None


def _flat(colour: str) -> str:
    return "".join(colour.lower().split())


def _has_hiding_class(element: Tree) -> bool:
    names = element.get("class")
    return _CLASSES.search(names) is not None and _FOCUSABLE.search(names) is None


def _by_sheets(tree: Tree) -> Iterator[Tree]:
    """Elements that the page's own style sheets hide; of two rules the more specific and the later one counts."""
    decided: dict[Tree, tuple[tuple[int, int, int], bool]] = {}
    for selector, hides in _selectors(tree):
        weight = _weight(selector)
        for element in selector(tree):
            if element not in decided or decided[element][0] <= weight:
                decided[element] = (weight, hides)
    body = tree.find("body")
    yield from (element for element, (_, hides) in decided.items() if hides and element is not body and _is_in(element))


def _is_in(element: Tree) -> bool:
    return element.tag not in ("html", "head") and element.getparent() is not None


def _weight(selector: CSSSelector) -> tuple[int, int, int]:
    from cssselect import parse

    return parse(selector.css)[0].specificity()


def _selectors(tree: Tree) -> Iterator[tuple[CSSSelector, bool]]:
    """Selectors of the rules that hide or show, in their order, and whether they hide."""
    count = 0
    for sheet in tree.iter("style"):
        text = _COMMENT.sub("", (sheet.text or "")[:_LONGEST_SHEET])
        text = _MEDIA.sub(lambda block: "" if _NARROW.search(block[1]) else block[2], text)
        for names, declarations in _RULE.findall(text):
            hides = _hides(declarations)
            if not hides and not _SEEN.search(declarations):
                continue
            for name in names.split(","):
                count += 1
                if count > _MOST_SELECTORS or _PSEUDO.search(name) or "@" in name:
                    continue
                try:
                    yield CSSSelector(name.strip(), translator="html"), hides
                except Exception:  # noqa: S112  # a selector of a newer style than the parser's
                    continue
