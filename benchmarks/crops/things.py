"""What rendered scenes are of: drawn large, shaded, scaled down, with alpha around."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.crops.grounds import clouds

_SIDE = 600
"""Things are drawn on a square of this side."""

Colour = tuple[int, int, int]


def ball(random: np.random.Generator, size: int) -> Image.Image:
    sheet, pen = _sheet()
    pen.ellipse((20, 20, 580, 580), fill=_colour(random))
    pen.chord((20, 20, 580, 580), 200, 330, fill=_colour(random))
    return _finished(sheet, random, size)


def bottle(random: np.random.Generator, size: int) -> Image.Image:
    sheet, pen = _sheet()
    glass, label = _colour(random), _colour(random)
    pen.rounded_rectangle((200, 190, 400, 595), 50, fill=glass)
    pen.polygon([(200, 240), (400, 240), (335, 130), (265, 130)], fill=glass)
    pen.rectangle((265, 10, 335, 140), fill=_colour(random))
    pen.rectangle((200, 320, 400, 480), fill=label)
    for line in range(4):
        pen.rectangle((225, 345 + 30 * line, 375 - 30 * (line % 2), 355 + 30 * line), fill=glass)
    return _finished(sheet, random, size)


def mug(random: np.random.Generator, size: int) -> Image.Image:
    sheet, pen = _sheet()
    clay = _colour(random)
    pen.ellipse((340, 180, 580, 460), outline=clay, width=45)
    pen.rounded_rectangle((60, 110, 430, 560), 60, fill=clay)
    pen.ellipse((60, 70, 430, 170), fill=tuple(part // 3 for part in clay))
    return _finished(sheet, random, size)


def fruit(random: np.random.Generator, size: int) -> Image.Image:
    sheet, pen = _sheet()
    for left, upper in ((40, 240), (280, 240), (160, 60)):
        pen.ellipse((left, upper, left + 280, upper + 290), fill=_colour(random))
        pen.line((left + 140, upper + 20, left + 160, upper - 30), fill=(90, 60, 30), width=14)
    return _finished(sheet, random, size)


def figure(random: np.random.Generator, size: int) -> Image.Image:
    """Somebody standing."""
    sheet, pen = _sheet()
    skin = tuple(int(part * random.uniform(0.6, 1)) for part in (235, 190, 160))
    coat = _colour(random)
    pen.ellipse((250, 10, 350, 135), fill=skin)
    pen.chord((245, 0, 355, 110), 180, 360, fill=(50, 36, 28))
    pen.rounded_rectangle((205, 140, 395, 370), 50, fill=coat)
    pen.line((215, 180, 165, 350), fill=coat, width=42)
    pen.line((385, 180, 435, 350), fill=coat, width=42)
    for foot in (250, 350):
        pen.line(((foot + 300) // 2, 350, foot, 595), fill=(40, 44, 66), width=62)
    return _finished(sheet, random, round(size * 1.5))


def parcel(random: np.random.Generator, size: int) -> Image.Image:
    sheet, pen = _sheet()
    front = _colour(random)
    pen.polygon([(40, 170), (380, 240), (380, 580), (40, 500)], fill=front)
    pen.polygon([(380, 240), (570, 150), (570, 470), (380, 580)], fill=tuple(int(part * 0.6) for part in front))
    pen.polygon([(40, 170), (240, 90), (570, 150), (380, 240)], fill=tuple(min(255, part + 40) for part in front))
    pen.polygon([(90, 260), (320, 308), (320, 420), (90, 372)], fill=_colour(random))
    return _finished(sheet, random, size)


def bird(random: np.random.Generator, size: int) -> Image.Image:
    sheet, pen = _sheet()
    feathers = _colour(random)
    pen.ellipse((90, 220, 480, 470), fill=feathers)
    pen.ellipse((370, 120, 530, 280), fill=feathers)
    pen.polygon([(520, 190), (595, 215), (520, 235)], fill=(230, 170, 40))
    pen.polygon([(10, 300), (170, 300), (130, 400)], fill=feathers)
    pen.chord((160, 260, 400, 430), 0, 200, fill=_colour(random))
    pen.ellipse((450, 170, 475, 195), fill=(15, 15, 15))
    for leg in (260, 320):
        pen.line((leg, 460, leg, 590), fill=(120, 80, 50), width=14)
    return _finished(sheet, random, size)


def flower(random: np.random.Generator, size: int) -> Image.Image:
    sheet, pen = _sheet()
    petal = _colour(random)
    pen.line((300, 260, 290, 595), fill=(60, 120, 50), width=26)
    for turn in np.linspace(0, 2 * np.pi, 9)[:-1]:
        x, y = 300 + 130 * np.cos(turn), 215 + 130 * np.sin(turn)
        pen.ellipse((x - 78, y - 78, x + 78, y + 78), fill=petal)
    pen.ellipse((225, 140, 375, 290), fill=(220, 170, 50))
    return _finished(sheet, random, size)


def _sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    sheet = Image.new("RGBA", (_SIDE, _SIDE))
    return sheet, ImageDraw.Draw(sheet)


def _colour(random: np.random.Generator) -> Colour:
    """Saturated or grey, light or dark: whatever comes."""
    grey, tint = random.uniform(30, 225), random.uniform(0, 90)
    red, green, blue = (int(np.clip(grey + value * tint, 0, 255)) for value in random.normal(0, 1, 3))
    return red, green, blue


def _finished(sheet: Image.Image, random: np.random.Generator, size: int) -> Image.Image:
    """Lit from the upper left, with a texture of its own, `size` pixels long."""
    y, x = np.mgrid[0 : 1 : _SIDE * 1j, 0 : 1 : _SIDE * 1j]
    light = 1.15 - 0.5 * (0.5 * x + 0.5 * y) + 0.14 * (clouds(random, _SIDE, _SIDE, 30) - 0.5)
    colours = np.asarray(sheet, dtype=np.float32).copy()
    colours[..., :3] = np.clip(colours[..., :3] * light[..., None], 0, 255)
    lit = Image.fromarray(colours.astype(np.uint8))
    bounds = lit.getbbox() or (0, 0, _SIDE, _SIDE)
    cut = lit.crop(bounds).filter(ImageFilter.GaussianBlur(0.6))
    scale = size / max(cut.size)
    return cut.resize((round(cut.width * scale), round(cut.height * scale)), Image.Resampling.LANCZOS)
