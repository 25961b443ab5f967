"""The brand's line at the foot of a card: its logo, or a small mark in its accent colour, and its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageStat

from pressroom.errors import CannotCompose, SourceUnusable
from pressroom.media.cards import faces as fonts
from pressroom.media.cards.canvas import Canvas
from pressroom.media.cards.colours import RGB, contrast
from pressroom.media.cards.cutting import shorter
from pressroom.media.cards.frame import Box, Frame
from pressroom.media.cards.page import Align
from pressroom.media.cards.typeset import Setting, Style, fitting, widest
from pressroom.media.cards.wording import clean
from pressroom.media.pictures.logo_opening import open_logo
from pressroom.model.images import Brand

LOGO_HEIGHT, LOGO_WIDTH = 6.0, 22.0
"""Units a logo takes at most."""

MARK = 1.8
"""Units of the square that stands for a logo."""

SEEN = 1.6
"""Contrast below which a logo is laid on a plate, for it would vanish."""

LEAST_HEIGHT = 45
"""Units a card is high at least to have room for the brand's line."""


@dataclass(frozen=True)
class Branding:
    """The foot of a card, ready to be drawn: `height` and `width` in pixels, 0 where the brand has nothing to show."""

    frame: Frame
    logo: Image.Image | None
    name: Setting | None
    faces: fonts.Faces | None
    notes: tuple[str, ...] = ()

    @property
    def mark(self) -> float:
        if self.logo is not None:
            return float(self.logo.width)
        return MARK * self.frame.unit if self.name else 0.0

    @property
    def height(self) -> float:
        """The name's capitals stand in the middle of it."""
        name = self.name.rise + 2 * self.name.fall if self.name else 0.0
        return max(name, float(self.logo.height) if self.logo else 0.0)

    @property
    def width(self) -> float:
        if self.name is None or self.faces is None:
            return self.mark
        return self.mark + self._gap + widest(self.name, self.faces)

    @property
    def _gap(self) -> float:
        return self.frame.space(1 if self.logo is not None else 0) * 1.2

    def draw(self, canvas: Canvas, box: Box, text: RGB, mark: RGB, ground: RGB, *, align: Align = "start") -> None:
        """At the foot of `box`, from its left edge or about its middle."""
        x = box.left if align == "start" else (box.left + box.right - self.width) / 2
        middle = box.bottom - self.height / 2
        if self.logo is not None:
            self._draw_logo(canvas, self.logo, x, middle, text, ground)
        elif self.name is not None:
            half = self.mark / 2
            canvas.rectangle(Box(x, middle - half, x + self.mark, middle + half), mark)
        if self.name is not None and self.faces is not None:
            font = self.faces.font("text", self.name.size)
            canvas.text(self.name.lines[0], x + self.mark + self._gap, middle + self.name.rise / 2, font, text)

    def _draw_logo(self, canvas: Canvas, logo: Image.Image, x: float, middle: float, plate: RGB, ground: RGB) -> None:
        if contrast(_mean(logo), ground) < SEEN:
            edge = self.frame.space(0)
            box = Box(x - edge, middle - logo.height / 2 - edge, x + logo.width + edge, middle + logo.height / 2 + edge)
            canvas.rounded(box, edge, plate)
        canvas.picture(logo, x, middle - logo.height / 2)


def branding(brand: Brand, frame: Frame, width: float, colour: RGB, language: str) -> Branding:
    """The brand's line at most `width` pixels wide. A logo or a name that can't be shown is left out, with a note."""
    notes: list[str] = []
    if frame.height < LEAST_HEIGHT * frame.unit:
        return Branding(frame, None, None, None, ("The brand's line is left out: the card is too low for it.",))
    logo = _logo(brand.logo, frame, notes) if brand.logo is not None else None
    used = (logo.width if logo is not None else MARK * frame.unit) + 3 * frame.unit
    name, faces = _name(brand, frame, width - used, colour, language, notes)
    return Branding(frame, logo, name, faces, tuple(notes))


def _logo(path: Path, frame: Frame, notes: list[str]) -> Image.Image | None:
    try:
        logo = open_logo(path.read_bytes(), name=path.name).image
    except SourceUnusable as error:
        notes.append(f"The logo is left out: {error.message}")
        return None
    except OSError as error:
        reason = "found" if isinstance(error, FileNotFoundError) else "read"
        notes.append(f"The logo {path.name} is left out: it can't be {reason}.")
        return None
    scale = min(LOGO_HEIGHT * frame.unit / logo.height, LOGO_WIDTH * frame.unit / logo.width)
    size = max(1, round(logo.width * scale)), max(1, round(logo.height * scale))
    return logo.resize(size, Image.Resampling.LANCZOS)


def _name(
    brand: Brand, frame: Frame, width: float, colour: RGB, language: str, notes: list[str]
) -> tuple[Setting | None, fonts.Faces | None]:
    text = clean(brand.name, language)
    if not text:
        return None, None
    try:
        faces = fonts.choose(text, language=language, brand_font=brand.font)
    except CannotCompose as error:
        notes.append(f"The brand's name is left out: {error.message}")
        return None, None
    style = Style("text", 0, 0, 1.0, colour)
    for form in (text, *shorter(text)):
        setting = fitting(form, style, [frame.size(0)], width, faces)
        if setting is not None:
            return setting, faces
    notes.append("The brand's name is left out: there is no room for it.")
    return None, None


def _mean(logo: Image.Image) -> RGB:
    red, green, blue = ImageStat.Stat(
        logo.convert("RGB"), mask=logo.getchannel("A").point(lambda a: 255 * (a > 127))
    ).mean
    return round(red), round(green), round(blue)
