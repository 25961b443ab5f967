"""`python -m benchmarks.speech`: words found by alignment, beside estimates by letters and even spreading.

A voice whose word times are known is treated as if they were not: hibari-tts against espeak-ng, and with
`--known FOLDER` any other voice, one `NAME.wav` and one `NAME.json` a sentence:
{"text": ..., "words": [[start, end], ...]}.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import numpy as np

from pressroom.calls.speech import samples_of
from pressroom.media.speech.aligning import Bounds, Reference, aligned, closed_up, estimated, linear, warped
from pressroom.media.speech.joining import Samples
from pressroom.providers.offline import espeak, hibari

SENTENCES = (Path(__file__).parent / "sentences.txt").read_text("utf-8").splitlines()
GOAL = 60
"""Milliseconds, the median distance of a word's start."""

Voice = tuple[str, Samples, int, Bounds]


def ours() -> Iterator[Voice]:
    """The offline English voice."""
    for text in SENTENCES:
        samples, bounds = hibari.speak(text, 1.0)
        yield text, _floats(samples), hibari.RATE, tuple(bounds)


def known(folder: Path) -> Iterator[Voice]:
    """Another voice, with its own times; a sentence whose words it counts otherwise is left out."""
    for file in sorted(folder.glob("*.json")):
        said = json.loads(file.read_text("utf-8"))
        samples, rate = samples_of(file.with_suffix(".wav").read_bytes())
        if len(said["words"]) == len(said["text"].split()):
            yield said["text"], _floats(samples), rate, tuple((start, end) for start, end in said["words"])


def by_espeak(text: str) -> Reference:
    samples, rate, bounds = espeak.word_by_word(text.split(), "en-us")
    return closed_up(_floats(samples), rate, bounds)


def report(name: str, voices: list[Voice], *, with_hibari: bool) -> None:
    """Prints median, 90th percentile and maximum in milliseconds, by method."""
    found: dict[str, list[float]] = {}
    began = time.process_time()
    for voice in voices:
        for method, bounds in _by_method(*voice[:3], with_hibari=with_hibari):
            found.setdefault(method, []).extend(_off(bounds, voice[3]))
    print(f"{name}: {sum(len(bounds) for *_, bounds in voices)} words, {time.process_time() - began:.1f} CPU s")
    for method, off in found.items():
        late = quantiles(off, n=10)[-1]
        print(f"  {method:<22} median {median(off):4.0f}  p90 {late:4.0f}  max {max(off):4.0f} ms")


def _by_method(text: str, samples: Samples, rate: int, *, with_hibari: bool) -> Iterator[tuple[str, Bounds]]:
    if espeak.is_there():
        yield "aligned, espeak-ng", warped(samples, rate, by_espeak(text))
    if with_hibari:
        yield "aligned, hibari", aligned(samples, rate, text, "en")[0]
    yield "estimated by letters", estimated(samples, rate, text)
    yield "spread evenly", linear(len(samples) / rate, text)


def _off(found: Bounds, bounds: Bounds) -> list[float]:
    return [1000 * abs(one[0] - other[0]) for one, other in zip(found, bounds, strict=False)]


def _floats(samples: bytes) -> Samples:
    return np.frombuffer(samples, "<i2").astype(np.float32) / np.float32(32768)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--known", type=Path, help="Folder of another voice's sounds and word times.")
    chosen = parser.parse_args()
    began = time.process_time()
    voices = list(ours())
    seconds = sum(len(samples) / rate for _, samples, rate, _ in voices)
    print(f"hibari-tts: {seconds:.0f} s in {time.process_time() - began:.1f} CPU s, loading included; goal {GOAL} ms")
    report("hibari-tts", voices, with_hibari=False)
    if chosen.known:
        report(chosen.known.name, list(known(chosen.known)), with_hibari=True)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
