"""English without a network: hibari-tts, a neural voice with its weights in its wheel (Apache-2.0).

Word times are the durations its model works with: the tensor that sums them becomes one more output.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hibari import Hibari

VOICE = "heart"
LANGUAGE = "en"
RATE = 24_000
LONGEST = 400
"""Phonemes of one run of the model, as its authors limit it."""

SUMS = b"/CumSum_output_0"
"""The model's tensor of frames from the start to the end of each phoneme."""

LATE = 0.0375
"""Seconds by which the model's durations lag behind its sound: measured at the onsets after pauses."""

_SEED = 17
_LOADING = threading.Lock()


def engine() -> str:
    """Its version: another one sounds otherwise."""
    return f"hibari {version('hibari-tts')}"


def speak(text: str, speed: float) -> tuple[bytes, list[tuple[float, float]]]:
    """The samples of `text`, and the start and end of each of its words in seconds; a word it can't read has no length.

    Equal for equal input.
    """
    sound: list[Any] = []
    bounds: list[tuple[float, float]] = []
    begun = 0.0
    for phonemes in _runs(_phonemes(text.split())):
        samples, spans = _spoken(phonemes, speed)
        bounds += [(begun + start, begun + end) for start, end in spans]
        sound.append(samples)
        begun += len(samples) / RATE
    joined = np.concatenate(sound) if sound else np.zeros(0, np.float32)
    return (np.clip(joined, -1, 1) * 32767).astype("<i2").tobytes(), bounds


def unread(text: str) -> list[str]:
    """The words of `text` that it can't read."""
    words = text.split()
    return [word for word, phonemes in zip(words, _phonemes(words), strict=True) if not _sounded(phonemes)]


@cache
def _load() -> Hibari:
    import hibari

    model = Path(hibari.__file__).parent / "assets" / "hibari.onnx"
    return hibari.Hibari(model=_with_sums(model.read_bytes()))  # ONNX Runtime takes bytes in place of a path


def _voice() -> Hibari:
    with _LOADING:
        return _load()


def _with_sums(model: bytes) -> bytes:
    """The model with one more output.

    A second `graph` (field 7) at the end of a protobuf message is merged into the first, and an `output` (field 12) in
    it is added to the others: nothing else has to be read.
    """
    name = b"\x0a" + bytes([len(SUMS)]) + SUMS
    output = b"\x62" + bytes([len(name)]) + name
    return model + b"\x3a" + bytes([len(output)]) + output


def _phonemes(words: Sequence[str]) -> list[str]:
    """The phonemes of each word as it is said in its sentence; alone where the reader joins or splits words."""
    from hibari.g2p.normalize import normalize

    g2p = _voice().g2p
    with _LOADING:  # it loads parts of itself when they are first needed
        tokens = g2p.phonemize_tokens(g2p.tokenize(normalize(" ".join(words))))
        together = [""]
        for token in tokens:
            together[-1] += token.phonemes or ""
            if token.whitespace:
                together.append("")
        if len(together) == len(words):
            return together
        return [g2p(word) for word in words]


def _sounded(phonemes: str) -> bool:
    return any(char.isalpha() for char in phonemes)


def _runs(words: Sequence[str]) -> list[list[str]]:
    """Words by runs of the model, which end at punctuation where they can."""
    runs: list[list[str]] = [[]]
    for word in words:
        length = sum(len(one) + 1 for one in runs[-1])
        if runs[-1] and (length + len(word) > LONGEST or (length > LONGEST * 2 / 3 and runs[-1][-1][-1:] in ",;:—")):
            runs.append([])
        runs[-1].append(word)
    return runs if runs[0] else []


def _spoken(words: Sequence[str], speed: float) -> tuple[Any, list[tuple[float, float]]]:
    from hibari import dsp

    voice = _voice()
    ids, spans = [0], []
    for word in words:
        chars = [char for char in word if char in voice.vocab]
        ids += [voice.vocab[" "]] if len(ids) > 1 and chars else []
        sounded = len("".join(chars).rstrip(".,;:!?…—)”“\"'"))
        spans.append((len(ids) - 1, len(ids) - 1 + sounded))
        ids += [voice.vocab[char] for char in chars]
    ids.append(0)
    if len(ids) < 3:
        return np.zeros(0, np.float32), [(0.0, 0.0)] * len(words)
    given = {"ids": np.asarray([ids], np.int64), "speed": np.asarray([speed], np.float32)}
    *parts, sums = voice.sess.run(None, given)
    samples = dsp.synth(*(part[0] for part in parts), np.random.default_rng(_SEED))
    seconds = np.maximum(np.ravel(sums) * (len(samples) / np.ravel(sums)[-1] / RATE) - LATE, 0)
    return samples, [(float(seconds[first]), float(seconds[last])) for first, last in spans]
