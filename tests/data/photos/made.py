"""How the photos here were made: rendered, so that they belong to nobody. `python tests/data/photos/made.py`.

| file | shows | what is special |
|---|---|---|
| `oranges.jpg` | three oranges on a table, at the right | 3:2, to be turned; EXIF with a place and a name |
| `vase.jpg` | a blue vase at the upper left of a high picture | 2:3, progressive |
| `cut_out.png` | one orange | transparent around it |
| `small.webp` | the oranges again | smaller than every platform wants |
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

HERE = Path(__file__).parent
Pixels = NDArray[np.float32]
LIGHT = np.array([-0.5, -0.65, 0.57], dtype=np.float32)
EYE = np.array([0, 0, 1], dtype=np.float32)


def clouds(width: int, height: int, seed: int, roughness: float = 0.55) -> Pixels:
    """Noise of all sizes from -1 to 1, as wood, skin and plaster have it."""
    random = np.random.default_rng(seed)
    total, strength = np.zeros((height, width), dtype=np.float32), 1.0
    for cells in (4, 8, 16, 32, 64, 128, 256):
        small = Image.fromarray(random.uniform(-1, 1, (max(2, cells * height // width), cells)).astype(np.float32))
        total += np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)) * strength
        strength *= roughness
    return total / 2


def room(width: int, height: int, horizon: float) -> Pixels:
    """A dark wall with blurred lights, and a wooden table."""
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    wall = np.stack([70 - 30 * rows, 62 - 22 * rows, 80 - 20 * rows], axis=-1) * np.ones((1, width, 1), np.float32)
    lights = Image.new("RGB", (width, height))
    random = np.random.default_rng(3)
    for _ in range(26):
        radius = int(random.uniform(0.015, 0.05) * width)
        spot = Image.new("L", (2 * radius, 2 * radius))
        spot = Image.fromarray(
            (np.hypot(*np.mgrid[-1 : 1 : 2j * radius, -1 : 1 : 2j * radius]) < 0.95).astype(np.uint8) * 90
        )
        colour = tuple(int(value) for value in random.uniform((160, 110, 60), (255, 200, 150)))
        at = (int(random.uniform(0, width)), int(random.uniform(0, horizon * height * 0.85)))
        lights.paste(Image.new("RGB", spot.size, colour), at, spot)
    wall += np.asarray(lights.filter(ImageFilter.GaussianBlur(width / 300)), dtype=np.float32)
    wood = clouds(width, height, 11)[:, :, None] + 0.5 * np.sin(rows * 160 + 6 * clouds(width, height, 12))[:, :, None]
    table = np.array([128, 84, 52], dtype=np.float32) + 26 * wood
    edge = np.clip((rows - horizon) * 90, 0, 1)[..., None]
    return np.asarray(wall * (1 - edge) + table * edge, dtype=np.float32)


def ball(pixels: Pixels, x: float, y: float, radius: float, colour: tuple[int, int, int], seed: int) -> Pixels:
    """A lit ball at x, y (pixels) and its shadow; its cover from 0 to 1."""
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    shadow = np.exp(
        -(((columns - x - radius * 0.5) / (radius * 1.3)) ** 2) - ((rows - y - radius * 0.93) / (radius * 0.24)) ** 2
    )
    pixels *= 1 - 0.75 * shadow[..., None]
    across, down = (columns - x) / radius, (rows - y) / radius
    inside = np.clip((1 - np.hypot(across, down)) * radius / 1.5, 0, 1)
    normal = np.stack([across, down, np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))], axis=-1)
    normal = normal + 0.16 * clouds(width, height, seed, 0.95)[..., None]
    lit = np.clip(normal @ LIGHT, 0, 1)
    shine = np.clip(normal @ ((LIGHT + EYE) / 1.77), 0, 1) ** 40
    surface = np.array(colour, dtype=np.float32) * (0.22 + 0.85 * lit)[..., None] + 150 * shine[..., None]
    pixels[:] = pixels * (1 - inside[..., None]) + surface * inside[..., None]
    return np.asarray(inside, dtype=np.float32)


def vase(pixels: Pixels, x: float, top: float, tall: float) -> None:
    """A glazed vase: round everywhere, so that its light depends on how far from its axis a point is."""
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    along = np.clip((rows - top) / tall, 0, 1)
    half = tall * (0.13 + 0.17 * np.clip(np.sin(np.pi * along**1.5), 0, 1) ** 1.3)
    across = (columns - x) / half
    inside = (
        np.clip((1 - np.abs(across)) * half / 2, 0, 1)
        * np.clip((rows - top) / 3, 0, 1)
        * np.clip((top + tall - rows) / 3, 0, 1)
    )
    lit = np.clip(-0.6 * across + 0.62 * np.sqrt(np.clip(1 - across**2, 0, 1)), 0, 1)
    stripes = 1 + 0.35 * np.sign(np.sin(along * 40)) * (np.abs(along - 0.5) < 0.12)
    surface = np.array([40, 80, 170], np.float32) * (0.25 + 0.9 * lit * stripes)[..., None]
    surface += 170 * np.exp(-(((across + 0.45) / 0.09) ** 2))[..., None]
    pixels[:] = pixels * (1 - inside[..., None]) + surface * inside[..., None]


def photo(pixels: Pixels, seed: int) -> Image.Image:
    """As a camera would have it: slightly soft, with grain."""
    soft = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8))
    grain = np.random.default_rng(seed).normal(scale=1.6, size=(*pixels.shape[:2], 1))
    return Image.fromarray(np.clip(np.asarray(soft) + grain, 0, 255).astype(np.uint8))


def oranges(width: int, height: int) -> Image.Image:
    pixels = room(width, height, 0.62)
    for x, y, radius, seed in ((0.86, 0.60, 0.075, 22), (0.66, 0.63, 0.095, 23), (0.77, 0.72, 0.1, 21)):
        ball(pixels, x * width, y * height, radius * width, (255, 138, 20), seed)
    return photo(pixels, 1)


def main() -> None:
    still_life = oranges(1800, 1200)
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Erika Mustermann"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)})
    lying = still_life.transpose(Image.Transpose.ROTATE_90)
    lying.save(HERE / "oranges.jpg", quality=80, exif=exif, optimize=True)
    still_life.resize((720, 480), Image.Resampling.LANCZOS).save(HERE / "small.webp", quality=80)
    pixels = room(1200, 1800, 0.7)
    vase(pixels, 380, 330, 1080)
    photo(pixels, 2).save(HERE / "vase.jpg", quality=80, progressive=True)
    cut_out()


def cut_out() -> None:
    pixels = np.zeros((640, 640, 3), dtype=np.float32)
    cover = ball(pixels, 320, 320, 260, (255, 138, 20), 21)
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))
    image = image.quantize(250, method=Image.Quantize.MEDIANCUT).convert("RGB")
    image.putalpha(Image.fromarray((cover * 255).astype(np.uint8)))
    image.save(HERE / "cut_out.png", optimize=True)


if __name__ == "__main__":
    main()
