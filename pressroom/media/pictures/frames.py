"""Chooses the frame of an animated picture, or the page of a document, that stands for the whole."""

from __future__ import annotations

from PIL import Image
from PIL.ImageFile import ImageFile

_LOOKED_AT = 12
"""Frames that are looked at when the first shows nothing."""

_MOST_PIXELS = 8_000_000
"""Frames larger than this are not looked at: the first is taken."""

_ONE = ("JPEG", "HEIF")
"""Never animated; what else is in a HEIC file is thumbnails and depth, beside the picture that it opens with."""

_FLAT = 6
"""A picture whose every channel stays within so many of 256 levels shows nothing."""

_SAMPLE = (64, 64)


def has_several(image: ImageFile) -> bool:
    """True when there is a second frame; to count the frames, all would have to be read."""
    if image.format in _ONE:
        return False
    try:
        image.seek(1)
    except EOFError:
        return False
    finally:
        image.seek(0)
    return True


def best_frame(image: ImageFile) -> int:
    """The first frame that shows something, counted from 0; of a TIFF, whose pages differ in size, the first."""
    if image.format == "TIFF" or image.width * image.height > _MOST_PIXELS:
        return 0
    for frame in range(_LOOKED_AT):
        try:
            image.seek(frame)
        except EOFError:
            break
        if not is_flat(image):
            return frame
    return 0


def is_flat(image: Image.Image) -> bool:
    """True when there is one colour and nothing else to see."""
    sample = image.convert("RGBA").resize(_SAMPLE, Image.Resampling.BOX)
    black = Image.new("RGBA", sample.size, "#000000")
    extrema = Image.alpha_composite(black, sample).convert("RGB").getextrema()
    return all(most - least < _FLAT for least, most in extrema)  # type: ignore[misc]
