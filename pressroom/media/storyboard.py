"""A script as the scenes of a film: a sentence or two each, with a suggestion for its picture and a card."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import regex

from pressroom.errors import WrongInput
from pressroom.media.cards.choosing import number_card
from pressroom.media.cards.wording import clean
from pressroom.model.films import Chapter, Scene, Script, Section, Storyboard
from pressroom.model.images import CardText
from pressroom.platforms import counting
from pressroom.providers.offline.documents import sentences
from pressroom.providers.offline.documents.tables import language_of

SHORT, GOOD, MOST, LONGEST = 2.0, 6.0, 8.0, 12.0
"""Seconds of speech: less is joined to its neighbour, sentences are joined up to `GOOD`, a longer one than `MOST` is
cut between clauses, and one without clauses only beyond `LONGEST`."""

MOST_SCENES = 60
"""Scenes of a film: those of a longer script last longer, as each is a picture to pay for."""

SENTENCE_WORDS, CLAUSE_WORDS = (1, 14), (4, 12)
"""Words of a sentence, or of a clause, that stands for a scene on its card."""

CARD_WORDS = 24
CHAPTERS, CHAPTER_SECONDS = 3, 10.0
"""YouTube lists chapters when there are three, the first begins at 0:00, and each lasts ten seconds."""

_CLAUSE = regex.compile(r"(?<=[,;:、，；：])\s*|\s+(?=[–—]\s)|(?<=[–—])\s+")
_WORD = regex.compile(r"\w")


def storyboard(script: Script, *, language: str = "en", style: str = "photographic") -> Storyboard:
    """The scenes of `script`, each of 2 to 8 seconds where its sentences allow it, and the card that ends the film.

    style: of all pictures. A section without words is no scene.

    Raises:
        WrongInput: the script has no words at all.
    """
    spoken = [section for section in script.sections if _WORD.search(section.words)]
    if not spoken:
        raise WrongInput("The script has no words that could be spoken.", hint="Write the script first.")
    most = max(MOST, sum(counting.spoken_seconds(one.words) for one in spoken) / MOST_SCENES * 1.5)
    pieces = [(section, words) for section in spoken for words in _pieces(section.words, language, most)]
    scenes = [
        Scene(
            position=place,
            label=section.label,
            words=words,
            shows=_share(script.shows, place, len(pieces)),
            card=_card(words, _begun(script.lines, place, len(pieces)), language),
        )
        for place, (section, words) in enumerate(pieces)
    ]
    return Storyboard(
        title=script.title,
        language=language,
        style=style,
        scenes=tuple(scenes),
        closing=_closing(script, language),
        chapters=tuple(_chapters(pieces)),
    )


def picture_words(scene: Scene, board: Storyboard) -> str:
    """The words for a model that makes the scene's picture: the suggestion for it, or else what the scene says."""
    return scene.shows or f"{board.title}. {scene.words}".strip(". ")


def chapters_at(board: Storyboard, starts: Sequence[float], seconds: float) -> tuple[tuple[float, str], ...]:
    """When each chapter begins, in seconds of the film, and its title; empty where YouTube would list none.

    starts: of each scene. A chapter that would be too short belongs to the one before it.
    """
    found: list[tuple[float, str]] = []
    for chapter in board.chapters:
        start = starts[chapter.scene] if found else 0.0
        if not found or (start - found[-1][0] >= CHAPTER_SECONDS and seconds - start >= CHAPTER_SECONDS):
            found.append((start, chapter.title))
    return tuple(found) if len(found) >= CHAPTERS else ()


def _chapters(pieces: Sequence[tuple[Section, str]]) -> Iterator[Chapter]:
    before: Section | None = None
    for place, (section, _) in enumerate(pieces):
        if section is not before and section.chapter:
            yield Chapter(title=section.label, scene=place)
        before = section


def _pieces(words: str, language: str, most: float) -> list[str]:
    """The words of a section in pieces that one picture can stand for."""
    found: list[str] = []
    for sentence in sentences.split(words, language_of(language)):
        for piece in _cut(sentence, most):
            if found and _fit_together(found[-1], piece, most):
                found[-1] = _joined((found[-1], piece))
            else:
                found.append(piece)
    return found


def _fit_together(one: str, other: str, most: float) -> bool:
    first, second = counting.spoken_seconds(one), counting.spoken_seconds(other)
    return first + second <= (most if min(first, second) < SHORT else max(GOOD, most - SHORT))


def _cut(sentence: str, most: float) -> list[str]:
    """A sentence that is too long for one picture, cut between clauses; one without any, between words."""
    if counting.spoken_seconds(sentence) <= most:
        return [sentence]
    found: list[str] = []
    for clause in filter(None, _CLAUSE.split(sentence)):
        if found and counting.spoken_seconds(found[-1]) + counting.spoken_seconds(clause) <= most:
            found[-1] = _joined((found[-1], clause))
        else:
            found.append(clause)
    return [part for clause in found for part in _parted(clause, max(most, LONGEST))]


def _parted(clause: str, most: float) -> list[str]:
    """About equal parts of a clause, none spoken longer than `most` seconds, as far as it has words."""
    count = math.ceil(counting.spoken_seconds(clause) / most)
    units = list(clause) if counting.is_unspaced(clause) else clause.split()
    size = math.ceil(len(units) / max(count, 1))
    glue = "" if counting.is_unspaced(clause) else " "
    return [glue.join(units[start : start + size]) for start in range(0, len(units), size)]


def _joined(parts: Sequence[str]) -> str:
    return ("" if counting.is_unspaced(parts[0][-1:]) else " ").join(parts)


def _share(given: Sequence[str], place: int, count: int) -> str:
    """Which of the suggestions is for the scene at `place` of `count`: they are spread over the film in their order."""
    return given[place * len(given) // count] if given else ""


def _begun(given: Sequence[str], place: int, count: int) -> str:
    """The line of the scene at `place`, where that is the first of the line's scenes: no card stands for two."""
    line = _share(given, place, count)
    return line if place == 0 or line != _share(given, place - 1, count) else ""


def _card(words: str, line: str, language: str) -> CardText:
    """The scene's own line, a striking figure of its words, or the phrase that stands for them."""
    if line:
        return CardText(template="headline", title=line, language=language)
    return number_card([words], language) or CardText(
        template="headline", title=phrase(words, language), language=language
    )


def phrase(words: str, language: str) -> str:
    """A short sentence or clause of `words`, the first that stands for them; else all of them."""
    found = [clean(each, language) for each in sentences.split(words, language_of(language))]
    clauses = [clause.strip(" ,;:–—") for sentence in found for clause in _CLAUSE.split(sentence)]
    for parts, (least, most) in ((found, SENTENCE_WORDS), (clauses, CLAUSE_WORDS)):
        for part in parts:
            if least <= counting.words(part) <= most:
                return part[:1].upper() + part[1:]
    return _beginning(clean(words, language))


def _beginning(words: str) -> str:
    """The words themselves, or as many of the first as a card has room for."""
    if counting.words(words) <= CARD_WORDS:
        return words
    shown = words[:60] if counting.is_unspaced(words) else " ".join(words.split()[:CARD_WORDS])
    return f"{shown.rstrip(' ,;:')}…"


def _closing(script: Script, language: str) -> CardText | None:
    """The call to action, which is the last sentence, as a card."""
    if not _WORD.search(script.closing):
        return None
    last = sentences.split(script.closing, language_of(language))[-1]
    return CardText(template="headline", title=phrase(last, language), language=language)
