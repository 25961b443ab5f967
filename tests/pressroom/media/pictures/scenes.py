"""Pictures for tests: drawn, the same every time, in every mode and of every kind of damage."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def scene(width: int = 900, height: int = 600, *, seed: int = 5) -> Image.Image:
    """A sky, hills and a red ball; a little noise, as cameras make it."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    sky = np.stack([90 + 60 * rows / height, 140 + 50 * rows / height, 220 - 30 * rows / height], axis=-1)
    hills = height * (0.6 + 0.1 * np.sin(columns / width * 7) + 0.04 * np.sin(columns / width * 23))
    ground = np.stack([60 + 20 * np.sin(rows / 9), 120 + 25 * np.sin(columns / 7), 50 + 0 * rows], axis=-1)
    pixels = np.where((rows > hills)[..., None], ground, sky) + random.normal(scale=3, size=(height, width, 1))
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    radius = min(width, height) // 8
    at = (width // 4, height // 2)
    ImageDraw.Draw(image).ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill="#c8322b")
    return image.filter(ImageFilter.GaussianBlur(0.6))


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **({"quality": 90} | options if kind == "JPEG" else options))
    return file.getvalue()


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width: int, height: int, *extra: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG of a few bytes whose header claims so many pixels; `extra` chunks come before them."""
    start = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + start + b"".join(extra) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def png16(grey: np.ndarray) -> bytes:
    """A grey PNG of 16 bits a pixel."""
    return encoded(Image.fromarray(grey.astype(np.uint16)), "PNG")


def rgb16_png(pixels: np.ndarray) -> bytes:
    """An RGB PNG of 16 bits a channel, which Pillow can read but not write."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    start = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + start + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def tiff_claiming(width: int, height: int, *, tile: int = 0) -> bytes:
    """A TIFF of a few bytes: 8 bits grey, one strip or, with `tile`, tiles of that edge."""
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1)]
    tags += [(322, 4, 1, tile), (323, 4, 1, tile), (324, 4, 1, 8), (325, 4, 1, 8)] if tile else []
    tags += [] if tile else [(273, 4, 1, 8), (278, 4, 1, height), (279, 4, 1, 8)]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", 0)


def near(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures of one size, in levels of 256."""
    a, b = (np.asarray(image.convert("RGB"), dtype=np.float32) for image in (one, other))
    return float(np.abs(a - b).mean())
