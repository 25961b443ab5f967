"""A logo's file: any kind with alpha, and as little trusted as any picture."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw

from pressroom.errors import ImageTooLarge, InvalidImageFormat
from pressroom.media.pictures.logo_opening import open_logo


def _disc(mode: str = "RGBA") -> Image.Image:
    image = Image.new("RGBA", (120, 80))
    ImageDraw.Draw(image).ellipse((30, 20, 89, 59), fill=(200, 30, 40, 255))
    return image.convert(mode)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "WebP", "TIFF", "AVIF"])
def test_alpha_is_kept_and_the_empty_space_around_is_not(kind: str) -> None:
    logo = open_logo(_saved(_disc(), kind, **({"lossless": True} if kind == "WebP" else {})))
    assert logo.image.mode == "RGBA"
    assert logo.image.size == pytest.approx((60, 40), abs=2)
    assert logo.notes == ()


def test_a_palette_with_a_transparent_colour() -> None:
    flat = Image.new("P", (40, 20), 0)
    flat.putpalette([255, 255, 255, 10, 20, 200])
    flat.paste(1, (10, 5, 30, 15))
    logo = open_logo(_saved(flat, "PNG", transparency=0))
    assert logo.image.size == (20, 10)
    assert logo.image.getpixel((5, 5)) == (10, 20, 200, 255)


def test_without_alpha_it_is_a_rectangle_and_that_is_noted() -> None:
    logo = open_logo(_saved(_disc("RGB"), "JPEG"), name="logo.jpg")
    assert logo.image.size == (120, 80)
    assert logo.notes == ("logo.jpg has no transparency: it is put on as a rectangle.",)


def test_an_animation_gives_its_first_frame() -> None:
    frames = [Image.new("RGBA", (30, 20), colour) for colour in ("red", "blue")]
    logo = open_logo(_saved(frames[0], "WebP", save_all=True, append_images=frames[1:], lossless=True))
    assert logo.image.getpixel((3, 3))[:3] == (255, 0, 0)
    assert any("animated" in note for note in logo.notes)


@pytest.mark.parametrize("start", [b"<svg xmlns='x'/>", b"  \n<?xml version='1.0'?><svg/>", b"\xef\xbb\xbf<svg/>"])
def test_svg_is_refused_with_a_next_step(start: bytes) -> None:
    with pytest.raises(InvalidImageFormat, match="SVG") as caught:
        open_logo(start)
    assert "PNG" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"hello, I am text", _saved(_disc(), "PNG")[:200]], ids=["0", "text", "cut"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidImageFormat):
        open_logo(data)


def test_a_wholly_transparent_logo_is_refused() -> None:
    with pytest.raises(InvalidImageFormat, match="wholly transparent"):
        open_logo(_saved(Image.new("RGBA", (50, 50)), "PNG"))


def _bomb(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [5_000, 20_000, 2_000_000])
def test_a_small_file_that_claims_many_pixels_is_refused_unread(side: int) -> None:
    with pytest.raises((ImageTooLarge, InvalidImageFormat)) as caught:
        open_logo(_bomb(side, side))
    if side < 100_000:
        assert caught.value.code == "IMAGE_TOO_LARGE"
        assert f"{side:,}" in caught.value.message


def test_more_than_50_mb_is_refused() -> None:
    with pytest.raises(ImageTooLarge, match="MB"):
        open_logo(_saved(_disc(), "PNG") + bytes(50_000_000))
