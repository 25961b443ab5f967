"""What both makers get: four pictures, four voices, and when each word is spoken."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
from PIL import Image

RATE, LENGTH = 24_000, 7.5
TEXTS = (
    "Most teams write the same post five times a week and wonder why nobody reads it",
    "One good idea becomes five drafts and each of them speaks the language of its platform",
    "Every number is compared with its source and what can not be proven is never written",
    "Try it with your own notes today because it needs no key and works without a network",
)


def make(folder: Path) -> None:
    """Write pictures, voices and `words.json` into `folder`."""
    words = []
    for number, text in enumerate(TEXTS):
        words.append(_times(text))
        _voice(folder / f"voice{number}.wav", words[-1])
        _picture(folder / f"picture{number}.jpg", number)
    (folder / "words.json").write_text(json.dumps(words), "utf-8")


def _times(text: str) -> list[tuple[str, float, float]]:
    """The words of a text, spread over 7 seconds by their length."""
    words, found, start = text.split(), [], 0.2
    share = (LENGTH - 0.5) / sum(len(word) + 2 for word in words)
    for word in words:
        end = start + share * (len(word) + 1)
        found.append((word, round(start, 3), round(end, 3)))
        start = end + share
    return found


def _voice(path: Path, words: list[tuple[str, float, float]]) -> None:
    track = np.zeros(round(LENGTH * RATE))
    for _, start, end in words:
        at = np.arange(round(start * RATE), round(end * RATE))
        track[at] = 0.3 * np.sin(2 * np.pi * 220 * at / RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((track * 32767).astype("<i2").tobytes())


def _picture(path: Path, number: int) -> None:
    """Large soft shapes and fine grain, as photographs have."""
    random = np.random.default_rng(number)
    coarse = Image.fromarray(random.integers(30, 226, (8, 12, 3), dtype=np.uint8)).resize(
        (2400, 1600), Image.Resampling.BICUBIC
    )
    grain = random.normal(0, 6, (1600, 2400, 1))
    Image.fromarray((np.asarray(coarse) + grain).clip(0, 255).astype(np.uint8)).save(path, quality=90)
