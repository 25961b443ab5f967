"""Compares a clause of a draft with the nearest sentences of its source: in negation, direction and order.

The words are data, in `senses.toml`. A clause disagrees when every one of the nearest sentences says the contrary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pressroom.gates.grounding.data import primary, senses
from pressroom.gates.grounding.sentences import Clause, Nearest, Sentence, Word
from pressroom.gates.grounding.spans import Found, Span, folded

HEADS = 2
"""So many words of meaning behind a negation are what it negates."""

FEWEST = 3
"""A clause of fewer words of meaning is about too little to be compared in negation."""

COMPLEMENT = 3
"""So many words behind `before` and `after` may say of what."""

ALIGNED = 0.4
"""Share of a clause's stems that a clause of a sentence has to have to be its counterpart."""


def disagreements(found: Sequence[Sentence], nearest: Nearest, language: str) -> Iterator[Found]:
    """The clauses of a draft that contradict the source, each with the clause of the source.

    A sentence that the source has word for word contradicts nothing.
    """
    own = _words_for(primary(language))
    if own is None:
        return
    for sentence in found:
        if nearest.has(sentence):
            continue
        for clause in sentence.clauses:
            near = nearest.to(_subject(clause, own))
            for code, check in _CHECKS:
                answers = [check(clause, one, own) for one in near]
                if answers and all(answers):
                    where, said = next(answer for answer in answers if answer)
                    yield Found(f"{code}_not_in_source", where, said)


@dataclass(frozen=True)
class _Words:
    """The words of one language: negations, opposites by axis, and words of order."""

    language: str
    negators: frozenset[str]
    endings: tuple[str, ...]
    lexical: frozenset[str]
    negated: re.Pattern[str] | None
    only_so: re.Pattern[str]
    axes: tuple[_Axis, ...]
    order: tuple[re.Pattern[str], re.Pattern[str]]
    unreal: frozenset[str]

    @property
    def spaceless(self) -> bool:
        return self.language == "ja"


@dataclass(frozen=True)
class _Axis:
    """Two sides of an opposite: words and patterns of one, and of the other."""

    words: tuple[frozenset[str], frozenset[str]]
    patterns: tuple[re.Pattern[str] | None, re.Pattern[str] | None]

    def sides(self, clause: Clause) -> dict[int, Span]:
        """The sides that a clause is on, each with the word that says so."""
        found: dict[int, Span] = {}
        for side in (0, 1):
            for word in clause.words:
                if word.plain in self.words[side]:
                    found.setdefault(side, Span(word.plain, word.start, word.end))
            pattern = self.patterns[side]
            if pattern is not None and (match := pattern.search(clause.text)):
                found.setdefault(side, Span(match[0], clause.start, clause.end))
        return found


Answer = tuple[Span, str] | None


def _negation(clause: Clause, sentence: Sentence, own: _Words) -> Answer:
    mine = _negated(clause, own)
    if own.spaceless:
        other = _counterpart(clause, sentence, own)
        differs = other is not None and bool(mine) != bool(_negated(other, own))
        return (_whole(clause), other.text) if differs and other is not None else None
    if mine:
        heads = {word.stem for word in mine if word.content}
        meant = [one for one in sentence.clauses if heads & one.stems]
        if meant and not any(_negated(one, own) or _lexical(one, own) or _unreal(one, own) for one in sentence.clauses):
            return _whole(clause), max(meant, key=lambda one: len(one.stems & clause.stems)).text
        return None
    if _lexical(clause, own) or _unreal(clause, own) or _too_little(clause, sentence):
        return None
    free = [other for other in sentence.clauses if not _negated(other, own)]
    for one in sentence.clauses:
        if _means(clause, one, free, [word.stem for word in _negated(one, own) if word.content]):
            return _whole(clause), one.text
    return None


def _too_little(clause: Clause, sentence: Sentence) -> bool:
    """True when a clause shares fewer than `HEADS` words with a sentence, or is short and not wholly in it."""
    shared = len(clause.stems & sentence.stems)
    return shared < HEADS or (len(clause.stems) < FEWEST and shared < len(clause.stems))


def _means(clause: Clause, negated: Clause, free: Sequence[Clause], heads: Sequence[str]) -> bool:
    """True when a clause without negation says the negated one: its first word, or more of it than of any other."""
    said = [head for head in heads if head in clause.stems and not any(head in one.stems for one in free)]
    if not said:
        return False
    most = max((len(one.stems & clause.stems) for one in free), default=0)
    return said[0] == heads[0] or len(negated.stems & clause.stems) > most


def _direction(clause: Clause, sentence: Sentence, own: _Words) -> Answer:
    for axis in own.axes:
        mine = axis.sides(clause)
        if len(mine) != 1:
            continue
        (side, span), other = next(iter(mine.items())), _counterpart(clause, sentence, own)
        if other is None or bool(_negated(clause, own)) != bool(_negated(other, own)):
            continue
        theirs = axis.sides(other)
        if 1 - side in theirs and side not in theirs:
            return span, other.text
    return _order(clause, sentence, own)


def _order(clause: Clause, sentence: Sentence, own: _Words) -> Answer:
    """`before the beta` where the source has `after the beta`."""
    for side, words, span in _ordered(clause, own):
        theirs = [(other, of, one) for one in sentence.clauses for other, of, _ in _ordered(one, own) if words & of]
        if theirs and all(other != side for other, _, _ in theirs):
            return span, theirs[0][2].text
    return None


_CHECKS = (("negation", _negation), ("direction", _direction))


def _ordered(clause: Clause, own: _Words) -> Iterator[tuple[int, frozenset[str], Span]]:
    for side, pattern in enumerate(own.order):
        for match in pattern.finditer(clause.text):
            at = clause.start + match.start()
            if own.spaceless:
                words = [word for word in clause.words if word.end <= at][-COMPLEMENT:]
            else:
                words = [word for word in clause.words if word.start >= clause.start + match.end()][:COMPLEMENT]
            stems = frozenset(word.stem for word in words if word.content)
            if stems:
                yield side, stems, Span(match[0].strip(), at, at + len(match[0]))


def _whole(clause: Clause) -> Span:
    return Span(clause.text, clause.start, clause.end)


def _subject(clause: Clause, own: _Words) -> frozenset[str]:
    """The subject of a clause: its stems without the words of either side."""
    sided = frozenset().union(*(words for axis in own.axes for words in axis.words)) | own.lexical
    patterns = [pattern for axis in own.axes for pattern in axis.patterns if pattern is not None]
    return frozenset(
        word.stem
        for word in clause.words
        if word.content
        and word.plain not in sided
        and not (own.spaceless and any(p.search(word.plain) for p in patterns))
    )


def _counterpart(clause: Clause, sentence: Sentence, own: _Words) -> Clause | None:
    """The clause of the sentence that says most of what `clause` is about."""
    subject = _subject(clause, own)
    if not subject:
        return None
    best = max(sentence.clauses, key=lambda one: len(subject & one.stems), default=None)
    return best if best is not None and len(subject & best.stems) >= ALIGNED * len(subject) else None


def _negated(clause: Clause, own: _Words) -> list[Word]:
    """The words that a negation in the clause is about; in Japanese, all of them."""
    if own.negated is not None:
        return list(clause.words) if own.negated.search(own.only_so.sub("", clause.text)) else []
    if own.only_so.search(clause.text):
        return []
    found: list[Word] = []
    words = clause.words
    for at, word in enumerate(words):
        if word.plain in own.negators or word.plain.endswith(own.endings or ("\0",)):
            behind = [one for one in words[at + 1 :] if one.content][:HEADS]
            before = [one for one in words[:at] if one.content][-1:] if own.language == "de" or not behind else []
            found += behind + before or [word]
    return found


def _lexical(clause: Clause, own: _Words) -> bool:
    """True when a verb or an adjective forbids or lacks."""
    return any(word.plain in own.lexical for word in clause.words)


def _unreal(clause: Clause, own: _Words) -> bool:
    """True when a clause says what was expected, feared or supposed, and not what is."""
    return any(word.plain in own.unreal for word in clause.words)


@lru_cache(maxsize=8)
def _words_for(language: str) -> _Words | None:
    data = senses()
    if language not in data["negation"]:
        return None
    negation, order = data["negation"][language], data["order"][language]
    pattern = negation.get("pattern")
    return _Words(
        language=language,
        negators=_set(negation.get("words", "")),
        endings=tuple(one.replace("’", "'") for one in negation.get("endings", ())),
        lexical=_set(negation.get("lexical", "")),
        negated=re.compile(pattern) if pattern else None,
        only_so=_one_of(negation["not"], language),
        axes=tuple(map(_axis, data["opposites"][language])),
        unreal=_set(data["unreal"].get(language, "")),
        order=(_one_of(order["one"], language), _one_of(order["other"], language)),
    )


def _axis(own: dict[str, Any]) -> _Axis:
    patterns = [own.get(f"{side}_patterns") for side in ("one", "other")]
    one, other = (re.compile("|".join(some), re.I) if some else None for some in patterns)
    return _Axis((_set(own.get("one", "")), _set(own.get("other", ""))), (one, other))


def _set(words: str) -> frozenset[str]:
    return frozenset(map(folded, words.split()))


def _one_of(forms: Sequence[str], language: str) -> re.Pattern[str]:
    either = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(either if language == "ja" else rf"(?<!\w)(?:{either})(?!\w)", re.I)
