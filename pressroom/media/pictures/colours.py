"""Any picture's pixels as L, RGB or RGBA in sRGB, 8 bits a channel."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageCms

_CEILINGS = (1.0, 255.0, 65535.0, 4294967295.0)
"""White, in pictures of more than 8 bits: the lowest of these that no pixel exceeds."""

_SPACES = {"L": "GRAY", "LA": "GRAY", "RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}
"""The colour space a profile must be for, by the pixels' mode."""

_SIXTEEN = ("I;16", "I;16B", "I;16L", "I;16N")

WITH_ALPHA = ("RGBA", "LA")


@dataclass(frozen=True)
class Look:
    """What a header says of the colours. profile: ICC, to be applied. notes: sentences for a person."""

    profile: ImageCms.ImageCmsProfile | None = None
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
    return Look(profile, tuple(notes))


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


def in_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    """`image`, as `plain` gives it, as RGB or RGBA; fully opaque alpha is dropped, and so is everything but pixels."""
    if image.mode == "LAB":
        image = _transformed(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "RGB")
    elif profile is not None and image.mode in _SPACES:
        image = _managed(image, profile)
    mode = "RGBA" if image.mode in WITH_ALPHA else "RGB"
    if image.mode != mode:  # converting copies, even to the same
        image = image.convert(mode)
    if mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.info = {}
    return image


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
    """The profile, unless it is sRGB already or not for these pixels; and what is wrong with it."""
    block = image.info.get("icc_profile")
    if not block:
        return None, ""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(block))
        space, name = profile.profile.xcolor_space, ImageCms.getProfileDescription(profile)
    except Exception:  # a profile made to confuse a reader of profiles says nothing of the pixels
        return None, "Its colour profile is damaged; its colours were taken to be sRGB."
    mode = {"P": "RGB", "PA": "RGB", "1": "L"}.get(image.mode, image.mode)
    if mode in _SPACES and _SPACES[mode] != space:
        return None, "Its colour profile is for another kind of picture; its colours were taken to be sRGB."
    return (None if name.lower().startswith("srgb") else profile), ""


def _eight_bits(image: Image.Image) -> Image.Image:
    _, most = image.getextrema()
    assert isinstance(most, (int, float))
    ceiling = next((value for value in _CEILINGS if most <= value), float(most))
    scale = 255 / ceiling
    return image.convert("F").point(lambda value: value * scale + 0.5).convert("L")


def _deep(image: Image.Image) -> bool:
    """Whether the file holds more bits than the mode says: Pillow names the way it reads them."""
    for tile in getattr(image, "tile", []):
        arguments = tile[3] if isinstance(tile[3], tuple) else (tile[3],)
        if any(isinstance(argument, str) and ";16" in argument for argument in arguments):
            return True
    return False
