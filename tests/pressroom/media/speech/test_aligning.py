"""Word times that no vendor said are measured: checked against voices whose word times are known."""

from __future__ import annotations

import shutil
from statistics import median

import numpy as np
import pytest

from pressroom.media.speech.aligning import Bounds, Reference, aligned, closed_up, estimated, linear, warped
from pressroom.media.speech.joining import Samples, at_rate
from pressroom.model.speech import Timing
from pressroom.providers.offline import espeak, hibari

TEXTS = (
    "Some measure, learn, and try again: that is the difference.",
    "A small bakery stopped guessing how many loaves it would sell on a rainy Tuesday.",
)


def voice(text: str, *, speed: float = 1.0) -> tuple[Samples, Bounds]:
    samples, bounds = hibari.speak(text, speed)
    return np.frombuffer(samples, "<i2").astype(np.float32) / np.float32(32768), tuple(bounds)


def by_espeak(text: str) -> Reference:
    spoken, rate, places = espeak.word_by_word(text.split(), "en-us")
    return closed_up(np.frombuffer(spoken, "<i2").astype(np.float32) / np.float32(32768), rate, places)


def off(found: Bounds, known: Bounds) -> float:
    """Median distance of the words' starts, in milliseconds."""
    return 1000 * median(abs(one[0] - other[0]) for one, other in zip(found, known, strict=True))


def test_another_speaker_s_words_are_found() -> None:
    """A slower voice of another pitch and rate, as a vendor's would be, against the offline voice at its usual pace."""
    for text in TEXTS:
        slow, bounds = voice(text, speed=0.9)
        higher = at_rate(slow, 24_000, 22_050)  # played at 24,000: 9 % higher and faster
        known = tuple((start * 22_050 / 24_000, end * 22_050 / 24_000) for start, end in bounds)
        found, timing = aligned(higher, 24_000, text, "en")
        assert timing is Timing.ALIGNED
        seconds = len(higher) / 24_000
        assert off(found, known) <= 30 < off(linear(seconds, text), known)
        assert off(found, known) < off(estimated(higher, 24_000, text), known)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_a_quite_different_voice_s_words_are_found() -> None:
    for text in TEXTS:
        heard, known = voice(text)
        reference = by_espeak(text)
        assert reference.bounds
        assert off(warped(heard, 24_000, reference), known) <= 60


def test_without_an_offline_voice_the_times_are_estimated() -> None:
    samples, _ = voice("A short one.")
    found, timing = aligned(samples, 24_000, "ein zwei drei", "xx")
    assert timing is Timing.ESTIMATED and len(found) == 3
    assert aligned(np.zeros(2400, np.float32), 24_000, "one two", "en")[1] is Timing.ESTIMATED
