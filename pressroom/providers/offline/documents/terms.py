"""Key terms in the manner of RAKE and YAKE: runs of words between stop words, weighed by what shows that they matter.

A term weighs more the oftener it occurs and the more paragraphs it occurs in, when the title names it, when it is
written as a name, and when an article stands before it, which nouns have and verbs have not. Of forms of the same
word only the most frequent one is kept.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pressroom.platforms import counting
from pressroom.providers.offline.documents.tables import Language, folded
from pressroom.providers.offline.documents.words import Word, stem

MOST_WORDS, MOST_CHARACTERS = 3, 32
TITLE, NAMED, DETERMINED, COMPOUND = 1.6, 0.9, 0.7, 0.45
NUMERALS = "一二三四五六七八九十百千万億何数"
_KANJI = re.compile(r"[\u4e00-\u9fff]{2,}")
HALVES = 4  # characters of a run of kanji from which its halves are terms of their own, more general ones


@dataclass(frozen=True)
class Term:
    """telling: it says what a text is about by itself, as a hashtag has to."""

    text: str
    telling: bool


@dataclass
class _Candidate:
    forms: Counter[str] = field(default_factory=Counter)
    paragraphs: set[int] = field(default_factory=set)
    named: int = 0
    determined: int = 0
    size: int = 1

    @property
    def times(self) -> int:
        return self.forms.total()

    @property
    def form(self) -> str:
        """The form written most often; a name's capitals stand against the same word at the start of a sentence."""
        return max(self.forms, key=lambda form: (self.forms[form], form.islower()))


def terms_of(
    sentences: Sequence[tuple[Word, ...]], paragraphs: Sequence[int], title: tuple[Word, ...], language: Language
) -> list[Term]:
    """Every term of the sentences, the weightiest first, several words or one; then their parts, then other words."""
    found: defaultdict[str, _Candidate] = defaultdict(_Candidate)
    for words, paragraph in zip(sentences, paragraphs, strict=True):
        for run in _grams(words):
            _note(found[_key(run)], run, paragraph)
    in_title = {_key(run) for run in _grams(title)}
    for run in _grams(title):
        _note(found[_key(run)], run, -1)
    weights = {key: _weight(one, key in in_title, language) for key, one in found.items() if _is_term(one, language)}
    inside = _parts_only(found, weights)
    order = sorted(weights, key=lambda key: (key in inside, -weights[key]))
    telling = [
        Term(found[key].form, key not in inside and _tells(found[key], key in in_title, language)) for key in order
    ]
    known = [one.text for one in telling]
    others = (word.text for words in sentences for word in words if not word.stop)
    rest = [Term(text, telling=False) for text in (*general(known), *others)]
    unique: dict[str, Term] = {}
    for one in (*telling, *rest):
        unique.setdefault(one.text, one)
    return list(unique.values())


def _tells(one: _Candidate, in_title: bool, language: Language) -> bool:
    """True when the uses of a term show a content word, a name or a known compound; no parser is at hand."""
    form, times = one.form, one.times
    if not form[-1].isalpha() or any(
        {folded(word), folded(word).rstrip("s")} & language.empty for word in form.split()
    ):
        return False
    if one.size > 1:
        return _has_case(form) and (one.named == times or times > 1)
    if counting.is_unspaced(form):
        return len(form) > 1 and form[0] not in NUMERALS and (times > 1 or in_title)
    return len(form) >= (2 if form.isupper() else 3) and _is_noun(one, in_title, language)


def _is_noun(one: _Candidate, in_title: bool, language: Language) -> bool:
    """True when a single word is used as a noun: as a name, or more than once and behind an article."""
    if language.noun_capitals and one.form.islower():
        return False
    if one.named * 2 > one.times and not language.noun_capitals:
        return True
    if not language.determiners:
        return one.times > 2 or (in_title and one.times > 1)
    is_verbal = one.form.endswith(language.verbal) and not in_title
    return one.determined > 0 and (one.times > 1 or in_title) and not is_verbal


def _has_case(text: str) -> bool:
    """True when the script has capitals, which tell words apart that are run together."""
    return text.lower() != text.upper()


def general(terms: Sequence[str]) -> Iterator[str]:
    """More general terms inside the given ones: single words of several, then halves and characters of kanji."""
    kanji = [term for term in terms if _KANJI.fullmatch(term) and term[0] not in NUMERALS]
    yield from (part for term in terms if " " in term for part in term.split() if len(part) > 2)
    yield from (part for term in kanji if len(term) >= HALVES for part in (term[:2], term[-2:]))
    yield from (character for term in kanji for character in term if character not in NUMERALS)


def _parts_only(found: Mapping[str, _Candidate], keys: Iterable[str]) -> set[str]:
    """Finds the `keys` that occur only inside a longer one."""
    parts = set()
    for key in keys:
        stems = key.split()
        for size in range(1, len(stems)):
            for at in range(len(stems) - size + 1):
                part = " ".join(stems[at : at + size])
                if part in found and found[part].times <= found[key].times:
                    parts.add(part)
    return parts


def _grams(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Runs of up to three words without a stop word or a mark between; of scripts without spaces, whole runs only."""
    for at, word in enumerate(words):
        for end in range(at + 1, min(at + MOST_WORDS, len(words)) + 1):
            last = words[end - 1]
            if last.stop or (end > at + 1 and (not last.joined or counting.is_unspaced(word.text))):
                break
            yield tuple(words[at:end])


def _key(run: Sequence[Word]) -> str:
    return " ".join(stem(word.text) for word in run)


def _note(candidate: _Candidate, run: Sequence[Word], paragraph: int) -> None:
    text = " ".join(word.text for word in run)
    candidate.forms[text] += 1
    candidate.paragraphs.add(paragraph)
    candidate.named += all(word.named for word in run)
    candidate.determined += run[0].after_determiner
    candidate.size = len(run)


def _is_term(candidate: _Candidate, language: Language) -> bool:
    """Several words are a term when they come together again, or are a name; a common word alone is not."""
    if len(candidate.form) > MOST_CHARACTERS:
        return False
    if candidate.size == 1:
        return folded(candidate.form) not in language.common
    return candidate.times > 1 or (candidate.named == candidate.times and not language.noun_capitals)


def _weight(candidate: _Candidate, in_title: bool, language: Language) -> float:
    times = candidate.times
    weight = math.sqrt(times * len(candidate.paragraphs)) * (1 + COMPOUND * (candidate.size - 1))
    weight *= 1 + NAMED * candidate.named / times + DETERMINED * candidate.determined / times
    if candidate.size == 1 and not candidate.determined and not candidate.named:
        weight /= 3 if times > 1 + in_title else 4  # as likely a verb or an adverb
    if language.noun_capitals and candidate.form.islower():
        weight /= 4
    if counting.is_unspaced(candidate.form):
        weight *= (1 + min(len(candidate.form), 6) / 6) / (8 if candidate.form[0] in NUMERALS else 1)
    elif candidate.size == 1 and len(candidate.form) < 4 and not candidate.form.isupper():
        weight /= 2
    return weight * (TITLE if in_title else 1)
