"""Names in a draft: people, companies, products, places; as capitals and scripts tell, which differs by language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from pressroom.gates.grounding.data import primary
from pressroom.gates.grounding.spans import Span, folded
from pressroom.gates.grounding.tokens import WORD, known, listed

_ENDS = re.compile(r"[.!?…:。！？\n]|[-–—•*|>]\s|[“„«\"「(\[]")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Sra|Dra|Mme|Mlle|M|(?<!\bP\.)[A-Z]))\.\s?$")
_AFTER_TIME = re.compile(r"[\[(]? {4,}")
"""How a line looks whose time has been taken out: the title of a chapter follows."""

_CAMEL = re.compile(r"[a-z\u00df-\u024f][A-Z]|[A-Z]{2}[a-z]{2}")
_ACRONYM = re.compile(r"[A-Z]{2,}s?")
_DIGITS = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w.\-+]+")
_CONNECTOR = frozenset(
    {"of", "de", "del", "la", "le", "the", "du", "des", "von", "van", "der", "den", "di", "da", "for"}
)


@dataclass(frozen=True)
class Word:
    """A word as it stands. first: it opens a sentence, a line or a quotation, so its capital says nothing."""

    text: str
    start: int
    end: int
    first: bool
    line: int

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        return self.text.isupper()

    @property
    def telling(self) -> bool:
        """True when the word looks like a name wherever it stands: CamelCase, an acronym, letters with digits."""
        return bool(_CAMEL.search(self.text) or _ACRONYM.fullmatch(self.text) or _DIGITS.fullmatch(self.text))


def in_words(text: str) -> list[Word]:
    """The words of `text`, with which of them open something."""
    found: list[Word] = []
    end, line = 0, 0
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        line += between.count("\n")
        opens = not found or (
            bool(_ENDS.search(between)) and not _ABBREVIATION.search(text[max(0, match.start() - 8) : match.start()])
        )
        found.append(Word(match[0], *match.span(), first=opens, line=line))
        end = match.end()
    return found


def names(text: str, language: str) -> Iterator[tuple[Word, ...]]:
    """Runs of words that look like a name, in a language written with capitals."""
    run: list[Word] = []
    found = in_words(text)
    titled = _headline_words(found, text, listed("openers", language)) if primary(language) != "de" else frozenset()
    for word, behind in zip_longest(found, found[1:]):
        joined = bool(run) and text[run[-1].end : word.start] in (" ", ". ", "-", " & ")
        capital = word.capital and word not in titled
        connects = word.text in _CONNECTOR and behind is not None and behind.capital
        if joined and not word.first and (capital or connects):
            run.append(word)
            continue
        yield from _name(run, language)
        run = [word] if capital else []
        if word.telling and not run:
            yield (word,)
    yield from _name(run, language)


def _name(run: Sequence[Word], language: str) -> Iterator[tuple[Word, ...]]:
    while run and run[-1].text in _CONNECTOR:
        run = run[:-1]
    general, openers = listed("general", language), listed("openers", language)
    if run and run[0].first and not run[0].telling:
        opener = re.split("['’]", folded(run[0].text))[0]
        if opener in openers or len(run) == 1 or not any(word.capital for word in run[1:]) or _is_ending(run[0].text):
            run = run[1:]
    run = [word for word in run if folded(word.text) not in (general | openers if word.shouted else general)]
    while run and run[0].text in _CONNECTOR:
        run = run[1:]
    if primary(language) == "de":
        telling = [word for word in run if word.telling]
        yield from ((word,) for word in telling)
        run = [word for word in run if not word.telling]
        if sum(word.capital for word in run) < 2:
            return
    if run:
        yield tuple(run)


def _is_ending(word: str) -> bool:
    """`Sharing`, `Asked`, `Clearly`: hardly a given name."""
    return word.endswith(("ing", "ed", "ly", "tion", "ment"))


def _headline_words(found: Sequence[Word], text: str, openers: frozenset[str]) -> frozenset[Word]:
    """Words of lines set in title case or in capitals: their capitals say nothing.

    A short line is taken for one when a small word inside it has a capital: `Why It Works`.
    """
    lines: dict[int, list[Word]] = {}
    for word in found:
        lines.setdefault(word.line, []).append(word)
    titled: set[Word] = set()
    set_lines = text.split("\n")
    for line, own in lines.items():
        long = [word for word in own if len(word.text) > 3 and word.text.isalpha()]
        capitals, set_line = sum(word.capital for word in long), set_lines[line]
        small = any(word.capital and not word.first and folded(word.text) in openers for word in own)
        enough = len(long) >= 4 or bool(long and (small or _AFTER_TIME.match(set_line)))
        if enough and capitals >= 0.8 * len(long) and not set_line.rstrip().endswith("."):
            titled.update(own)
    return frozenset(titled)


_KATAKANA = re.compile(r"[ァ-ヺー]{3,}(?:・[ァ-ヺー]{2,})*")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f][\w.&+\-]*(?: [A-Z][\w.&+\-]*)*", re.A)
_PERSON = re.compile(
    r"([一-龯]{1,4})(?:さん|氏|様|先生|教授|社長|部長|市長)|株式会社([一-龯ァ-ヺー]+)|([一-龯]{1,3})[都道府県市区](?=[一-龯ぁ-ん])"
)


def japanese_names(text: str) -> Iterator[Span]:
    """Runs of katakana and of Latin letters, and what a form of address or of a company follows."""
    for pattern in (_KATAKANA, _LATIN):
        for match in pattern.finditer(text):
            yield Span(match[0], *match.span())
    for match in _PERSON.finditer(text):
        group = next(n for n, one in enumerate(match.groups(), 1) if one)
        yield Span(match[group], *match.span(group))


def unknown(name: Sequence[Word], vocabulary: frozenset[str]) -> bool:
    """True when the vocabulary lacks a word of the name that has a capital or looks like a name."""
    return any(word.capital or word.telling for word in name if not known(word.text, vocabulary))
