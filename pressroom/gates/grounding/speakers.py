"""Quotations of a draft that are given to another speaker than the source gives them to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pressroom.gates.grounding.data import primary, senses
from pressroom.gates.grounding.names import in_words, names
from pressroom.gates.grounding.quotations import QUOTED, plain, quotations, said_in
from pressroom.gates.grounding.sentences import Sentence
from pressroom.gates.grounding.source import Source
from pressroom.gates.grounding.spans import Found, Span, blanked, folded
from pressroom.gates.grounding.tokens import listed

OPENING = 8
"""So many words of a quotation find the sentence of the source that it opens in."""

TURN = 60
"""Characters behind a quotation in which its speaker may stand."""

_JAPANESE = re.compile(r"([一-龯ァ-ヺー]{1,8})(?:さん|氏|様|先生|教授|社長|市長|町長|館長|監督)")
_GIVES = re.compile(r"[:：]\s*$")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def misattributed(text: str, found: Sequence[Sentence], source: Source, language: str) -> Iterator[Found]:
    """Speakers of a draft whose words the source gives to another."""
    quoted = list(quotations(text))
    outside = blanked(text, [Span(match[0], *match.span()) for match in QUOTED.finditer(text)])
    for quotation in quoted:
        if not said_in(quotation.text, source.plain):
            continue
        start, end = _around(quotation, found)
        speakers = list(_speakers(outside, start, end, source, language))
        if not speakers or not _attributes(text, outside, start, end, quotation, language):
            continue
        theirs = _told_speakers(quotation.text, source, language)
        mine = {folded(one.text) for one in speakers}
        if theirs and not mine & theirs:
            yield Found("speaker_not_in_source", speakers[0], " ".join(sorted(theirs)))


def _around(quotation: Span, found: Sequence[Sentence]) -> tuple[int, int]:
    """The sentences that a quotation is part of."""
    own = [one for one in found if one.start < quotation.end and quotation.start < one.end]
    if not own:
        return quotation.start, quotation.end
    return own[0].start, max(own[-1].end, min(quotation.end + TURN, own[-1].end))


def _speakers(outside: str, start: int, end: int, source: Source, language: str) -> Iterator[Span]:
    """Persons of the source that are named outside quotation marks, and in Japanese those with a form of address."""
    known = _persons(source, language)
    piece = outside[start:end]
    matches = _JAPANESE.finditer(piece) if primary(language) == "ja" else _WORD.finditer(piece)
    for match in matches:
        name = match[1] if primary(language) == "ja" else match[0]
        word = re.sub(r"['’]s?$", "", name)
        if folded(word) in known and (primary(language) == "ja" or word[0].isupper()):
            yield Span(word, start + match.start(), start + match.start() + len(word))


def _attributes(text: str, outside: str, start: int, end: int, quotation: Span, language: str) -> bool:
    """Whether what stands around a quotation gives it to a speaker: a verb of speech, or a colon before it."""
    if _GIVES.search(text[max(0, quotation.start - 3) : quotation.start]):
        return True
    cues = _cues(primary(language))
    if primary(language) == "ja":
        return any(cue in outside[start:end] for cue in cues)
    return any(folded(match[0]) in cues for match in _WORD.finditer(outside, start, end))


def _told_speakers(quotation: str, source: Source, language: str) -> frozenset[str]:
    """The persons that the source names where it has the quotation; in the sentences next to it if in none of those."""
    opening = " ".join(plain(quotation).split()[:OPENING])
    told = source.nearest.sentences
    places = [at for at, one in enumerate(told) if opening in plain(one.text)]
    if not places and (words := opening.split()[:3]):
        places = [at for at, one in enumerate(told) if " ".join(words) in plain(one.text)]
    own = frozenset(name for at in places for name in _named(told[at], source, language))
    if own or not places:
        return own
    near = {at + step for at in places for step in (-1, 1) if 0 <= at + step < len(told)}
    return frozenset(name for at in near for name in _named(told[at], source, language))


def _named(sentence: Sentence, source: Source, language: str) -> Iterator[str]:
    piece = QUOTED.sub(lambda match: " " * len(match[0]), source.text[sentence.start : sentence.end])
    for span in _speakers(piece, 0, len(piece), source, language):
        yield folded(span.text)


@lru_cache(maxsize=64)
def _persons(source: Source, language: str) -> frozenset[str]:
    """Words of names of several words, and of those beside a verb of speech; none that is also a plain word."""
    if primary(language) == "ja":
        return frozenset(folded(match[1]) for match in _JAPANESE.finditer(source.text))
    words = in_words(source.text)
    cues = _cues(primary(language))
    small = {folded(word.text) for word in words if not word.capital} | listed("general", language)
    runs = (name for name in names(source.text, language) if sum(word.capital for word in name) > 1)
    found = {folded(word.text) for name in runs for word in name if word.capital}
    for at, word in enumerate(words):
        if folded(word.text) in cues:
            found |= {folded(one.text) for one in words[max(0, at - 2) : at + 3] if one.capital and not one.first}
    return frozenset(re.sub(r"['’]s?$", "", one) for one in found if one not in small)


@lru_cache(maxsize=8)
def _cues(language: str) -> frozenset[str]:
    own: str = senses()["speech"].get(language, "")
    return frozenset(map(folded, own.split()))
