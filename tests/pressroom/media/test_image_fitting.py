"""Fitting: the size, what stays in the picture, and what doesn't get out with it."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, PngImagePlugin

from pressroom import platforms
from pressroom.errors import BrokenAnswer
from pressroom.media.pictures.goals import goal_for
from pressroom.media.pictures.making import fit as fit_file
from pressroom.media.pictures.receiving import RECEIVED, receive
from pressroom.media.pictures.values import Variant, Wanted
from pressroom.media.pictures.wanting import wanted
from tests.fixtures.extent import ALL_CASES
from tests.pressroom.media.picture_desk import picture, png

SOURCES = [(1024, 1024), (1536, 1024), (1024, 1536), (768, 1344), (300, 900)]


GOAL_BYTES = 700_000
"""The size that a picture without a platform has at most."""


def fit(data: bytes, width: int, height: int, background: str = "#ffffff") -> Variant:
    return fit_file(data, Wanted("", width, height), background=background)


def seen(fitted: Variant) -> Image.Image:
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
    enlarged = max(size[0] / source[0], size[1] / source[1]) > 1.02
    assert any(note.startswith("Enlarged") for note in fitted.notes) == enlarged


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
    goal = goal_for("x", "jpg", None, made=True)
    assert goal is not None and goal.most_bytes is not None
    crowded = fit_file(png(noise), Wanted("x", 900, 900), background="#ffffff")
    assert len(crowded.data) <= goal.most_bytes and crowded.quality < goal.most, "a platform has its own goal"


# What is in it


@pytest.mark.parametrize("spot", [(0.2, 0.5), (0.5, 0.5), (0.8, 0.5)])
def test_the_subject_stays_whole(spot: tuple[float, float]) -> None:
    """A landscape picture made tall: the busy spot is not cut, even far from the middle."""
    box = fit(png(picture(1536, 1024, spot=spot)), 800, 1200).box
    assert box.width / box.height == pytest.approx(800 / 1200, rel=0.01)
    radius = 1024 / 8
    assert box.left <= 1536 * spot[0] - radius and 1536 * spot[0] + radius <= box.right


def test_a_picture_is_not_set_on_a_ground_however_small_it_is() -> None:
    fitted = fit(png(picture(300, 300)), 1080, 1080)
    assert not fitted.padded and fitted.box == (0, 0, 300, 300)


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
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


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


def test_its_size_is_looked_at_before_it_is_decoded() -> None:
    with pytest.raises(BrokenAnswer, match="100 x 100 pixels"):
        receive(png(picture(100, 100)), replace(RECEIVED, most_pixels=99 * 100))
    with pytest.raises(BrokenAnswer, match="MB"):
        receive(png(picture(10, 10)), replace(RECEIVED, most_bytes=10))
