"""A document read once: its sentences weighed, its terms, and how much of it is prose. Kept for the next format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pressroom.formats.shared import language as wording
from pressroom.platforms import counting
from pressroom.providers.offline.documents import blocks, ranking, sentences, terms
from pressroom.providers.offline.documents.tables import Language, language_of
from pressroom.providers.offline.documents.words import Word, meaning, words_of

KEPT = 8  # documents: as many formats of the same one come one after the other
FEWEST_WORDS, GOOD_WORDS, MOST_WORDS = 3, (7, 34), 70
# How much less a sentence weighs for its form.
ITEM, QUESTION, LINK, LEANING, DETACHED, SHORT, LONG, SMALL = 0.5, 0.55, 0.6, 0.85, 0.7, 0.6, 0.7, 0.3
FIRST, FIGURE = 1.2, 1.1  # and how much more: what a paragraph begins with, and figures, say most
ITEM_WORDS = 5
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
    """A sentence that can be quoted. needs: position of an earlier one that it points back to."""

    needs: int | None
    opens: bool
    heading: str


@dataclass(frozen=True)
class Analysis:
    """`words`: of the whole text; `kinds`: words of it by the kind of block they stand in."""

    sentences: tuple[Read, ...]
    terms: tuple[str, ...]
    words: int
    kinds: dict[str, int]

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


@lru_cache(maxsize=KEPT)
def analysed(text: str, title: str, tag: str) -> Analysis:
    """What is in a text of a language (BCP 47 tag); the same text is read once."""
    language, parts = language_of(tag), blocks.blocks_of(text)
    raw = _raw(parts, language)
    words = [words_of(one.text, language) for one in raw]
    title_words = words_of(title, language)
    weights = ranking.ranked([meaning(one) for one in words], meaning(title_words), [one.first for one in raw])
    kinds: dict[str, int] = {}
    for part in parts:
        kinds[part.kind] = kinds.get(part.kind, 0) + counting.words(part.text)
    return Analysis(
        sentences=tuple(_read(raw, weights.tolist(), language)),
        terms=tuple(_terms(raw, words, title_words, language)),
        words=counting.words(text),
        kinds=kinds,
    )


def _raw(parts: tuple[blocks.Block, ...], language: Language) -> list[_Raw]:
    found: list[_Raw] = []
    heading = ""
    for part in parts:
        if part.kind == "heading":
            heading = part.text
        elif part.kind in ("prose", "item"):
            for at, sentence in enumerate(sentences.split(part.text, language)):
                found.append(_Raw(sentence, part.paragraph, at == 0, part.kind == "item", heading, len(found)))
    return found


def _read(raw: list[_Raw], weights: list[float], language: Language) -> list[Read]:
    """Those that can be quoted, each once, weighed also by their form."""
    found: dict[str, Read] = {}
    for one, weight in zip(raw, weights, strict=True):
        text = _ended(one)
        if text and _is_quotable(text) and text not in found:
            needs = _needs(raw, one, language)
            detached = needs is None and sentences.leans(one.text, language)
            bound = DETACHED if detached else 1.0 if needs is None else LEANING
            found[text] = Read(
                text, one.position, weight * _form(one) * bound, needs, one.first and not detached, one.heading
            )
    most = max((one.weight for one in found.values()), default=1.0) or 1.0
    return [Read(**{**vars(one), "weight": round(one.weight / most, 6)}) for one in found.values()]


def _needs(raw: list[_Raw], one: _Raw, language: Language) -> int | None:
    """The sentence that `one` points back to: for a pronoun the one that names, else the one before it."""
    refers, at = sentences.refers(one.text, language), one.position - 1
    if one.item or not (refers or sentences.leans(one.text, language)) or not _go_on(raw, at):
        return None
    while refers and sentences.refers(raw[at].text, language) and _go_on(raw, at - 1):
        at -= 1
    return at


def _go_on(raw: list[_Raw], at: int) -> bool:
    """Whether sentence number `at` is followed by one that can point back to it: no heading, no list between."""
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
    """Whether every quotation and bracket that opens in it is closed in it."""
    low = text.count("„")  # German: „…“, Polish: „…”
    if text.count("“") != text.count("”") and low not in (text.count("“"), text.count("”")):
        return False
    return not text.count('"') % 2 and all(text.count(opening) == text.count(closing) for opening, closing in _MARKS)


def _terms(raw: list[_Raw], words: list[tuple[Word, ...]], title: tuple[Word, ...], language: Language) -> list[str]:
    found = terms.terms_of(words, [one.paragraph for one in raw], title, language)
    others = (word.text for sentence in words for word in sentence if not word.stop)
    return list(dict.fromkeys([*found, *terms.general(found), *others]))
