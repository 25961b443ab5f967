"""Quotations of a draft that are given to another speaker than the source gives them to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from pressroom.gates.grounding.data import primary, senses
from pressroom.gates.grounding.names import in_words, names
from pressroom.gates.grounding.quotations import QUOTED, plain, quotations, said_in
from pressroom.gates.grounding.sentences import Sentence
from pressroom.gates.grounding.source import Source
from pressroom.gates.grounding.spans import Found, Span, blanked, folded
from pressroom.gates.grounding.tokens import listed

OPENING = 8
"""So many words of a quotation find the sentence of the source that it opens in."""

NEAR = (-3, -2, -1, 1)
"""Sentences before and behind a quotation that may name its speaker."""

TURN = 60
"""Characters behind a quotation in which its speaker may stand."""

_ARTICLES = frozenset(
    {"the", "her", "his", "their", "its", "der", "die", "das", "ihr", "sein", "el", "la", "su", "le", "l", "sa"}
)
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
    """True when the text around a quotation names a speaker: with a verb of speech, or with a colon before it."""
    if _GIVES.search(text[max(0, quotation.start - 3) : quotation.start]):
        return True
    cues = _cues(primary(language))
    if primary(language) == "ja":
        return any(cue in outside[start:end] for cue in cues)
    return any(folded(match[0]) in cues for match in _WORD.finditer(outside, start, end))


def _told_speakers(quotation: str, source: Source, language: str) -> frozenset[str]:
    """The persons that the source names where it has the quotation, and near it where none of them is said to speak."""
    opening = " ".join(plain(quotation).split()[:OPENING])
    told = source.nearest.sentences
    places = [at for at, one in enumerate(told) if opening in plain(one.text)]
    if not places and (words := opening.split()[:3]):
        places = [at for at, one in enumerate(told) if " ".join(words) in plain(one.text)]
    own = frozenset(name for at in places for name in _named(told[at], source, language))
    if not places or any(_says(told[at], own, language) for at in places):
        return own
    near = {at + step for at in places for step in NEAR if 0 <= at + step < len(told)}
    return own | frozenset(name for at in near for name in _named(told[at], source, language))


def _named(sentence: Sentence, source: Source, language: str) -> Iterator[str]:
    piece = _unquoted(source.text[sentence.start : sentence.end])
    for span in _speakers(piece, 0, len(piece), source, language):
        yield folded(span.text)


def _says(sentence: Sentence, names: frozenset[str], language: str) -> bool:
    """True when one of the names stands next to a verb of speech or opens a speech with a colon."""
    if primary(language) == "ja":
        return bool(names)
    cues, small = _cues(primary(language)), listed("small", language) - _ARTICLES
    spoken = [folded(match[0]) for match in _WORD.finditer(_unquoted(sentence.text)) if match[0]]
    beside = [word for word in spoken if word in names or word in cues or word in small]
    return len(names & set(spoken)) == len(set(spoken)) or any(
        (one in names and other in cues) or (one in cues and other in names) for one, other in pairwise(beside)
    )


def _unquoted(text: str) -> str:
    return QUOTED.sub(lambda match: " " * len(match[0]), text)


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
