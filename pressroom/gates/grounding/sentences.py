"""A text as sentences and clauses of stems, and the sentences of a source that are nearest to a clause of a draft."""

from __future__ import annotations

import math
import re
import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import snowballstemmer

from pressroom.gates.grounding.data import primary
from pressroom.gates.grounding.spans import folded
from pressroom.gates.grounding.tokens import listed

COVERED = 0.5
"""Share of the weight of a clause's stems that a sentence has to have to be about the same."""

NEARLY = 0.9
"""Sentences that cover so much of what the best one does are looked at as well."""

COMMON = 200
"""A stem of more sentences than this tells none from another."""

_CLOSING = '"”“’»)\\]」』'
_SENTENCE = re.compile(
    rf"(?:[^\n.!?。！？]|[.!?](?=[^\s{_CLOSING}])|[.!?,]\s?[\"”“’»)]{{1,3}}(?=,? [a-zà-ÿ])"
    r"|(?<=\b[A-Z])\.(?= )|(?<=\b(?:Mr|Ms|Dr|St))\.(?= )"
    r"|(?<=\d)\.(?= (?:[a-zà-ÿ]|Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez))|[。！？][」』](?=[ぁ-んと]))+"
    rf"[.!?。！？]*\s?[{_CLOSING}]*"
)
_CLAUSE = {
    "": re.compile(r"[,;:()–—]\s+|\s[–—-]\s|[()]"),
    "en": re.compile(
        r"[,;:()–—]\s+|\s[–—-]\s|[()]|\s(?=(?:and|but|while|whereas|though|although|because|yet|which|who)\s)", re.I
    ),
    "de": re.compile(r"[,;:()–—]\s+|\s[–—-]\s|[()]|\s(?=(?:und|aber|während|doch|sondern)\s)", re.I),
    "es": re.compile(r"[,;:()–—]\s+|\s[–—-]\s|[()]|\s(?=(?:y|e|pero|mientras|aunque|sino|porque)\s)", re.I),
    "fr": re.compile(r"[,;:()–—]\s+|\s[–—-]\s|[()]|\s(?=(?:et|mais|tandis|alors|car|bien)\s)", re.I),
    "ja": re.compile(r"[、：（）]|(?<=たが)|(?<=るが)|(?<=いが)|(?<=すが)|(?<=だが)"),
}
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_RUN = re.compile(r"[一-龯々]+|[ァ-ヺー]{2,}|[A-Za-z]+|\d+(?:[.,]\d+)*")
_AND = frozenset({"and", "und", "y", "e", "et"})
_STEMMED = {"en": "english", "de": "german", "es": "spanish", "fr": "french"}
_ONE_AT_A_TIME = threading.Lock()
"""A stemmer has a state, and drafts are judged in threads."""

_ELIDED = re.compile(r"^(?:[ldnjmtsc]|qu)['’]", re.I)


@dataclass(frozen=True)
class Word:
    """A word folded, its stem, where it begins and ends, and whether it carries meaning."""

    plain: str
    stem: str
    start: int
    end: int
    content: bool


@dataclass(frozen=True)
class Clause:
    """A part of a sentence that says one thing; `start` to `end` of its text. joined: by `and`."""

    text: str
    start: int
    end: int
    words: tuple[Word, ...]
    joined: bool = False

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words if word.content)


@dataclass(frozen=True)
class Sentence:
    """A sentence, `start` to `end` of its text, in clauses."""

    text: str
    start: int
    end: int
    clauses: tuple[Clause, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset().union(*(clause.stems for clause in self.clauses))


def sentences(text: str, language: str) -> Iterator[Sentence]:
    """The sentences of `text`, in reading order."""
    language = primary(language)
    for match in _SENTENCE.finditer(text):
        if match[0].strip():
            clauses = tuple(_clauses(match[0], match.start(), language))
            yield Sentence(match[0].strip(), match.start(), match.end(), clauses)


def _clauses(sentence: str, offset: int, language: str) -> Iterator[Clause]:
    at = 0
    ends = [*(match.span() for match in _CLAUSE.get(language, _CLAUSE[""]).finditer(sentence)), (len(sentence), 0)]
    for end, after in ends:
        piece = sentence[at:end]
        if words := tuple(_words(piece, offset + at, language)):
            start = offset + at + len(piece) - len(piece.lstrip())
            yield Clause(piece.strip(), start, offset + end, words, words[0].plain in _AND)
        at = max(end, after)


def _words(text: str, offset: int, language: str) -> Iterator[Word]:
    if language == "ja":
        yield from _japanese(text, offset)
        return
    small = listed("small", language)
    for match in _WORD.finditer(text):
        plain = folded(_ELIDED.sub("", match[0]) if language in ("fr", "es") else match[0]).replace("’", "'")
        start, end = match.span()
        yield Word(plain, stem(plain, language), offset + start, offset + end, plain not in small)


def _japanese(text: str, offset: int) -> Iterator[Word]:
    """Pairs of characters of runs of kanji and katakana; of other runs the whole."""
    for match in _RUN.finditer(text):
        run, start = match[0], offset + match.start()
        if run.isascii() or len(run) == 1:
            yield Word(run, run.lower(), start, start + len(run), True)
            continue
        for at in range(len(run) - 1):
            yield Word(run[at : at + 2], run[at : at + 2], start + at, start + at + 2, True)


@lru_cache(maxsize=32_768)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself in a language that there is no stemmer for."""
    if language not in _STEMMED or len(word) > 40:
        return word
    with _ONE_AT_A_TIME:
        return str(_stemmer(language).stemWord(word.removesuffix("'s")))


@lru_cache(maxsize=8)
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(_STEMMED[language])


class Nearest:
    """The sentences of a source, found by the stems of a clause."""

    def __init__(self, found: Iterable[Sentence]) -> None:
        self.sentences = tuple(found)
        self._texts = frozenset(sentence.text for sentence in self.sentences)
        self._places: dict[str, list[int]] = {}
        for at, sentence in enumerate(self.sentences):
            for one in sentence.stems:
                self._places.setdefault(one, []).append(at)
        self._clauses = [clause for sentence in self.sentences for clause in sentence.clauses]
        self._starts = [clause.start for clause in self._clauses]

    def to(self, stems: frozenset[str], *, covered: float = COVERED) -> list[Sentence]:
        """The sentences that cover the stems best, or nearly so; empty when no sentence covers enough of them."""
        weights = {one: self._weight(one) for one in stems}
        scores: dict[int, float] = {}
        for one, weight in weights.items():
            places = self._places.get(one, ())
            for at in places if len(places) <= COMMON else ():
                scores[at] = scores.get(at, 0.0) + weight
        whole = sum(weights.values())
        if not scores or (most := max(scores.values())) < covered * whole:
            return []
        return [self.sentences[at] for at in sorted(scores) if scores[at] >= NEARLY * most]

    def has(self, sentence: Sentence) -> bool:
        """True when the source has the sentence word for word."""
        return sentence.text in self._texts

    def clause_at(self, position: int) -> Clause | None:
        """The clause that a character of the source is in."""
        at = bisect_right(self._starts, position) - 1
        return self._clauses[at] if at >= 0 and position < self._clauses[at].end else None

    def _weight(self, one: str) -> float:
        return 1 / math.log2(2 + len(self._places.get(one, ())))
