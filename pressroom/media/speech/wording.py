"""A text as it is spoken: each of its words as it is written, with the words that are said for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pressroom.calls.speech import MOST_CHARACTERS
from pressroom.media.speech.normalising import Language, spoken_forms
from pressroom.model.speech import SpeechRequest

UNSPACED = {"ja", "zh", "th", "lo", "km", "my", "yue", "cmn"}
"""Languages that are written without spaces between words."""

_SEGMENT = re.compile(
    r"[\u3040-\u309f]*[^\s\u3040-\u309f\u3000-\u303f\uff00-\uff0f]{1,6}[\u3040-\u309f]{0,4}[\u3000-\u303f\uff00-\uff0f]*|\S"
)
"""Of Japanese and Chinese: a few signs with the particles and the punctuation that follow them."""

_ENDS = re.compile(r"(?<![.!?…。！？।؟])[.!?…。！？।؟]+[\"'»”’)\]」』]*$")
_CLAUSE = re.compile(r"(?<![,;:–—、，；：،])[,;:–—、，；：،]+[\"'»”’)\]]*$")
_INITIAL = re.compile(r"^[\"'(«“„]*(?:[^\W\d_]\.)+$")


@dataclass(frozen=True)
class Said:
    """One word. text: as it is written, with its punctuation. spoken: what is said, perhaps several words or none."""

    text: str
    spoken: str

    @property
    def count(self) -> int:
        return len(self.spoken.split())


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a part of a long one. pause: seconds of silence after it, at speed 1."""

    words: tuple[Said, ...]
    pause: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(word.spoken for word in self.words if word.spoken)


AFTER_CLAUSE, AFTER_SENTENCE, AFTER_PARAGRAPH = 0.05, 0.25, 0.5


def sentences_of(request: SpeechRequest) -> list[Sentence]:
    """The text by sentences, and long ones by clauses; empty without a word to be spoken."""
    found = [one for paragraph in re.split(r"\n\s*\n", request.text) for one in _sentences(paragraph, request)]
    return _without_silent(found)


def _sentences(paragraph: str, request: SpeechRequest) -> Iterator[Sentence]:
    words = _words(paragraph, request)
    parts = [part for whole in _cut(words) for part in _fitted(whole)]
    for number, (part, pause) in enumerate(parts, 1):
        yield Sentence(tuple(part), AFTER_PARAGRAPH if number == len(parts) else pause)


def _words(paragraph: str, request: SpeechRequest) -> list[Said]:
    tokens = paragraph.split()
    if language_of(request.language) in UNSPACED:
        tokens = [piece for token in tokens for piece in _SEGMENT.findall(token)]
    language = Language.of(language_of(request.language))
    own = {written.casefold(): spoken for written, spoken in request.pronunciations}
    return [Said(token, spoken) for token, spoken in zip(tokens, spoken_forms(tokens, language, own), strict=True)]


def language_of(tag: str) -> str:
    """`en` of `en-GB`."""
    return re.split(r"[-_]", tag.strip().lower())[0] or "en"


def _cut(words: Iterable[Said]) -> Iterator[list[Said]]:
    """Words by sentences. An initial, or an abbreviation with a small letter behind it, ends none."""
    sentence: list[Said] = []
    for word, following in _with_next(list(words)):
        sentence.append(word)
        small = following is not None and following.text[:1].islower()
        if _ENDS.search(word.text) and not small and not _INITIAL.match(word.text) and _ENDS.search(word.spoken or "."):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _with_next(words: Sequence[Said]) -> Iterator[tuple[Said, Said | None]]:
    return zip(words, [*words[1:], None], strict=False)


def _fitted(words: Sequence[Said]) -> list[tuple[list[Said], float]]:
    """One sentence in parts that a vendor takes: cut after clauses where possible, each with the pause behind it."""
    parts: list[list[Said]] = [[]]
    length = 0
    for word in words:
        clause = bool(parts[-1]) and bool(_CLAUSE.search(parts[-1][-1].text)) and length > MOST_CHARACTERS / 2
        if parts[-1] and (length + len(word.spoken) >= MOST_CHARACTERS or clause):
            parts.append([])
            length = 0
        parts[-1].append(word)
        length += len(word.spoken) + 1
    return [(part, AFTER_CLAUSE if part is not parts[-1] else AFTER_SENTENCE) for part in parts if part]


def _without_silent(sentences: Iterable[Sentence]) -> list[Sentence]:
    """A sentence without a spoken word joins the one before it, or the one behind."""
    kept: list[Sentence] = []
    waiting: tuple[Said, ...] = ()
    for one in sentences:
        if one.text:
            kept.append(Sentence((*waiting, *one.words), one.pause))
            waiting = ()
        elif kept:
            kept[-1] = Sentence((*kept[-1].words, *one.words), max(kept[-1].pause, one.pause))
        else:
            waiting = (*waiting, *one.words)
    return kept
