"""Hashtags of a draft: made of the source's words, the caller's, or general ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pressroom.gates.grounding.source import Source
from pressroom.gates.grounding.spans import Span, folded
from pressroom.gates.grounding.tokens import humps, known, listed

STEM, ENDING = 5, 4
"""Letters: so many are a stem, and so many more at most an ending."""

LONGEST = 100
"""No platform has a tag of more characters."""

_TAG = re.compile(r"(?<![\w&/])[#＃]([\w·]+)")
_HANDLE = re.compile(r"(?<![\w@./])@([A-Za-z0-9_](?:[\w.]*\w)?)", re.A)
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def tags(text: str) -> Iterator[Span]:
    """Hashtags with their `#`."""
    for match in _TAG.finditer(text):
        if not match[1].isdigit():
            yield Span(match[0], *match.span())


def handles(text: str) -> Iterator[Span]:
    """Accounts that are addressed: `@name`."""
    for match in _HANDLE.finditer(text):
        yield Span(match[0], *match.span())


def strange_tag(tag: str, source: Source, vocabulary: frozenset[str]) -> bool:
    """True when a tag has a word that only an instruction in the source has, or no word of the vocabulary."""
    plain = folded(tag.lstrip("#＃"))
    pieces = humps(tag) or [plain]
    if known(plain, vocabulary):
        return False
    if plain in source.refused or any(piece in source.refused for piece in pieces if len(piece) > 2):
        return True
    general = listed("hashtags", source.language)
    if _SPACELESS.search(plain):
        return plain not in source.plain.replace(" ", "") and plain not in general
    permitted = vocabulary | general
    long = [piece for piece in pieces if len(piece) > 2]
    if any(known(piece, permitted) or _of_one_stem(piece, permitted) for piece in long):
        return False
    return not _made_of(plain.replace("_", ""), permitted, listed("openers", source.language))


def _of_one_stem(piece: str, vocabulary: frozenset[str]) -> bool:
    """`composting` where the source says `compost`: the same five letters or more, and an ending."""
    return any(piece[:length] in vocabulary for length in range(STEM, len(piece)) if len(piece) - length <= ENDING)


def _made_of(plain: str, vocabulary: frozenset[str], small: frozenset[str]) -> bool:
    """True when a tag in small letters is known or small words run together: `opensourceday`, `nomoredoubts`."""
    if len(plain) > LONGEST:
        return False
    reach = {0}
    for end in range(2, len(plain) + 1):
        for piece in (plain[start:end] for start in reach):
            if (len(piece) > 2 and piece in vocabulary) or _is_small(piece, small):
                reach.add(end)
                break
    return len(plain) in reach


def _is_small(piece: str, small: frozenset[str]) -> bool:
    return len(piece) > 1 and (piece in small or (len(piece) > 3 and piece.removesuffix("s") in small))
