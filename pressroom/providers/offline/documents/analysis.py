"""A document read once: its sentences weighed, its terms, and how much of it is prose. Kept for the next format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pressroom.formats.shared import language as wording
from pressroom.platforms import counting
from pressroom.providers.offline.documents import blocks, ranking, sentences, speakers, terms, unfit
from pressroom.providers.offline.documents.tables import Language, language_of
from pressroom.providers.offline.documents.terms import Term
from pressroom.providers.offline.documents.words import Word, meaning, words_of

KEPT = 8  # documents: as many formats of the same one come one after the other
FEWEST_WORDS, GOOD_WORDS, MOST_WORDS = 3, (7, 34), 70
# How much less a sentence weighs for its form.
ITEM, QUESTION, LINK, LEANING, SHORT, LONG, SMALL = 0.5, 0.55, 0.6, 0.85, 0.6, 0.7, 0.3
UNFIT = (1.0, 0.3, 0.05, 0.01)  # of its weight, by its level
FIRST, FIGURE = 1.2, 1.1  # and how much more: what a paragraph begins with, and figures, say most
ITEM_WORDS = 5
SHORTEST, ANSWER_WORDS = 4, 7  # words that a sentence, and the first one of an answer, have at least
FIT_WORDS, FIT_SENTENCES = (190, 160, 110), 5  # enough to write from
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_ENDED = re.compile(r"[.!?…。！？؟।][\"'”’“»«)\]」』）]*$")
_UNQUOTABLE = re.compile(
    r"^\(?\d+\s?/\s?\d+\b|\s-{1,2}[a-zA-Z]+\b(?!-)|[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff\ufffd<>{}|\\`]|\$ |://(?:(?!://)[^\s…])*+…"
)
_NAME_OF_CODE = re.compile(r"[A-Za-z]_[A-Za-z]|\w/\w+/|\[[A-Z]+\]|(?<!\S)\.\w")
_MARKS = (("«", "»"), ("「", "」"), ("『", "』"), ("(", ")"), ("[", "]"), ("（", "）"))


@dataclass(frozen=True)
class Sentence:
    """A sentence in the author's words. `position` counts from 0 over the text; `weight` is at most 1."""

    text: str
    position: int
    weight: float


@dataclass(frozen=True)
class Read(Sentence):
    """A sentence that can be quoted. needs: position of an earlier one that it points back to.

    paragraph: counts from 0; speaker: who says it in an interview, empty for the author; fit: it can stand alone.
    """

    needs: int | None
    opens: bool
    heading: str
    paragraph: int = 0
    speaker: str = ""
    fit: bool = True


@dataclass(frozen=True)
class Analysis:
    """`words`: of the whole text; `kinds`: words of it by the kind of block they stand in; `kind`: of the text.

    terms: the weightiest first; telling: those of them that say by themselves what the text is about.
    """

    sentences: tuple[Read, ...]
    terms: tuple[str, ...]
    telling: tuple[str, ...]
    words: int
    kinds: dict[str, int]
    kind: unfit.Kind

    @property
    def quotable(self) -> int:
        """Words of the sentences that can be quoted."""
        return sum(counting.words(one.text) for one in self.sentences)


@dataclass(frozen=True)
class _Raw:
    text: str
    paragraph: int
    first: bool
    item: bool
    heading: str
    position: int
    speaker: str
    answers: bool


@lru_cache(maxsize=KEPT)
def analysed(text: str, title: str, tag: str, author: str = "") -> Analysis:
    """Analyses a text of a language (BCP 47 tag); the same text is read once."""
    language, parts = language_of(tag), blocks.blocks_of(text)
    turns = speakers.turns_of(parts, title, author)
    raw = _raw(parts, turns, language)
    words = [words_of(one.text, language) for one in raw]
    title_words = words_of(title, language)
    weights = ranking.ranked([meaning(one) for one in words], meaning(title_words), [one.first for one in raw])
    kinds: dict[str, int] = {}
    for part in parts:
        kinds[part.kind] = kinds.get(part.kind, 0) + counting.words(part.text)
    headings = [part.text for part in parts if part.kind == "heading"]
    found = _terms(raw, words, title_words, language, tag)
    return Analysis(
        sentences=tuple(_read(raw, weights.tolist(), language, tag)),
        terms=tuple(one.text for one in found),
        telling=tuple(one.text for one in found if one.telling),
        words=counting.words(text),
        kinds=kinds,
        kind="interview"
        if any(one.speaker for one in raw)
        else unfit.kind_of(title, headings, [one.text for one in raw if not one.item], tag),
    )


def _raw(parts: Sequence[blocks.Block], turns: Sequence[speakers.Turn] | None, language: Language) -> list[_Raw]:
    found: list[_Raw] = []
    heading = ""
    for number, part in enumerate(parts):
        turn = turns[number] if turns else speakers.Turn("", part.text)
        if part.kind == "heading" and turn.speaker != speakers.HOST:
            heading = part.text
        elif part.kind in ("prose", "item") or turn.speaker:
            for at, sentence in enumerate(_glued(sentences.split(turn.text, language))):
                answers = turn.answers and at == 0
                item = part.kind == "item"
                found.append(_Raw(sentence, part.paragraph, at == 0, item, heading, len(found), turn.speaker, answers))
    return found


def _glued(parts: list[str]) -> list[str]:
    """Sentences of a word or two go with the one after them, which means little without: `Postmortems. I read them.`"""
    found: list[str] = []
    for part in parts:
        if found and counting.words(found[-1]) < FEWEST_WORDS and not counting.is_unspaced(part):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def _read(raw: list[_Raw], weights: list[float], language: Language, tag: str) -> list[Read]:
    """Returns the quotable ones, each once, weighed also by form; unfit ones only where fit ones are too few."""
    found: dict[str, tuple[int, Read]] = {}
    levels: dict[int, int] = {}
    for one, weight in zip(raw, weights, strict=True):
        text = _ended(one)
        if not text or not _is_quotable(text) or text in found:
            continue
        needs = _needs(raw, one, language)
        level = levels[one.position] = _level(raw, one, needs, levels, language, tag)
        bound = LEANING if needs is not None else 1.0
        speaker = "" if one.speaker in (speakers.HOST, speakers.OTHER) else one.speaker
        weighed = weight * _form(one) * bound * UNFIT[level]
        opens = one.first and not (level and needs is None)
        read = Read(text, one.position, weighed, needs, opens, one.heading, one.paragraph, speaker, fit=not level)
        found[text] = level, read
    kept = _enough(list(found.values()))
    most = max((one.weight for one in kept), default=1.0) or 1.0
    return [replace(one, weight=round(one.weight / most, 6)) for one in kept]


def _level(raw: list[_Raw], one: _Raw, needs: int | None, levels: dict[int, int], language: Language, tag: str) -> int:
    """0 for a sentence that can be quoted, 1 for one that reads badly, 2 for one that says what isn't there, 3 for one
    of the other side of an interview."""
    if one.speaker in (speakers.HOST, speakers.OTHER):
        return 3
    found = unfit.reason(one.text, tag, is_answer=one.answers)
    if found not in ("", "answers"):
        return 2
    words = counting.words(one.text) / (2 if counting.is_unspaced(one.text) else 1)
    if found or words < (ANSWER_WORDS if one.answers else SHORTEST):
        return 1
    if needs is not None:
        return min(levels.get(needs, 2), 2)
    if one.item and not _ENDED.search(one.text):
        return 2
    return int(sentences.leans(one.text, language) or sentences.refers(one.text, language))


def _enough(found: list[tuple[int, Read]]) -> list[Read]:
    """The fit sentences; with those that read badly, then with all, where there are too few words to write from."""
    for most, words in enumerate(FIT_WORDS):
        kept = [one for level, one in found if level <= most]
        if sum(counting.words(one.text) for one in kept) >= words and len(kept) >= FIT_SENTENCES:
            return kept
    return [one for _, one in found]


def _needs(raw: list[_Raw], one: _Raw, language: Language) -> int | None:
    """The sentence that `one` points back to: for a pronoun the one that names, else the one before it."""
    refers, at = sentences.refers(one.text, language), one.position - 1
    if one.item or not _go_on(raw, at) or raw[at].speaker != one.speaker:
        return None
    leans = refers or sentences.leans(one.text, language)
    if not leans and (one.first or not sentences.repeats(one.text, raw[at].text, language)):
        return None
    while refers and sentences.refers(raw[at].text, language) and _go_on(raw, at - 1):
        at -= 1
    return at


def _go_on(raw: list[_Raw], at: int) -> bool:
    """True when the sentence after number `at` can point back to it: no heading, no list between."""
    return at >= 0 and raw[at].heading == raw[at + 1].heading and not raw[at].item


def _ended(one: _Raw) -> str:
    """The sentence; an item of a list that is one gets the full stop that lists leave out; nothing for others."""
    if _ENDED.search(one.text):
        return one.text
    if one.item and counting.words(one.text) >= ITEM_WORDS and one.text[-1].isalnum() and not _LINK.search(one.text):
        return f"{one.text}{'。' if counting.is_unspaced(one.text) else '.'}"
    return ""


def _form(one: _Raw) -> float:
    """How much a sentence's form makes it worth quoting."""
    words = counting.words(one.text) / (2 if counting.is_unspaced(one.text) else 1)
    weight = ITEM if one.item else 1.0
    weight *= QUESTION if wording.asks(one.text) else 1.0
    weight *= LINK if _LINK.search(one.text) or _NAME_OF_CODE.search(one.text) else 1.0
    weight *= SMALL if one.text[0].islower() else 1.0
    weight *= FIRST if one.first and not one.item else 1.0
    weight *= FIGURE if re.search(r"\d", one.text) and not one.item else 1.0
    return weight * (SHORT if words < GOOD_WORDS[0] else LONG if words > GOOD_WORDS[1] else 1.0)


def _is_quotable(text: str) -> bool:
    words = counting.words(text)
    if not words >= FEWEST_WORDS or words > MOST_WORDS * (2 if counting.is_unspaced(text) else 1):
        return False
    if counting.hashtags(text) or counting.x_refuses(text) or _UNQUOTABLE.search(text) or wording.cliches(text):
        return False
    if not _is_balanced(text):
        return False
    letters = sum(char.isalpha() for char in _LINK.sub("", text))
    return letters >= 0.55 * len(_LINK.sub("", text).replace(" ", "")) and not text.isupper()


def _is_balanced(text: str) -> bool:
    """True when it closes every quotation and bracket that it opens."""
    low = text.count("„")  # German: „…“, Polish: „…”
    if text.count("“") != text.count("”") and low not in (text.count("“"), text.count("”")):
        return False
    return not text.count('"') % 2 and all(text.count(opening) == text.count(closing) for opening, closing in _MARKS)


def _terms(
    raw: list[_Raw], words: list[tuple[Word, ...]], title: tuple[Word, ...], language: Language, tag: str
) -> list[Term]:
    """The terms of all but bylines, captions and what pages say of themselves."""
    asides = {one.position for one in raw if unfit.reason(one.text, tag) == "aside"}
    kept = [at for at in range(len(raw)) if at not in asides] or list(range(len(raw)))
    return terms.terms_of([words[at] for at in kept], [raw[at].paragraph for at in kept], title, language)
