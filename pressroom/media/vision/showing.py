"""A picture as it is sent to a model: small, upright, in sRGB on white, without a word of metadata."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from pressroom.errors import ImageTooLarge, InvalidImageFormat
from pressroom.media.pictures import colours
from pressroom.model.vision import ShownImage, VisionImage

LONGEST_SIDE = 1024
"""Pixels. More is scaled down by the providers themselves, or costs more tokens without being seen better."""

QUALITY = 85
MOST_BYTES = 50_000_000
MOST_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")
HINT = "Give a JPEG, PNG, WebP, GIF, TIFF or BMP file."


def shown(image: VisionImage) -> ShownImage:
    """The picture, at most `LONGEST_SIDE` pixels long, as a JPEG; of an animated one the first frame.

    Raises:
        InvalidImageFormat: it is damaged or no picture. ImageTooLarge: more than 50 MB or 100 megapixels.
    """
    if len(image.data) > MOST_BYTES:
        raise ImageTooLarge(f"{image.name} has {len(image.data):,} bytes.", hint=f"At most {MOST_BYTES:,} are taken.")
    try:
        with Image.open(io.BytesIO(image.data), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _too_many_pixels(image.name)
            small = _small(opened)
    except Image.DecompressionBombError:
        raise _too_many_pixels(image.name) from None
    except UnidentifiedImageError:
        raise InvalidImageFormat(f"{image.name} is no picture that can be read.", hint=HINT) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow raises for damaged files
        raise InvalidImageFormat(f"{image.name} is damaged ({error}).", hint=HINT) from None
    file = io.BytesIO()
    small.save(file, "JPEG", quality=QUALITY)
    return ShownImage(data=file.getvalue(), media_type="image/jpeg", width=small.width, height=small.height)


def _small(image: ImageFile) -> Image.Image:
    """Shrunk while it is decoded where the format can, then turned, then freed of its colour space and alpha."""
    look = colours.look(image)
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    plain = colours.plain(image)
    turned = ImageOps.exif_transpose(plain) if image.getexif() else plain
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return colours.flat(colours.in_srgb(turned, look), "#ffffff")


def _too_many_pixels(name: str) -> ImageTooLarge:
    return ImageTooLarge(
        f"{name} has too many pixels.", hint=f"At most {MOST_PIXELS // 1_000_000} megapixels are taken."
    )
