"""Links that are no words of the text: marks of footnotes, ways back from them, signs after headings."""

from __future__ import annotations

import re
from typing import Any

Tree = Any
"""An lxml element."""

_CLASS = re.compile(r"(?:^|[\s_-])(?:foot-?note|fn|note-?ref|noteref|cite-?ref|sd-?note|end-?note)", re.I)
_PLACE = re.compile(
    r"#(?:[\w:.-]*[_:.-])?(?:fn|foot|end|note|ref|cite|n|sdfootnote|ftn|edn)[\w:.-]*\d|#(?:_ftn|_edn)", re.I
)
_BACKWARDS = re.compile(r"(?:^|[\s_-])(?:back-?ref|reversefootnote|foot-?note-?back|data-footnote-backref)", re.I)
_FIGURE = re.compile(r"\s*+[\[(]?\s*+(?:\d{1,3}|[ivxlc]{1,6}|[a-z]|[*†‡§¶]{1,4})\s*+[\])]?\s*+", re.I)
_LONGEST_PLACE = 100
_BRACKETED = re.compile(r"\s*\[\s*(?:(?:note|nb|fn)\s*)?[\w:.*†‡]{1,6}\s*\]\s*", re.I)


def is_mark(link: Tree) -> bool:
    """True when a link is only a mark: it stays on the page, or its target is named like that of a note."""
    href, text = link.get("href", "").strip(), "".join(link.itertext())
    names = " ".join(link.get(name, "") for name in ("class", "role", "rel", "{http://www.idpf.org/2007/ops}type"))
    if _BACKWARDS.search(names) or "doc-backlink" in names:
        return True
    if not href.startswith("#"):
        place = href[href.find("#") :][:_LONGEST_PLACE] if "#" in href else ""
        return bool(_FIGURE.fullmatch(text) and _is_raised(link) and _PLACE.match(place))
    if not any(char.isalnum() for char in text):
        return True
    if _BRACKETED.fullmatch(text):
        return True
    named = _CLASS.search(names) or _PLACE.match(href[:_LONGEST_PLACE])
    return bool(_FIGURE.fullmatch(text) and (_is_raised(link) or named))


def _is_raised(link: Tree) -> bool:
    return link.find(".//sup") is not None or any(parent.tag == "sup" for parent in link.iterancestors())
