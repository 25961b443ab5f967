"""What stands behind a rendered scene's subject."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Ground = Callable[[np.random.Generator, int, int], Image.Image]


def landscape(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """Sky over hills over a meadow."""
    horizon = random.uniform(0.35, 0.65)
    rows = np.linspace(0, 1, height)[:, None] + 0.06 * (clouds(random, width, height, 5) - 0.5)
    sky = blend(rows / horizon, (90, 140, 205), (225, 225, 215)) + 18 * (clouds(random, width, height) - 0.5)[..., None]
    land = blend((rows - horizon) / (1 - horizon), (120, 140, 110), (70, 90, 40))
    land += 46 * (clouds(random, width, height, 60) - 0.5)[..., None]
    return picture(np.where((rows < horizon)[..., None], sky, land))


def bokeh(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """Lights far out of focus."""
    base = tuple(int(value) for value in random.integers(20, 110, 3))
    image = picture(np.ones((height, width, 1)) * np.array(base, dtype=np.float32))
    layer = Image.new("RGBA", image.size)
    pen = ImageDraw.Draw(layer)
    for _ in range(40):
        x, y, radius = random.uniform(0, width), random.uniform(0, height), random.uniform(0.02, 0.09) * height
        colour = tuple(int(min(255, value + random.uniform(20, 110))) for value in base)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(*colour, 90))
    layer = layer.filter(ImageFilter.GaussianBlur(height / 70))
    image.paste(layer, mask=layer)
    return image


def cloth(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """A woven pattern in folds."""
    y, x = np.mgrid[:height, :width]
    weave = np.sin(x * random.uniform(0.5, 1.2)) * np.sin(y * random.uniform(0.5, 1.2))
    folds = clouds(random, width, height, 6)
    return picture(random.integers(70, 190, 3) + 14 * weave[..., None] + 70 * (folds - 0.5)[..., None])


def wall(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """Plaster lit from one side."""
    light = np.linspace(random.uniform(-30, 30), random.uniform(-30, 30), width)[None, :, None]
    rough = clouds(random, width, height, 90) + clouds(random, width, height, 8)
    return picture(random.integers(100, 200, 3) + light + 16 * (rough - 1)[..., None])


def bricks(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """Courses of bricks of slightly different colours."""
    high, wide = height // 14, width // 9
    image = Image.new("RGB", (width, height), (176, 168, 160))
    pen = ImageDraw.Draw(image)
    for row in range(15):
        for column in range(-1, 10):
            left = column * wide + (row % 2) * wide // 2
            colour = tuple(int(value + random.normal(0, 12)) for value in (150, 84, 66))
            pen.rectangle((left + 2, row * high + 2, left + wide - 2, row * high + high - 2), fill=colour)
    return image.filter(ImageFilter.GaussianBlur(1))


def foliage(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """Leaves in front of leaves."""
    image = Image.new("RGB", (width, height), (24, 44, 20))
    for blur in (6, 3, 1):
        layer = Image.new("RGBA", image.size)
        pen = ImageDraw.Draw(layer)
        for _ in range(120):
            x, y, long = random.uniform(0, width), random.uniform(0, height), random.uniform(0.03, 0.08) * height
            colour = (int(random.integers(30, 110)), int(random.integers(80, 160)), int(random.integers(20, 60)))
            pen.ellipse((x - long, y - long * 0.4, x + long, y + long * 0.4), fill=(*colour, 230))
        layer = layer.filter(ImageFilter.GaussianBlur(blur))
        image.paste(layer, mask=layer)
    return image


def studio(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """An endless paper sweep, darker towards its corners."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    fall = 1 - 0.28 * (x**2 + y**2)
    return picture(random.integers(150, 235, 3) * fall[..., None])


def night(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """A street at night: windows, and their light on wet ground."""
    image = picture(blend(np.linspace(0, 1, height)[:, None] * np.ones((1, width)), (8, 10, 24), (34, 30, 34)))
    pen = ImageDraw.Draw(image)
    for _ in range(90):
        x, y, side = random.uniform(0, width), random.uniform(0, height * 0.55), random.uniform(2, 7)
        colour = (int(random.integers(150, 240)), int(random.integers(110, 190)), int(random.integers(40, 120)))
        pen.rectangle((x, y, x + side, y + side * 1.4), fill=colour)
        pen.line((x, height * 0.62, x, height * 0.62 + side * 12), fill=tuple(part // 3 for part in colour))
    return image.filter(ImageFilter.GaussianBlur(1.5))


def clouds(random: np.random.Generator, width: int, height: int, cells: int = 9) -> np.ndarray:
    """Smooth noise from 0 to 1 with about `cells` waves across."""
    coarse = random.random((max(2, cells * height // width), cells)).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def blend(share: np.ndarray, one: tuple[int, int, int], other: tuple[int, int, int]) -> np.ndarray:
    part = np.clip(share, 0, 1)[..., None]
    return np.asarray(np.array(one) * (1 - part) + np.array(other) * part)


def picture(values: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
