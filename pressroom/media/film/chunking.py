"""Words into captions: three to five at a time, cut where a reader would pause, each on screen while it is spoken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import category

from pressroom.media.cards.breaking import Piece, hyphenated, pieces
from pressroom.media.cards.wording import clean
from pressroom.model.speech import SpokenWord

FEW, MANY = 3.0, 5.0
LEAST_SECONDS, FASTEST = 0.7, 18.0
"""Of a caption on screen, and characters a second that can be read."""

HOLD = 0.4
"""Seconds for which a caption stays after its last word, where no other follows."""

GAP = 0.6
"""A pause shorter than this does not empty the screen."""

LETTERS_OF_A_WORD = 2.5
"""Chinese, Japanese and Korean letters that count as one word."""

SHORT = 3
"""Letters of a word that belongs to the next one: an article, a preposition."""

SMALL = 4.0
"""The price of letters half as large, twice: it is worth it where a word would be gone in a moment."""

ENDS, PAUSES = ".!?…。！？؟", ",;:—–、，；：،"


_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_SLASHED = re.compile(r"[^/]*/+|[^/]+")


@dataclass(frozen=True)
class Part:
    """A word, or a part of a text without spaces, in seconds of the film. joined: no space is before it."""

    text: str
    start: float
    end: float
    joined: bool = False

    @property
    def weight(self) -> float:
        """Its share of a caption, in words."""
        return len(self.text) / LETTERS_OF_A_WORD if is_wide(self.text[-1]) else 1.0


@dataclass(frozen=True)
class Chunk:
    """One caption: its parts, and when it is on screen, in seconds."""

    parts: tuple[Part, ...]
    start: float
    end: float

    @property
    def text(self) -> str:
        return text_of(self.parts)


Room = Callable[[Sequence[Part]], float]
"""The size at which parts fit on the screen as one caption, 1.0 the usual one; 0 where they don't fit at all."""


def is_wide(char: str) -> bool:
    """True for Chinese and Japanese, which are written without spaces."""
    return bool(_WIDE.match(char))


def text_of(parts: Sequence[Part]) -> str:
    """The parts as one text."""
    return "".join(part.text if part.joined or not at else f" {part.text}" for at, part in enumerate(parts))


def parts_of(words: Sequence[SpokenWord], language: str, dropped: Sequence[str] = ()) -> list[Part]:
    """The words as they can be shown: without emoji and `dropped` symbols; text without spaces in its phrases."""
    table = str.maketrans(dict.fromkeys(dropped, ""))
    made: list[Part] = []
    for word in words:
        text = clean(word.text, language).translate(table).strip()
        if text:
            made += _split(text, word, after=made[-1].text[-1] if made else "")
    return made


def left_out(words: Sequence[SpokenWord], language: str) -> tuple[str, ...]:
    """A note that names the emoji that captions have not, for no font of captions draws them."""
    gone = {char for word in words for char in word.text if category(char) == "So"}
    gone -= set("".join(clean(word.text, language) for word in words))
    return (f"Left out of the captions: {' '.join(sorted(gone))}",) if gone else ()


def chunks(parts: Sequence[Part], until: float, room: Room) -> list[Chunk]:
    """The captions of one scene that ends at `until` seconds.

    The cheapest way to cut it, by dynamic programming: captions of three to five words that end where a phrase does.
    """
    best: list[tuple[float, int]] = [(0.0, 0)]
    for stop in range(1, len(parts) + 1):
        best.append(min(_ways(parts, best, stop, until, room)))
    stops, stop = [], len(parts)
    while stop:
        stops.append(stop)
        stop = best[stop][1]
    return _timed(parts, stops[::-1], until)


def _ways(
    parts: Sequence[Part], best: Sequence[tuple[float, int]], stop: int, until: float, room: Room
) -> Iterator[tuple[float, int]]:
    weight = 0.0
    for start in range(stop - 1, -1, -1):
        weight += parts[start].weight
        run = parts[start:stop]
        size = room(run)
        if len(run) > 1 and (weight > MANY or not size):
            return
        then = parts[stop].start if stop < len(parts) else until
        yield best[start][0] + _price(run, weight, then - run[0].start) + SMALL * (1 - size), start


def _price(run: Sequence[Part], weight: float, seconds: float) -> float:
    text = text_of(run)
    price = 1.0 + 0.15 * (weight - 4) ** 2 + max(0.0, FEW - weight)
    price += 10 * max(0.0, LEAST_SECONDS - seconds) + 0.3 * max(0.0, len(text) / max(seconds, 0.01) - FASTEST)
    price += sum(1.5 for part in run[:-1] if part.text[-1] in ENDS)
    price += 0.5 if run[-1].text.isalpha() and len(run[-1].text) <= SHORT else 0.0
    last = run[-1].text.rstrip("\"'”’»)")[-1:]
    return price - (1.2 if last in ENDS else 0.6 if last in PAUSES else 0.0)


def _timed(parts: Sequence[Part], stops: Sequence[int], until: float) -> list[Chunk]:
    made, start = [], 0
    for stop in stops:
        run = tuple(parts[start:stop])
        then = parts[stop].start if stop < len(parts) else until
        end = max(run[-1].end + HOLD, run[0].start + LEAST_SECONDS)
        made.append(Chunk(run, run[0].start, then if then - run[-1].end < GAP else min(then, end)))
        start = stop
    return made


def _split(text: str, word: SpokenWord, after: str) -> list[Part]:
    """A text without spaces in its phrases, each given its share of the time; any other word as it is."""
    phrases = [piece.text for piece in pieces(text)] if any(map(is_wide, text)) else [text]
    made: list[Part] = []
    done, whole = 0, max(1, sum(map(len, phrases)))
    for phrase in phrases:
        start, stop = (word.start + (word.end - word.start) * at / whole for at in (done, done + len(phrase)))
        joined = bool(after) and (bool(made) or (is_wide(after) and is_wide(phrase[0])))
        made.append(Part(phrase, start, stop, joined))
        done, after = done + len(phrase), phrase[-1]
    return made


def syllables(text: str) -> list[Piece]:
    """An overlong word in the pieces between which it may be broken: an address after its slashes, without a hyphen."""
    if "/" in text:
        return [Piece(part) for part in _SLASHED.findall(text)]
    return [Piece(piece.text, "", piece.end, piece.price) for piece in hyphenated(Piece(text))]
