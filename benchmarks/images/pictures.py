"""Large pictures to measure with, made anew on every machine: noise of all sizes, hard edges, a camera's grain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

OCTAVES = 10
SHAPES = 60
GRAIN = 3.0
"""Standard deviation, in levels of 256, of what a sensor adds to every pixel."""


def picture(width: int, height: int, seed: int) -> Image.Image:
    """RGB; the same for the same seed."""
    random = np.random.default_rng(seed)
    image = _texture(width, height, random)
    _shapes(image, random)
    soft = image.filter(ImageFilter.GaussianBlur(0.9))
    rows = []
    for top in range(0, height, 500):
        strip = np.asarray(soft.crop((0, top, width, min(height, top + 500))), dtype=np.int16)
        rows.append(np.clip(strip + np.round(random.normal(scale=GRAIN, size=strip.shape)), 0, 255).astype(np.uint8))
    return Image.fromarray(np.concatenate(rows))


def made(folder: Path, name: str, width: int, height: int, seed: int) -> Path:
    """The file, `name` saying its format."""
    path = folder / name
    picture(width, height, seed).save(path, quality=92)
    return path


def _texture(width: int, height: int, random: np.random.Generator) -> Image.Image:
    """Waves of every length, the longer the stronger, as in what is photographed."""
    bands = [np.full((height, width), 128, dtype=np.float32) for _ in range(3)]
    for octave in range(1, OCTAVES + 1):
        cells = 2**octave
        small = random.normal(size=(max(2, cells * height // width), cells, 3)).astype(np.float32)
        small = (small + 2 * small.mean(axis=2, keepdims=True)) / 2
        for band in range(3):
            wave = Image.fromarray(small[..., band]).resize((width, height), Image.Resampling.BICUBIC)
            bands[band] += np.asarray(wave) * (60 / cells**0.6)
    return Image.merge("RGB", [Image.fromarray(np.clip(total, 0, 255).astype(np.uint8)) for total in bands])


def _shapes(image: Image.Image, random: np.random.Generator) -> None:
    draw = ImageDraw.Draw(image)
    width, height = image.size
    for number in range(SHAPES):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        radius = int(random.integers(width // 200, width // 12))
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        if number % 3 == 0:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
        elif number % 3 == 1:
            corners = random.integers(-radius, radius, (4, 2))
            draw.polygon([(x + int(across), y + int(down)) for across, down in corners], fill=colour)
        else:
            across, down = (int(value) for value in random.integers(-4 * radius, 4 * radius, 2))
            draw.line((x, y, x + across, y + down), fill=colour, width=max(2, radius // 12))
