"""When each word of a sentence is heard, where its vendor doesn't say.

The same words are spoken offline by a voice whose word times are known; dynamic time warping of both sounds' cepstra
tells which moment of the one is which moment of the other. Where no offline voice has the language, the voice's time
is spread over the words by their letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pressroom.errors import PressroomError
from pressroom.media.speech.joining import QUIET, STEP, Samples, at_rate, levels
from pressroom.model.speech import Timing
from pressroom.providers.offline import espeak, hibari

Bounds = tuple[tuple[float, float], ...]

RATE = 16_000
WINDOW, HOP = 400, 160
"""Samples of a frame, 25 ms, and from one to the next, 10 ms."""

BANDS, CEPSTRA = 26, 9
HIGHEST = 5_000.0
"""Hertz; what is above, each voice has in its own way."""

FLOOR = 1e-5
"""Of the loudest line of the spectrum: below it is noise."""

STANDING = 2.0
"""The cost of standing still in one of the sounds; distances between frames are about 4."""

BAND = 60
"""Frames that one sound may be ahead of or behind the other, as far as their lengths are in proportion."""

LONGEST = 6_000
"""Frames of a minute; a longer sentence is estimated."""

ALONE = 0.04
"""Seconds by which a word that is spoken alone sets in before what is heard of it within a sentence."""

SNAP = 0.08
"""Seconds within which a word's start moves to where the voice sets in after a pause."""


@dataclass(frozen=True)
class Reference:
    """The same words from a voice whose word times are known, without silence at its ends."""

    samples: Samples
    rate: int
    bounds: Bounds


def aligned(samples: Samples, rate: int, text: str, language: str) -> tuple[Bounds, Timing]:
    """Start and end of each word of `text` in seconds, and how well they are known."""
    reference = reference_for(text, language)
    if reference is not None and (found := warped(samples, rate, reference)):
        return found, Timing.ALIGNED
    return estimated(samples, rate, text), Timing.ESTIMATED


def reference_for(text: str, language: str) -> Reference | None:
    """The words by the offline voice of the language; None where it has no such, or it fails."""
    try:
        if language.partition("-")[0].lower() == hibari.LANGUAGE:
            spoken, bounds = hibari.speak(text, 1.0)
            return _within(_floats(spoken), hibari.RATE, bounds)
        spoken, rate, bounds = espeak.word_by_word(text.split(), language)
    except PressroomError:
        return None
    return closed_up(_floats(spoken), rate, bounds) if bounds else None


def warped(samples: Samples, rate: int, reference: Reference) -> Bounds:
    """The reference's words at the times of `samples`; empty where one of them is too long or silent."""
    first, last = _voiced(samples, rate)
    mine = cepstra(at_rate(samples[first:last], rate, RATE))
    theirs = cepstra(at_rate(reference.samples, reference.rate, RATE))
    if not 1 < len(mine) <= LONGEST or not 1 < len(theirs) <= LONGEST:
        return ()
    rows, columns = path(theirs, mine)
    begun, hop = first / rate, HOP / RATE

    def there(second: float, *, late: bool) -> float:
        place = min(max(round(second / hop), 0), len(theirs) - 1)
        at = np.searchsorted(rows, place, "right") - 1 if late else np.searchsorted(rows, place, "left")
        return begun + float(columns[at]) * hop

    found = [
        (there(start, late=False), there(end, late=True)) if end > start else (0.0, 0.0)
        for start, end in reference.bounds
    ]
    return _filled(_snapped(found, samples, rate))


def estimated(samples: Samples, rate: int, text: str) -> Bounds:
    """The time in which there is a voice, spread over the words by their letters."""
    loud = [int(place) for place in _loud(samples, rate)] or [0]
    weights = [len(word) + 1 for word in text.split()]
    a_letter = len(loud) / sum(weights)
    found, done = [], 0.0
    for weight in weights:
        first, last = loud[min(int(done), len(loud) - 1)], loud[min(int(done + weight * a_letter), len(loud) - 1)]
        done += weight * a_letter
        found.append((first * STEP, last * STEP))
    return tuple(found)


def linear(seconds: float, text: str) -> Bounds:
    """The whole time spread evenly over the letters: what is done where nothing is measured."""
    words = text.split()
    places = np.cumsum([0, *(len(word) + 1 for word in words)]) * (seconds / sum(len(word) + 1 for word in words))
    return tuple((float(places[at]), float(places[at + 1])) for at in range(len(words)))


# Sounds as frames


def cepstra(samples: Samples) -> NDArray[np.float32]:
    """Mel cepstra of each frame, normalised over the sound: voices differ in them less than words do."""
    if len(samples) < WINDOW:
        return np.zeros((0, CEPSTRA), np.float32)
    raised = np.append(samples[0], samples[1:] - np.float32(0.97) * samples[:-1])
    frames = np.lib.stride_tricks.sliding_window_view(raised, WINDOW)[::HOP] * np.hamming(WINDOW)
    power = np.abs(np.fft.rfft(frames, 512)) ** 2
    found = np.log(power @ _bands().T + FLOOR * power.max() + 1e-12) @ _cosines().T
    found = (found - found.mean(axis=0)) / (found.std(axis=0) + 1e-6)
    found[:, 0] *= 2  # loudness: pauses are what voices have most in common
    normal: NDArray[np.float32] = found.astype(np.float32)
    return normal


@lru_cache(maxsize=1)
def _bands() -> NDArray[np.float64]:
    """Triangles, even on the mel scale, over the 257 lines of a spectrum."""
    lines = np.linspace(0, RATE / 2, 257)
    mels = np.linspace(_mel(60.0), _mel(HIGHEST), BANDS + 2)
    corners = 700 * (10 ** (mels / 2595) - 1)
    rising = (lines - corners[:-2, None]) / (corners[1:-1] - corners[:-2])[:, None]
    falling = (corners[2:, None] - lines) / (corners[2:] - corners[1:-1])[:, None]
    found: NDArray[np.float64] = np.clip(np.minimum(rising, falling), 0, None)
    return found


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


@lru_cache(maxsize=1)
def _cosines() -> NDArray[np.float64]:
    order, place = np.arange(CEPSTRA)[:, None], np.arange(BANDS) + 0.5
    found: NDArray[np.float64] = np.cos(np.pi * order * place / BANDS)
    return found


def path(one: NDArray[np.float32], other: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The cheapest way through the distances of two sounds, as the frames of each, both from first to last.

    Computed by antidiagonals, each of which depends on the two before it alone.
    """
    squares = (one**2).sum(1)[:, None] + (other**2).sum(1)[None, :] - 2 * one @ other.T
    costs = np.sqrt(np.maximum(squares, 0)).astype(np.float32)
    height, width = costs.shape
    came = np.zeros((height, width), np.int8)
    older = np.full(height + 1, np.inf, np.float32)  # by row + 1, as the next two
    old = older.copy()
    for diagonal in range(height + width - 1):
        rows = np.arange(max(0, diagonal - width + 1), min(height, diagonal + 1))
        columns = diagonal - rows
        steps = np.stack([older[rows], old[rows] + STANDING, old[rows + 1] + STANDING])
        if diagonal == 0:
            steps[0] = 0
        best = steps.argmin(axis=0)
        far = np.abs(rows - columns * (height / width)) > BAND
        new = np.full(height + 1, np.inf, np.float32)
        new[rows + 1] = (
            steps[best, np.arange(len(rows))] + costs[rows, columns] * (1 + (best == 0)) + far * np.float32(1e6)
        )
        came[rows, columns] = best
        older, old = old, new
    return _walked(came)


def _walked(came: NDArray[np.int8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    row, column = came.shape[0] - 1, came.shape[1] - 1
    rows, columns = [row], [column]
    while row or column:
        step = came[row, column] if row and column else (1 if row else 2)
        row, column = row - (step != 2), column - (step != 1)
        rows.append(row)
        columns.append(column)
    return np.array(rows[::-1], np.int64), np.array(columns[::-1], np.int64)


# Ends and pauses


def _floats(samples: bytes) -> Samples:
    return np.frombuffer(samples, "<i2").astype(np.float32) / np.float32(32768)


def _loud(samples: Samples, rate: int) -> NDArray[np.int64]:
    """The hundredths of a second in which there is a voice."""
    if not len(samples):
        return np.zeros(0, np.int64)
    found: NDArray[np.int64] = np.flatnonzero(levels(samples, rate) > QUIET * float(np.abs(samples).max()))
    return found


def _voiced(samples: Samples, rate: int) -> tuple[int, int]:
    """From where to where there is a voice, in samples."""
    loud = _loud(samples, rate)
    return (round(loud[0] * STEP * rate), round((loud[-1] + 1) * STEP * rate)) if len(loud) else (0, 0)


def _within(samples: Samples, rate: int, bounds: Sequence[tuple[float, float]]) -> Reference:
    first, last = _voiced(samples, rate)
    shift = first / rate
    return Reference(samples[first:last], rate, tuple((max(0, start - shift), end - shift) for start, end in bounds))


def closed_up(samples: Samples, rate: int, bounds: Sequence[tuple[float, float]]) -> Reference:
    """Words that were spoken one by one, without the pauses between them."""
    pieces, places, at = [], [], 0
    for start, end in bounds:
        piece = samples[round(start * rate) : round(end * rate)]
        pieces.append(piece)
        places.append((at / rate + min(ALONE, len(piece) / rate / 2), (at + len(piece)) / rate))
        at += len(piece)
    return Reference(np.concatenate(pieces), rate, tuple(places))


def _snapped(bounds: Sequence[tuple[float, float]], samples: Samples, rate: int) -> list[tuple[float, float]]:
    """Starts moved to where the voice sets in after a pause, and ends to where it stops, if that is near."""
    loud = _loud(samples, rate)
    if not len(loud):
        return list(bounds)
    jumps = np.diff(loud) > 5
    begins = loud[np.r_[True, jumps]] * STEP
    stops = (loud[np.r_[jumps, True]] + 1) * STEP
    return [(_near(start, begins), _near(end, stops)) for start, end in bounds]


def _near(second: float, places: NDArray[np.floating[Any]]) -> float:
    place = float(places[np.abs(places - second).argmin()])
    return place if abs(place - second) <= SNAP else second


def _filled(bounds: Sequence[tuple[float, float]]) -> Bounds:
    """A word that the reference does not speak has no length, and stands where the one before it ends."""
    found: list[tuple[float, float]] = []
    for start, end in bounds:
        last = found[-1][1] if found else 0.0
        found.append((start, end) if end > start else (last, last))
    return tuple(found)
