"""Any picture's pixels as L, RGB or RGBA in sRGB, 8 bits a channel."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageChops, ImageCms

from pressroom.errors import InvalidImageFormat
from pressroom.media.pictures import profiles

_CEILINGS = (1.0, 255.0, 65535.0, 4294967295.0)
"""White, in pictures of more than 8 bits: the lowest of these that no pixel exceeds."""

_SPACES = {"L": "GRAY", "LA": "GRAY", "RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}
"""The colour space a profile must be for, by the pixels' mode."""

_SIXTEEN = ("I;16", "I;16B", "I;16L", "I;16N")

WITH_ALPHA = ("RGBA", "LA")

_IDLE_ALPHA = ("BMP", "DIB", "TIFF")

_LEAST_GAMMA = 0.05
_LIKE_SRGB = 0.005
"""A gAMA this close to 1/2.2 was written for sRGB."""

_SAME = 2
"""Levels of 256 by which a colour may differ and still look the same."""

_LEVELS = np.linspace(0, 255, 18).astype(np.uint8)
_SAMPLE = np.stack(np.meshgrid(_LEVELS, _LEVELS, _LEVELS), axis=-1).reshape(18, -1, 3)


@dataclass(frozen=True)
class Look:
    """The colours as the header describes them. profile: ICC, to be applied. notes: sentences for a person.

    idle_alpha: the format's fourth channel is often not alpha at all; programs leave it 0.
    """

    profile: ImageCms.ImageCmsProfile | None = None
    idle_alpha: bool = False
    notes: tuple[str, ...] = ()


def look(image: Image.Image) -> Look:
    """Read from a header; costs no pixels."""
    notes = []
    profile, flaw = _profile(image)
    if flaw:
        notes.append(flaw)
    if image.mode == "CMYK" and profile is None:
        notes.append("It is CMYK without a usable colour profile: its colours are approximate.")
    if image.mode in (*_SIXTEEN, "I", "F") or _deep(image):
        notes.append("It has more than 8 bits a channel; 8 are kept.")
    return Look(profile, image.format in _IDLE_ALPHA, tuple(notes))


def plain(image: Image.Image) -> Image.Image:
    """`image`, decoded, in a mode that can be scaled: L, LA, RGB, RGBA, CMYK or LAB."""
    if image.mode in _SIXTEEN:
        return image.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    if image.mode in ("I", "F"):
        return _eight_bits(image)
    if image.mode == "CMYK" and image.format == "JPEG" and "adobe" not in image.info:
        return ImageChops.invert(image)  # Pillow takes every CMYK JPEG for one of Adobe's, which are inverted
    if image.has_transparency_data:
        return image if image.mode in WITH_ALPHA else image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def in_srgb(image: Image.Image, look: Look) -> Image.Image:
    """`image`, as `plain` gives it, as RGB or RGBA; fully opaque alpha is dropped, and so is everything but pixels.

    Raises:
        InvalidImageFormat: nothing of it can be seen.
    """
    if image.mode == "LAB":
        image = _transformed(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "RGB")
    elif look.profile is not None and image.mode in _SPACES:
        image = _managed(image, look.profile)
    mode = "RGBA" if image.mode in WITH_ALPHA else "RGB"
    if image.mode != mode:  # converting copies, even to the same
        image = image.convert(mode)
    if mode == "RGBA":
        image = _without_idle_alpha(image, idle=look.idle_alpha)
    image.info = {}
    return image


def _without_idle_alpha(image: Image.Image, *, idle: bool) -> Image.Image:
    """`image` without an alpha that hides nothing. idle: one that hides all is not meant as alpha.

    Raises:
        InvalidImageFormat: everything is hidden.
    """
    least, most = image.getchannel("A").getextrema()
    if least == 255 or (most == 0 and idle):
        return image.convert("RGB")
    if most == 0:
        raise InvalidImageFormat("The picture is wholly transparent: nothing of it can be seen.", hint=_VISIBLE)
    return image


_VISIBLE = "Export it again without transparency, or with its content visible."


def flat(image: Image.Image, background: str) -> Image.Image:
    """`image` over `background`, as RGB."""
    if image.mode != "RGBA":
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, background), image).convert("RGB")


def _managed(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    if image.mode not in WITH_ALPHA:
        return _transformed(image, profile, "RGB")
    alpha = image.getchannel("A")
    opaque = image.convert("L" if image.mode == "LA" else "RGB")
    coloured = _transformed(opaque, profile, "RGB").convert("RGB")
    coloured.putalpha(alpha)
    return coloured


def _transformed(image: Image.Image, profile: ImageCms.ImageCmsProfile, mode: str) -> Image.Image:
    try:
        done = ImageCms.profileToProfile(
            image,
            profile,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode=mode,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):  # one that opens, and still can't be applied
        return image
    return done if done is not None else image


def _profile(image: Image.Image) -> tuple[ImageCms.ImageCmsProfile | None, str]:
    """The profile to apply, unless the picture is in sRGB already; and what is wrong with what the file says.

    In the order of PNG's third edition: cICP, an embedded profile, sRGB, gAMA with cHRM.
    """
    mode = {"P": "RGB", "PA": "RGB", "1": "L", "I": "L", "F": "L", **dict.fromkeys(_SIXTEEN, "L")}.get(
        image.mode, image.mode
    )
    block, flaw = _coding(image, mode)
    block = block or image.info.get("icc_profile") or _from_gamma(image, mode)
    if not block:
        return None, flaw
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(block))
        space = profile.profile.xcolor_space
    except Exception:  # a profile made to confuse a reader of profiles says nothing of the pixels
        return None, "Its colour profile is damaged; its colours were taken to be sRGB."
    if mode in _SPACES and _SPACES[mode] != space:
        return None, "Its colour profile is for another kind of picture; its colours were taken to be sRGB."
    return (None if _changes_nothing(block, space) else profile), flaw


def _coding(image: Image.Image, mode: str) -> tuple[bytes | None, str]:
    """The profile that a PNG's cICP chunk stands for, and a note on what can't be kept of it."""
    chunk = _cicp(image) if image.format == "PNG" else None
    if chunk is None or mode not in _SPACES:
        return None, ""
    primaries, curve = profiles.PRIMARIES.get(chunk[0]), profiles.TRANSFERS.get(chunk[1])
    if primaries is None or curve is None or chunk[2]:
        return None, "Its colours are coded in a way that is not known here; they were taken to be sRGB."
    bright = (
        "It has a high dynamic range; its brightest parts are cut." if chunk[1] in (profiles.PQ, profiles.HLG) else ""
    )
    return profiles.profile(curve, None if _SPACES[mode] == "GRAY" else primaries), bright


def _cicp(image: Image.Image) -> bytes | None:
    """The four bytes of a PNG's cICP chunk, which Pillow does not read; its file must still be open."""
    file = getattr(image, "fp", None)
    if file is None:
        return None
    place = file.tell()
    try:
        file.seek(8)
        while len(start := file.read(8)) == 8 and start[4:] not in (b"IDAT", b"IEND"):
            length = int.from_bytes(start[:4], "big")
            if start[4:] == b"cICP":
                found: bytes = file.read(length)
                return found if len(found) == 4 else None
            file.seek(length + 4, io.SEEK_CUR)
    finally:
        file.seek(place)
    return None


def _from_gamma(image: Image.Image, mode: str) -> bytes | None:
    """The profile that a PNG's gAMA and cHRM stand for; None without gAMA, or beside an sRGB chunk."""
    gamma = image.info.get("gamma")
    if not isinstance(gamma, float) or not _LEAST_GAMMA <= gamma <= 1 / _LEAST_GAMMA or "srgb" in image.info:
        return None
    points = image.info.get("chromaticity") or ()
    pairs: Any = tuple(zip(points[::2], points[1::2], strict=True)) if len(points) == 8 else profiles.SRGB
    usable = all(0 < x < 1 and 0 < y < 1 and x + y <= 1 for x, y in pairs)
    curve = profiles.TRANSFERS[13] if abs(gamma - 1 / 2.2) < _LIKE_SRGB else profiles.power(1 / gamma)
    grey = _SPACES.get(mode) == "GRAY"
    try:
        return profiles.profile(curve, None if grey else pairs if usable else profiles.SRGB)
    except (np.linalg.LinAlgError, struct.error):  # three primaries on one line make no colours
        return profiles.profile(curve, None if grey else profiles.SRGB)


@lru_cache(maxsize=32)
def _changes_nothing(block: bytes, space: str) -> bool:
    """True when a profile's colours are those of sRGB. It converts samples, since a profile's name proves nothing."""
    if space not in ("RGB ", "GRAY"):
        return False
    sample = Image.fromarray(_SAMPLE if space == "RGB " else _SAMPLE[..., 0])
    shown = _transformed(sample, ImageCms.ImageCmsProfile(io.BytesIO(block)), "RGB").convert("RGB")
    off = np.abs(np.asarray(shown, dtype=int) - np.asarray(sample.convert("RGB"), dtype=int))
    return bool(off.max() <= _SAME)


def _eight_bits(image: Image.Image) -> Image.Image:
    _, most = image.getextrema()
    assert isinstance(most, (int, float))
    ceiling = next((value for value in _CEILINGS if most <= value), float(most))
    scale = 255 / ceiling
    return image.convert("F").point(lambda value: value * scale + 0.5).convert("L")


def _deep(image: Image.Image) -> bool:
    """True when the file holds more bits than the mode says: Pillow names the mode it reads into."""
    for tile in getattr(image, "tile", []):
        arguments = tile[3] if isinstance(tile[3], tuple) else (tile[3],)
        if any(isinstance(argument, str) and ";16" in argument for argument in arguments):
            return True
    return False
