"""Names of a draft that its source doesn't have, or puts together otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from pressroom.gates.grounding.data import primary
from pressroom.gates.grounding.names import Word, in_words, japanese_names, names, unknown
from pressroom.gates.grounding.quotations import plain
from pressroom.gates.grounding.source import Source
from pressroom.gates.grounding.spans import Span, folded
from pressroom.gates.grounding.tokens import known, listed

_WITHOUT_CAPITALS = ("ja", "zh", "ko", "th")


def same_script(one: str, other: str) -> bool:
    """True when two languages write a name alike: a name in katakana is Latin letters in English."""
    return (primary(one) in _WITHOUT_CAPITALS) == (primary(other) in _WITHOUT_CAPITALS)


def strange_names(text: str, vocabulary: frozenset[str], language: str) -> Iterator[Span]:
    """Names with a word that is not in the vocabulary."""
    if primary(language) in _WITHOUT_CAPITALS:
        general = listed("general", language)
        for span in japanese_names(text):
            said = folded(span.text)
            if said not in general and not all(_kana_known(one, vocabulary) for one in said.replace("・", " ").split()):
                yield span
        return
    for name in names(text, language):
        if unknown(name, vocabulary):
            start, end = name[0].start, name[-1].end
            yield Span(text[start:end], start, end)


def _kana_known(word: str, vocabulary: frozenset[str]) -> bool:
    return known(word, vocabulary) or (not word.isascii() and any(word in one for one in vocabulary))


def mixed_up(text: str, source: Source) -> Iterator[Span]:
    """Two known names made into one: the source always says something else behind the first, or the second."""
    nobody = listed("general", source.language) | listed("openers", source.language)
    found = in_words(text)
    for one, other, third in zip(found, found[1:], [*found[2:], None], strict=False):
        if not (one.capital and other.capital) or other.first or text[one.end : other.start] != " ":
            continue
        if folded(one.text) in nobody or _stripped(other.text) not in source.words:
            continue
        goes_on = third is not None and text[other.end : third.start] == " " and third.capital
        cut_short = not goes_on and not one.first and _stripped(other.text) in source.followers
        if (folded(one.text) in source.followers or cut_short) and not _side_by_side(one, other, source):
            yield Span(text[one.start : other.end], one.start, other.end)


def _stripped(word: str) -> str:
    return folded(word).removesuffix("'s").removesuffix("’s")


def _side_by_side(one: Word, other: Word, source: Source) -> bool:
    return f"{plain(one.text)} {plain(_stripped(other.text))}" in source.plain
