"""One film that most tests of films look at: three scenes, one of them a clip, a closing card, music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pressroom.media.film import render
from tests.pressroom.media.film.reels import Decoded, clip, decode, picture, reel, shot, wav

VFR = "testsrc2=size=90x160:rate=30:duration=1.2,lutrgb=g=0:r=200:b=val/4,select='not(mod(n\\,4))+lt(n\\,9)'"


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Decoded:
    folder: Path = tmp_path_factory.mktemp("film")
    moving = clip(folder / "moving.mkv", "-f", "lavfi", "-i", VFR, "-fps_mode", "vfr", "-c:v", "libx264")
    tone = 0.4 * np.sin(2 * np.pi * 3000 * np.arange(48_000) / 48_000)
    made = reel(
        shot(folder, "a", "red", "Stop guessing what your readers want."),
        shot(folder, "b", "blue", "Count every single click instead."),
        shot(folder, "c", "red", "Numbers never lie.", visual=moving, kind="clip"),
        closing=picture(folder / "closing.png", "violet"),
        closing_seconds=1.5,
        music=wav(folder / "music.wav", tone, 48_000),
    )
    out = folder / "film.mp4"
    return decode(out, made, render(made, out))
