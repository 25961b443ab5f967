"""A picture as it is sent to a model: small, upright, in sRGB on white, without a word of metadata."""

from __future__ import annotations

import io

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from pressroom.errors import ImageTooLarge, InvalidImageFormat
from pressroom.model.vision import ShownImage, VisionImage

LONGEST_SIDE = 1024
"""Pixels. More is scaled down by the providers themselves, or costs more tokens without being seen better."""

QUALITY = 85
MOST_BYTES = 50_000_000
MOST_PIXELS = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")
HINT = "Give a JPEG, PNG, WebP, GIF, TIFF or BMP file."

_ALPHA = ("RGBA", "LA", "PA")


def shown(image: VisionImage) -> ShownImage:
    """The picture, at most `LONGEST_SIDE` pixels long, as a JPEG; of an animated one the first frame.

    Raises:
        InvalidImageFormat: it is none, or is damaged. ImageTooLarge: more than 50 MB or 100 megapixels.
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


def _small(image: Image.Image) -> Image.Image:
    """Shrunk while it is decoded where the format can, then turned, then freed of its colour space and alpha."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)
    upright = _eight_bit(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _on_white(_in_srgb(upright, profile))


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits, which `convert` would cut off instead of scaling
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "P":
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image.convert("L") if image.mode in {"1", "F"} else image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in {"RGB", "RGBA", "CMYK", "L"}:
        try:
            source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            mode = image.mode if image.mode == "RGBA" else "RGB"
            return ImageCms.profileToProfile(image, source, target, outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError, ValueError):  # a profile that is none, or one for another mode
            pass
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in _ALPHA:
        return image.convert("RGB")
    whole = image.convert("RGBA")
    ground = Image.new("RGBA", whole.size, "white")
    return Image.alpha_composite(ground, whole).convert("RGB")


def _too_many_pixels(name: str) -> ImageTooLarge:
    return ImageTooLarge(
        f"{name} has too many pixels.", hint=f"At most {MOST_PIXELS // 1_000_000} megapixels are taken."
    )
