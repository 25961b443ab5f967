"""Sentences put together into one sound, with the time of each written word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pressroom.media.speech.wording import Sentence
from pressroom.model.speech import SpokenWord

Samples = NDArray[np.float32]

LEAD, TAIL = 0.06, 0.12
"""Seconds of silence that a sentence keeps before and after its words; vendors give anything up to a second."""

QUIET = 0.01
"""Of a sentence's peak: below it is silence."""

STEP = 0.01
"""Seconds over which loudness is measured."""

END = 0.3
"""Seconds of silence after the last word."""


@dataclass(frozen=True)
class Part:
    """A sentence that was spoken. bounds: seconds from the start of `samples`, for each spoken word."""

    sentence: Sentence
    samples: Samples
    rate: int
    bounds: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Joined:
    """16 bits each, of one channel."""

    samples: bytes
    rate: int
    seconds: float
    words: tuple[SpokenWord, ...]


def joined(parts: Iterable[Part], speed: float = 1.0) -> Joined:
    """All of `parts`, one after another, at the rate of the first; one of them is held at a time."""
    rate, pause = 0, 0.0
    whole = bytearray()
    words: list[SpokenWord] = []
    for part in parts:
        rate = rate or part.rate
        whole += bytes(round(pause * rate) * 2)
        samples, cut = _trimmed(part)
        at = len(whole) / 2 / rate
        words += _words(part, at - cut, at)
        whole += (np.clip(at_rate(samples, part.rate, rate), -1, 1) * 32767).astype("<i2").tobytes()
        pause = part.sentence.pause / speed
    whole += bytes(round(END * rate) * 2)
    seconds = len(whole) / 2 / rate
    return Joined(bytes(whole), rate, seconds, _in_order(words, seconds))


def levels(samples: Samples, rate: int) -> Samples:
    """Loudness (root of the mean square) of each hundredth of a second."""
    size = max(1, round(rate * STEP))
    whole = samples[: len(samples) // size * size].reshape(-1, size)
    found: Samples = np.sqrt((whole * whole).mean(axis=1)) if len(whole) else np.zeros(0, np.float32)
    return found


def _trimmed(part: Part) -> tuple[Samples, float]:
    """The samples without the silence at both ends, and the seconds cut off at the start; no word's time is cut."""
    loud = np.flatnonzero(levels(part.samples, part.rate) > QUIET * float(np.abs(part.samples).max()))
    spoken = [(start, end) for start, end in part.bounds if end > start]
    first = min([float(loud[0]) * STEP if len(loud) else 0.0, *(start for start, _ in spoken[:1])])
    last = max([float(loud[-1] + 1) * STEP if len(loud) else 0.0, *(end for _, end in spoken[-1:])])
    start = max(0, round((first - LEAD) * part.rate))
    return part.samples[start : round((last + TAIL) * part.rate)], start / part.rate


def _words(part: Part, shift: float, begun: float) -> list[SpokenWord]:
    """The written words of a part: from the first to the last of what is spoken for each."""
    found, at, end = [], 0, begun
    for word in part.sentence.words:
        mine = part.bounds[at : at + word.count]
        at += word.count
        heard = [(one + shift, other + shift) for one, other in mine if other > one]
        start = heard[0][0] if heard else end
        end = heard[-1][1] if heard else end
        found.append(SpokenWord(text=word.text, start=max(0.0, start), end=max(0.0, start, end)))
    return found


def _in_order(words: Sequence[SpokenWord], seconds: float) -> tuple[SpokenWord, ...]:
    fitted, least = [], 0.0
    for word in words:
        start = min(max(word.start, least), seconds)
        least = min(max(word.end, start), seconds)
        fitted.append(SpokenWord(text=word.text, start=round(start, 3), end=round(least, 3)))
    return tuple(fitted)


def at_rate(samples: Samples, rate: int, wanted: int) -> Samples:
    if rate == wanted or not len(samples):
        return samples
    places = np.arange(round(len(samples) * wanted / rate)) * (rate / wanted)
    found: Samples = np.interp(places, np.arange(len(samples)), samples).astype(np.float32)
    return found
