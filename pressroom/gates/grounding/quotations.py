"""Finds the quotations of a draft, and checks that a text has their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pressroom.gates.grounding.data import rules
from pressroom.gates.grounding.spans import Span, folded

FEWEST_WORDS = 3
FEWEST_CHARACTERS = 8
"""Of a language that sets no spaces. Anything shorter is a word set off, not a quotation."""

_PAIRS = [("“", "”"), ("„", "“”"), ("«", "»"), ("»", "«"), ("「", "」"), ("『", "』"), ('"', '"')]
QUOTED = re.compile("|".join(f"{re.escape(a)}(?P<q{n}>[^{a}{b}\n]+)[{b}]" for n, (a, b) in enumerate(_PAIRS)))
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LEFT_OUT = re.compile(r"\[[^\[\]]*\]|\(?\.\.\.+\)?|…")
_MARKS = re.compile(r"[^\w\s]|_")


def quotations(text: str) -> Iterator[Span]:
    """Texts between quotation marks, within one line, that are long enough to be a quotation."""
    for match in QUOTED.finditer(text):
        said = next(group for group in match.groups() if group is not None)
        if _shown().search(text[max(0, match.start() - 40) : match.start()]):
            continue
        if len(said.split()) >= FEWEST_WORDS or len(_SPACELESS.findall(said)) >= FEWEST_CHARACTERS:
            yield Span(said.strip(), match.start(), match.end())


@lru_cache(maxsize=1)
def _shown() -> re.Pattern[str]:
    """Matches an introduction of words that are shown rather than quoted: `On screen: `."""
    forms = "|".join(re.escape(form) for form in rules()["shown"])
    return re.compile(rf"(?:{forms})[^\n:：“”\"«»]{{0,15}}[:：]\s*$", re.I)


def plain(text: str) -> str:
    """Words only, for comparing: marks of any kind, capitals and spaces between are how a thing is set, not said."""
    return " ".join(_MARKS.sub(" ", folded(text.replace("’", "").replace("'", ""))).split())


def said_in(quotation: str, plain_source: str) -> bool:
    """True when the source has each piece of `quotation`, split where words are left out, in order."""
    at = 0
    for piece in filter(None, map(plain, _LEFT_OUT.split(quotation))):
        found = _whole(piece, plain_source, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _whole(piece: str, source: str, start: int) -> int:
    """Where `piece` stands as whole words; anywhere for a language without spaces."""
    if _SPACELESS.search(piece):
        return source.find(piece, start)
    match = re.compile(rf"(?<!\w){re.escape(piece)}(?!\w)").search(source, start)
    return match.start() if match else -1
