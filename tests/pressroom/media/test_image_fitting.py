"""Fitting: the size, what stays in the picture, and what doesn't get out with it."""

from __future__ import annotations

import io
from functools import cache

import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, PngImagePlugin

from pressroom import platforms
from pressroom.errors import BrokenAnswer
from pressroom.media import opening
from pressroom.media.pictures.cropping import crop_box
from pressroom.media.pictures.encoding import GOAL_BYTES
from pressroom.media.pictures.fitting import SOFT, Fitted, fit
from pressroom.media.pictures.wanting import wanted
from tests.fixtures.extent import ALL_CASES
from tests.pressroom.media.picture_desk import picture, png

SOURCES = [(1024, 1024), (1536, 1024), (1024, 1536), (768, 1344), (300, 900)]


def seen(fitted: Fitted) -> Image.Image:
    image = Image.open(io.BytesIO(fitted.data))
    image.load()
    assert Image.MIME[image.format or ""] == fitted.media_type
    return image


SIZES = sorted({(w, h) for _, w, h in wanted(platforms.names())})
PAIRS = [
    (source, size)
    for row, source in enumerate(SOURCES)
    for column, size in enumerate(SIZES)
    if ALL_CASES or (row + column) % 2 == 0
]
"""Each shape with every other size, by turns."""


@cache
def file_of(source: tuple[int, int]) -> bytes:
    return png(picture(*source), compress_level=1)


@pytest.mark.parametrize(("source", "size"), PAIRS)
def test_every_platform_from_every_shape(source: tuple[int, int], size: tuple[int, int]) -> None:
    fitted = fit(file_of(source), *size)
    assert seen(fitted).size == size == (fitted.width, fitted.height)
    assert len(fitted.data) <= GOAL_BYTES
    enlarged = max(size[0] / source[0], size[1] / source[1]) > SOFT
    assert bool(fitted.notes) == enlarged


def test_the_same_picture_gives_the_same_bytes() -> None:
    source = png(picture(1536, 1024))
    assert fit(source, 1200, 627) == fit(source, 1200, 627)


def test_a_picture_that_fits_is_not_touched() -> None:
    drawn = Image.new("RGB", (1200, 627), "#14213d")
    ImageDraw.Draw(drawn).text((100, 100), "Why our bakery stopped guessing", fill="white")
    fitted = fit(png(drawn), 1200, 627)
    assert fitted.media_type == "image/png"
    assert ImageChops.difference(seen(fitted).convert("RGB"), drawn).getbbox() is None


def test_noise_is_saved_as_small_as_it_gets() -> None:
    noise = Image.effect_noise((900, 900), 90).convert("RGB")
    small, large = fit(png(noise), 627, 627), fit(png(picture(900, 900)), 627, 627)
    assert small.media_type == "image/jpeg" and len(small.data) <= GOAL_BYTES
    assert len(large.data) < len(small.data)


# What is in it


@pytest.mark.parametrize("spot", [(0.36, 0.5), (0.5, 0.5), (0.64, 0.5)])
def test_the_busy_part_of_the_middle_stays_whole(spot: tuple[float, float]) -> None:
    """A landscape picture made tall: the spot, on the edge of the middle third, is not cut."""
    image = picture(1536, 1024, spot=spot)
    left, upper, right, lower = crop_box(image, 1000, 1500)
    assert (right - left) / (lower - upper) == pytest.approx(1000 / 1500, rel=0.01)
    radius = 1024 / 8
    assert left <= 1536 * spot[0] - radius and 1536 * spot[0] + radius <= right


@pytest.mark.parametrize("x", [0.0, 0.1, 0.9, 1.0])
def test_the_middle_third_stays_in_whatever_is_at_the_edge(x: float) -> None:
    left, _, right, _ = crop_box(picture(1200, 1200, spot=(x, 0.5)), 3, 4)
    assert left <= 400 and right >= 800
    assert (left < 150) if x < 0.5 else (left > 150), "and it moves towards what there is to see"


def test_a_picture_without_detail_is_cropped_in_the_middle() -> None:
    assert crop_box(Image.new("RGB", (300, 100)), 100, 100) == pytest.approx((100, 0, 200, 100), abs=1)


def test_a_window_smaller_than_the_middle_third_is_centred() -> None:
    left, _, right, _ = crop_box(picture(3000, 300, spot=(0.1, 0.5)), 1, 1)
    assert (left + right) / 2 == pytest.approx(1500)


# What doesn't get out with it, and odd kinds of picture


def test_nothing_is_told_of_where_it_comes_from() -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x8825] = "secret", {1: "N", 2: (47.0, 22.0, 0.0)}
    words = PngImagePlugin.PngInfo()
    words.add_text("parameters", "secret prompt")
    for source in (png(picture(800, 800), "JPEG", exif=exif), png(picture(800, 800), pnginfo=words, exif=exif)):
        fitted = fit(source, 400, 400)
        image = seen(fitted)
        assert not image.getexif() and b"secret" not in fitted.data
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


def test_a_picture_lying_on_its_side_is_put_upright() -> None:
    tall = Image.new("RGB", (600, 900), "white")
    ImageDraw.Draw(tall).rectangle((0, 0, 600, 300), fill="red")
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = png(tall.transpose(Image.Transpose.ROTATE_90), exif=exif)
    top = seen(fit(lying, 600, 900)).convert("RGB").getpixel((300, 50))
    assert top == (255, 0, 0)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
def test_any_mode_becomes_what_it_shows(mode: str) -> None:
    image = Image.linear_gradient("L").resize((500, 500))
    if mode == "I;16":
        image = image.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        image = image.convert(mode)
    shown = seen(fit(png(image), 250, 250)).convert("L")
    assert shown.getpixel((125, 5)) < 40 and shown.getpixel((125, 244)) > 215


def test_what_shows_through_is_the_background() -> None:
    clear = Image.new("RGBA", (500, 500), (0, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((0, 0, 250, 500), fill=(255, 0, 0, 255))
    shown = seen(fit(png(clear), 300, 300, background="#14213d")).convert("RGB")
    assert shown.getpixel((290, 150)) == (0x14, 0x21, 0x3D) and shown.getpixel((10, 150)) == (255, 0, 0)


def test_four_inks_and_a_profile_of_its_own() -> None:
    red = Image.new("CMYK", (400, 400), (0, 255, 255, 0))
    assert seen(fit(png(red, "JPEG"), 400, 400)).convert("RGB").getpixel((5, 5)) == pytest.approx((255, 0, 0), abs=3)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = picture(400, 400)
    shown = seen(fit(png(same, icc_profile=profile), 400, 400))
    assert "icc_profile" not in shown.info
    broken = fit(png(same, icc_profile=b"no profile"), 400, 400)
    assert seen(broken).size == (400, 400)


@pytest.mark.parametrize("data", [b"", b"<svg/>", png(picture(600, 600))[:900]], ids=["empty", "svg", "cut"])
def test_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(BrokenAnswer, match="can't be used"):
        fit(data, 100, 100)


def test_its_size_is_looked_at_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_PIXELS", 99 * 100)
    with pytest.raises(BrokenAnswer, match="100 x 100 pixels"):
        opening.opened(png(picture(100, 100)))
    monkeypatch.setattr(opening, "MOST_BYTES", 10)
    with pytest.raises(BrokenAnswer, match="bytes"):
        opening.opened(png(picture(10, 10)))
