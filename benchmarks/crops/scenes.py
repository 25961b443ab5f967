"""Scenes like photographs: a ground, a subject somewhere on it, things that distract, grain, and perhaps words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.crops import grounds, things

SIZES = ((720, 480), (480, 720), (720, 540), (720, 405), (560, 560))

Drawn = Callable[[np.random.Generator, int], Image.Image]

TUNED: tuple[tuple[grounds.Ground, ...], tuple[Drawn, ...]] = (
    (grounds.landscape, grounds.bokeh, grounds.cloth, grounds.wall),
    (things.ball, things.bottle, things.mug, things.fruit),
)
HELD_OUT: tuple[tuple[grounds.Ground, ...], tuple[Drawn, ...]] = (
    (grounds.bricks, grounds.foliage, grounds.studio, grounds.night),
    (things.figure, things.parcel, things.bird, things.flower),
)


def rendered(seed: int, *, held_out: bool) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """Scene number `seed`, RGB, and the box of its subject in pixels: the same for the same number."""
    random = np.random.default_rng(1000 * held_out + seed)
    possible, subjects = HELD_OUT if held_out else TUNED
    width, height = SIZES[seed % len(SIZES)]
    image = possible[seed % len(possible)](random, width, height)
    for _ in range(int(random.integers(0, 4))):
        _distract(image, random)
    subject = subjects[int(random.integers(len(subjects)))](
        random, round(min(width, height) * random.uniform(0.18, 0.5))
    )
    box = _put(image, subject, random)
    if seed % 5 == 0:
        _write(image, random)
    return _with_grain(image, random), box


def _put(image: Image.Image, subject: Image.Image, random: np.random.Generator) -> tuple[float, float, float, float]:
    """Somewhere from edge to edge, with a soft shadow below."""
    left = round((image.width - subject.width) * random.uniform(0.02, 0.98))
    upper = round((image.height - subject.height) * random.uniform(0.05, 0.95))
    shade = Image.new("RGBA", image.size)
    foot = upper + subject.height
    ImageDraw.Draw(shade).ellipse(
        (left, foot - subject.height // 12, left + subject.width, foot + subject.height // 12), fill=(0, 0, 0, 120)
    )
    shade = shade.filter(ImageFilter.GaussianBlur(subject.width / 14))
    image.paste(shade, mask=shade)
    image.paste(subject, (left, upper), subject)
    bounds = subject.getchannel("A").point(lambda value: 255 * (value > 128)).getbbox() or (0, 0, *subject.size)
    return (left + bounds[0], upper + bounds[1], left + bounds[2], upper + bounds[3])


def _distract(image: Image.Image, random: np.random.Generator) -> None:
    """A blurred spot of another colour, as of something behind the subject."""
    spot = Image.new("RGBA", image.size)
    radius = random.uniform(0.02, 0.07) * min(image.size)
    x, y = random.uniform(0, image.width), random.uniform(0, image.height)
    colour = tuple(int(value) for value in random.integers(30, 230, 3))
    ImageDraw.Draw(spot).ellipse((x - radius, y - radius, x + radius, y + radius), fill=(*colour, 200))
    spot = spot.filter(ImageFilter.GaussianBlur(radius / 3))
    image.paste(spot, mask=spot)


def _write(image: Image.Image, random: np.random.Generator) -> None:
    """A small line of words in a corner, as photographers sign."""
    across = image.width * (0.03 if random.random() < 0.5 else 0.72)
    ImageDraw.Draw(image).text((across, image.height * 0.94), "a photographer 2024", fill=(235, 235, 235))


def _with_grain(image: Image.Image, random: np.random.Generator) -> Image.Image:
    noisy = np.asarray(image, dtype=np.float32) + random.normal(0, 4, (image.height, image.width, 1))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
