"""When each word of a sentence is heard, where its vendor doesn't say."""

from __future__ import annotations

from pressroom.media.speech.joining import Samples
from pressroom.model.speech import Timing

Bounds = tuple[tuple[float, float], ...]


def aligned(samples: Samples, rate: int, text: str, language: str) -> tuple[Bounds, Timing]:
    """Start and end of each word of `text` in seconds, and how well they are known."""
    return estimated(samples, rate, text), Timing.ESTIMATED


def estimated(samples: Samples, rate: int, text: str) -> Bounds:
    """The time in which there is a voice, spread over the words by their letters."""
    from pressroom.media.speech.joining import QUIET, STEP, levels

    loud = [place for place, level in enumerate(levels(samples, rate) > QUIET * float(abs(samples).max())) if level]
    words = text.split()
    weights = [len(word) + 1 for word in words]
    a_letter = len(loud) / sum(weights)
    found, done = [], 0.0
    for weight in weights:
        first, last = loud[int(done)], loud[min(int(done + weight * a_letter), len(loud) - 1)]
        done += weight * a_letter
        found.append((first * STEP, last * STEP))
    return tuple(found)
