"""Reels for tests: voices whose words are tones, pictures of one hue each, and a film decoded as arrays."""

from __future__ import annotations

import subprocess
import wave
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pressroom.media.film.program import ffmpeg
from pressroom.model.films import Reel, Rendered, Shot
from pressroom.model.images import Brand
from pressroom.model.speech import SpokenWord, Timing

RATE = 24_000
MARK = Brand(accent="#00ff00")
"""No picture here is green, so that what is green in a frame is the marked word."""

HUES = {"red": (200, 40, 40), "blue": (40, 60, 210), "grey": (128, 120, 128), "violet": (150, 40, 190)}


def spoken(text: str, *, start: float = 0.1, letter: float = 0.06, gap: float = 0.06) -> tuple[SpokenWord, ...]:
    """Words that take longer, the longer they are."""
    words = []
    for word in text.split():
        words.append(SpokenWord(text=word, start=round(start, 4), end=round(start + 0.1 + letter * len(word), 4)))
        start = words[-1].end + gap
    return tuple(words)


def voice(path: Path, words: tuple[SpokenWord, ...], *, rate: int = RATE, after: float = 0.15) -> Path:
    """A tone for each word, silence between them."""
    seconds = (words[-1].end if words else 0.5) + after
    track = np.zeros(round(seconds * rate))
    for word in words:
        at = np.arange(round(word.start * rate), round(word.end * rate))
        track[at] = 0.3 * np.sin(2 * np.pi * 440 * at / rate)
    return wav(path, track, rate)


def wav(path: Path, track: NDArray[np.float64], rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((track * 32767).astype("<i2").tobytes())
    return path


def picture(path: Path, hue: str, size: tuple[int, int] = (300, 533)) -> Path:
    """A picture in shades of one hue, with something to see at every place."""
    width, height = size
    down, across = np.mgrid[0:height, 0:width]
    shade = 0.75 + 0.25 * np.sin(across / 7) * np.cos(down / 9)
    Image.fromarray((shade[..., None] * np.array(HUES[hue])).astype(np.uint8)).save(path)
    return path


def clip(path: Path, *arguments: str) -> Path:
    """A clip that ffmpeg makes of these arguments; without a sound unless they name one."""
    subprocess.run([ffmpeg(), "-v", "error", "-y", *arguments, str(path)], check=True, timeout=60)
    return path


def shot(folder: Path, name: str, hue: str, text: str, **options: object) -> Shot:
    words = spoken(text)
    path = picture(folder / f"{name}.png", hue)
    given = {"visual": path, "sound": voice(folder / f"{name}.wav", words), "words": words, "timing": Timing.MODEL}
    return Shot(**{**given, **options})  # type: ignore[arg-type]


def reel(*shots: Shot, **options: object) -> Reel:
    given = {"width": 288, "height": 512, "safe": (16, 66, 240, 390), "brand": MARK}
    return Reel(shots, **{**given, **options})  # type: ignore[arg-type]


@dataclass
class Decoded:
    """A film as it is seen and heard. frames: RGB; times: of each, in seconds; sound: mono at 48 kHz."""

    path: Path
    reel: Reel
    made: Rendered
    frames: list[NDArray[np.uint8]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    sound: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    def at(self, seconds: float) -> NDArray[np.uint8]:
        return self.frames[min(round(seconds * self.reel.fps), len(self.frames) - 1)]

    def hue(self, seconds: float) -> str:
        """The picture that is on screen."""
        colour = self.at(seconds)[:60].reshape(-1, 3).mean(axis=0)
        return min(
            HUES, key=lambda name: float(np.abs(colour / colour.sum() - np.array(HUES[name]) / sum(HUES[name])).sum())
        )


def decode(path: Path, reel: Reel, made: Rendered) -> Decoded:
    found = Decoded(path, reel, made)
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            found.frames.append(frame.to_ndarray(format="rgb24"))
            found.times.append(float(frame.time))
    with av.open(str(path)) as film:
        found.sound = np.concatenate([frame.to_ndarray().mean(axis=0) for frame in film.decode(audio=0)])
    return found
