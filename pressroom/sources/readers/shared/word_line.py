"""The runs of a Word paragraph, joined to one text: raised figures by their meaning, struck words and gaps out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pressroom.sources.readers.shared.raised import lowered, raised
from pressroom.sources.readers.shared.tidy import one_line

GAP = "\ufffc"
"""Stands for what can't be read; its sentence goes."""

_SENTENCE = re.compile(r"[^.!?。！？]*(?:[.!?](?!\s|$)[^.!?。！？]*)*(?:[.!?。！？]+[\"'»”’)\]]*\s*|$)")
_OPEN = re.compile(r"[^\s.!?。！？\"'»”’)\]][\"'»”’)\]]*\s*$")
"""Before it a sentence has begun."""
_STOP = re.compile(r"\s*(?:[.!?。！？]|$)")
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True)
class Piece:
    """Text of one look. place: `super`, `sub` or empty. is_gap: something that can't be read stands there."""

    text: str
    place: str = ""
    struck: bool = False
    is_gap: bool = False


def joined(pieces: Sequence[Piece], struck: list[str]) -> str:
    """The text of a paragraph. struck: gets the words that are struck out of it."""
    groups = [(place, "".join(piece.text for piece in run)) for place, run in groupby(_kept(pieces, struck), _place)]
    text = ""
    for at, (place, words) in enumerate(groups):
        after = groups[at + 1][1] if at + 1 < len(groups) else ""
        if place == "super":
            text += _spaced(words, raised(text, words, after))
        elif place == "sub":
            text += lowered(text, words)
        else:
            text += words
    return without_gaps(text)


def without_gaps(text: str) -> str:
    """`text` without the sentences that have a gap."""
    if GAP not in text:
        return text
    return "".join(sentence for sentence in _SENTENCE.findall(text) if GAP not in sentence)


def _place(piece: Piece) -> str:
    return piece.place


def _kept(pieces: Sequence[Piece], struck: list[str]) -> Iterable[Piece]:
    """What is not struck out; a gap where the sentence makes no sense without it."""
    runs = [(is_struck, [*run]) for is_struck, run in groupby(pieces, lambda piece: piece.struck)]
    texts = ["".join(piece.text for piece in run) for _, run in runs]
    for at, (is_struck, run) in enumerate(runs):
        if not is_struck:
            yield from run
        elif words := one_line(texts[at]):
            struck.append(words)
            if not _is_sound("".join(texts[at - 1 : at]), words, "".join(texts[at + 1 : at + 2])):
                yield Piece(GAP)


def _is_sound(before: str, words: str, after: str) -> bool:
    """Whether a sentence still says the truth without `words`: a figure needs another in its place."""
    if not _OPEN.search(before):  # whole sentences
        return True
    if _STOP.match(after) and not words.endswith((",", ";")):
        return False
    near = [*before.split()[-1:], *after.split()[:1]]
    return not _FIGURE.search(words) or any(map(_FIGURE.search, near))


def _spaced(words: str, shown: str) -> str:
    """A raised piece with the space it ended in, which belongs to the line."""
    return f"{shown} " if words[-1:].isspace() and not shown.endswith(" ") else shown
