"""The runs of a Word paragraph, joined to one text: raised figures by their meaning, struck words and gaps out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pressroom.sources.readers.shared.omissions import EQUATIONS, STRUCK, Omissions
from pressroom.sources.readers.shared.raised import lowered, raised
from pressroom.sources.readers.shared.tidy import one_line

GAP = "\ufffc"
"""Stands for something that can't be read as text; its sentence goes."""

TORN = "Sentences that say something else without their struck-out words"
_TORN = "\ufdd0"
_SENTENCES = re.compile(r"(?<=[.!?…])(?=\s)|(?<=[。！？])|(?<=\n)")
_OPEN = re.compile(r"[^\s.!?。！？\"'»”’)\]][\"'»”’)\]]*\s*$")
"""Before it a sentence has begun."""
_STOP = re.compile(r"\s*(?:[.!?。！？]|$)")
_LOOK_BACK = 100
"""Characters before a raised figure that say what it is."""
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True)
class Piece:
    """Text of one look. place: `super`, `sub` or empty."""

    text: str
    place: str = ""
    struck: bool = False


def joined(pieces: Sequence[Piece], omissions: Omissions) -> str:
    """The text of a paragraph. omissions: takes the words struck out of it, and sentences with a formula unread."""
    groups = [(place, "".join(piece.text for piece in run)) for place, run in groupby(_kept(pieces, omissions), _place)]
    line: list[str] = []
    before = ""
    for at, (place, words) in enumerate(groups):
        after = groups[at + 1][1] if at + 1 < len(groups) else ""
        line.append(_shown(place, before, words, after))
        before = (before + line[-1])[-_LOOK_BACK:]
    text = "".join(line)
    text, unread = _without(GAP, text)
    text, torn = _without(_TORN, text)
    if unread:
        omissions.fail(EQUATIONS, unread)
    omissions.leave_out(TORN, torn)
    return text


def _without(mark: str, text: str) -> tuple[str, str]:
    """`text` without the sentences that have `mark` in them, and those."""
    if mark not in text:
        return text, ""
    sentences = _SENTENCES.split(text)
    out = "".join(sentence for sentence in sentences if mark in sentence)
    return "".join(sentence for sentence in sentences if mark not in sentence), out.replace(mark, "…")


def _place(piece: Piece) -> str:
    return piece.place


def _kept(pieces: Sequence[Piece], omissions: Omissions) -> Iterator[Piece]:
    """The pieces that are not struck out, nor in a sentence that makes no sense without those that are."""
    runs = [(is_struck, [*run]) for is_struck, run in groupby(pieces, lambda piece: piece.struck)]
    texts = ["".join(piece.text for piece in run) for _, run in runs]
    for at, (is_struck, run) in enumerate(runs):
        if not is_struck:
            yield from run
        elif words := one_line(texts[at]):
            omissions.leave_out(STRUCK, words)
            if not _is_sound("".join(texts[at - 1 : at]), words, "".join(texts[at + 1 : at + 2])):
                yield Piece(_TORN)


def _is_sound(before: str, words: str, after: str) -> bool:
    """True when a sentence stays true without `words`: a figure needs another in its place."""
    if not _OPEN.search(before):  # whole sentences
        return True
    if _STOP.match(after) and not words.endswith((",", ";")):
        return False
    near = [*before.split()[-1:], *after.split()[:1]]
    return not _FIGURE.search(words) or any(map(_FIGURE.search, near))


def _shown(place: str, before: str, words: str, after: str) -> str:
    if place == "super":
        return _spaced(words, raised(before, words, after))
    return lowered(before, words) if place == "sub" else words


def _spaced(words: str, shown: str) -> str:
    """A raised piece with the space it ended in, which belongs to the line."""
    return f"{shown} " if words[-1:].isspace() and not shown.endswith(" ") else shown
