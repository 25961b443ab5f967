"""What is sent of a picture: small, upright, in true colours, without metadata; and what is no picture."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageCms

from pressroom.errors import InvalidImageFormat
from pressroom.media.pictures.intake import take_in
from pressroom.media.vision.describing import shown
from pressroom.model.vision import ShownImage
from pressroom.providers.offline.measuring import measure
from tests.pressroom.media.vision.vision_desk import DISC, filed, picture


def opened(image: ShownImage) -> Image.Image:
    return Image.open(io.BytesIO(image.data))


def pixel(image: ShownImage, x: float = 0.5, y: float = 0.5) -> tuple[int, ...]:
    value = opened(image).getpixel((round((image.width - 1) * x), round((image.height - 1) * y)))
    assert isinstance(value, tuple)
    return tuple(int(part) for part in value)


def near(one: tuple[int, ...], other: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("size", [(4000, 3000), (3000, 4000), (1025, 1), (64, 48)])
def test_the_longest_side_is_bounded(size: tuple[int, int]) -> None:
    small = shown(filed(Image.new("RGB", size, "red"), "JPEG"))
    assert max(small.width, small.height) == min(1024, max(size))
    assert opened(small).format == "JPEG"
    assert opened(small).size == (small.width, small.height)


def test_the_same_picture_is_known_by_the_same_hash() -> None:
    assert shown(DISC).sha256 == shown(DISC).sha256 != shown(filed(picture(disc="#ffffff"))).sha256


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_it_is_turned_upright_and_tells_nothing_of_where(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "at home"
    small = shown(filed(picture(), kind, exif=exif))
    assert (small.width, small.height) == (576, 1024)
    assert not opened(small).getexif() and b"at home" not in small.data


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("P", "PNG"), ("L", "PNG"), ("1", "PNG"), ("CMYK", "JPEG"), ("RGBA", "WEBP"), ("LA", "PNG"), ("P", "GIF")],
)
def test_every_mode_can_be_shown(mode: str, kind: str) -> None:
    assert opened(shown(filed(picture(400, 300).convert(mode), kind))).mode == "RGB"


def test_sixteen_bits_are_scaled_not_cut_off() -> None:
    grey = Image.new("I;16", (300, 300), 128 * 256)
    assert near(pixel(shown(filed(grey, "TIFF"))), (128, 128, 128), 2)


def test_what_is_see_through_is_white() -> None:
    half = Image.new("RGBA", (300, 300), (200, 0, 0, 0))
    half.paste((0, 0, 0, 255), (0, 0, 100, 300))
    assert pixel(shown(filed(half))) == (255, 255, 255)


def test_colours_of_another_space_are_converted() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert near(pixel(shown(filed(picture(), icc_profile=lab))), (245, 130, 32))
    assert near(pixel(shown(filed(picture(), icc_profile=b"no profile"))), (245, 130, 32))


def test_of_an_animated_one_the_first_frame_that_shows_something_is_shown() -> None:
    frames = [Image.new("RGB", (300, 300)), picture(300, 300), picture(300, 300, ground="#ffffff")]
    small = shown(filed(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert near(pixel(small, 0, 0), (22, 40, 79), 20)


def test_a_damaged_picture_is_named() -> None:
    file = io.BytesIO()
    picture().save(file, "WEBP", quality=90)
    data = bytearray(file.getvalue())
    data[300:3000] = bytes(2700)  # the frame is whole, its pixels are not
    with pytest.raises(InvalidImageFormat, match=r"cat\.jpg is a damaged WebP"):
        shown(take_in(bytes(data), name="cat.jpg"))


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (picture(), {"colours": ("dark blue", "orange"), "ground": "dark blue", "shape": "wide"}),
        (Image.new("RGB", (500, 500), "white"), {"colours": ("white",), "ground": "white", "shape": "square"}),
        (Image.new("RGB", (100, 900), "#3a9b3a"), {"colours": ("green",), "shape": "tall, narrow"}),
        (Image.new("RGB", (900, 100), "#6a3d9a"), {"colours": ("purple",), "shape": "panoramic"}),
        (Image.linear_gradient("L").convert("RGB"), {"ground": "", "shape": "square"}),
    ],
)
def test_what_is_measured(image: Image.Image, expected: dict[str, Any]) -> None:
    measures = measure(shown(filed(image)))
    assert {name: getattr(measures, name) for name in expected} == expected


def test_light_and_sharpness_are_told_apart() -> None:
    dark, bright = (measure(shown(filed(Image.new("RGB", (99, 99), grey)))) for grey in ("#111111", "#eeeeee"))
    assert dark.brightness < 10 < 90 < bright.brightness
    assert bright.contrast < 1 < measure(shown(DISC)).contrast
    soft = picture().resize((40, 22)).resize((1024, 563), Image.Resampling.BICUBIC)
    assert measure(shown(filed(soft))).sharpness * 3 < measure(shown(DISC)).sharpness
