"""Colours: whatever a file holds, what comes out looks as it did, in sRGB."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageCms
from scenes import encoded, near, png16, rgb16_png, scene

from pressroom.media.pictures.colours import flat
from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.taken import Taken

SCENE = scene()
GREY = SCENE.convert("L").convert("RGB")


def taken(image: Image.Image, kind: str = "PNG", **options: object) -> Taken:
    return take_in(encoded(image, kind, **options))


@pytest.mark.parametrize(
    ("mode", "kind", "like", "off"),
    [
        ("L", "PNG", GREY, 0.1),
        ("L", "JPEG", GREY, 2),
        ("1", "PNG", SCENE.convert("1").convert("RGB"), 0.1),
        ("P", "PNG", SCENE.convert("P").convert("RGB"), 0.1),
        ("P", "GIF", SCENE.convert("P").convert("RGB"), 0.1),
        ("CMYK", "JPEG", SCENE, 3),
        ("CMYK", "TIFF", SCENE, 1),
        ("YCbCr", "TIFF", SCENE, 2),
        ("LAB", "TIFF", SCENE, 2),
        ("I;16", "TIFF", None, 0),
    ],
)
@pytest.mark.parametrize("shrink", [1, 2])
def test_every_mode_looks_as_it_did(mode: str, kind: str, like: Image.Image | None, off: float, shrink: int) -> None:
    if mode == "I;16":
        grey = np.asarray(SCENE.convert("L"), dtype=np.uint16) * 257
        image, like, off = Image.fromarray(grey), GREY, 0.6
    elif mode == "LAB":
        image = ImageCms.profileToProfile(
            SCENE, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
    else:
        image = SCENE.convert(mode)
    assert like is not None
    pixels = taken(image, kind).pixels(shrink=shrink)
    assert pixels.mode == "RGB" and pixels.size == (900 // shrink, 600 // shrink)
    assert near(pixels, like.reduce(shrink)) <= off + (shrink > 1)


def test_16_bits_a_channel_are_rounded_and_noted() -> None:
    grey = take_in(png16(np.asarray(SCENE.convert("L"), dtype=np.uint16) * 257))
    colour = take_in(rgb16_png(np.asarray(SCENE, dtype=np.uint16) * 257))
    assert near(grey.pixels(), GREY) < 0.6 and near(colour.pixels(), SCENE) < 0.6
    assert all("more than 8 bits" in one.notes[0] for one in (grey, colour))


def test_floating_point_and_32_bit_pictures() -> None:
    values = np.asarray(SCENE.convert("L"), dtype=np.float32)
    for image in (
        Image.fromarray(values / 255),
        Image.fromarray(values),
        Image.fromarray((values * 257).astype(np.int32)),
    ):
        assert near(taken(image, "TIFF").pixels(), GREY) < 1


def test_cmyk_without_adobes_mark_is_not_inverted() -> None:
    data = encoded(SCENE.convert("CMYK"))
    at = data.index(b"\xff\xee")
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    upside_down = Image.eval(SCENE.convert("CMYK"), lambda value: 255 - value)
    unmarked = encoded(upside_down)
    unmarked = unmarked[:at] + unmarked[at + 2 + length :]
    assert b"Adobe" not in unmarked
    assert near(take_in(unmarked).pixels(), SCENE) < 3
    assert near(take_in(data).pixels(), SCENE) < 3
    assert "approximate" in take_in(data).notes[0]


# Profiles


def srgb_bytes() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def display_profile() -> bytes:
    """sRGB's profile with red and blue exchanged, which swaps the colours of what it is applied to."""
    block = bytearray(srgb_bytes())
    block[:] = block.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    return bytes(block.replace("sRGB built-in".encode("utf-16-be"), "swap built-in".encode("utf-16-be")))


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_profile_is_applied(mode: str) -> None:
    plain = SCENE.convert(mode)
    if mode == "RGBA":
        plain.putalpha(Image.linear_gradient("L").resize(SCENE.size))
    pixels = taken(plain, "PNG", icc_profile=display_profile()).pixels()
    red, _, blue = Image.Image.split(SCENE)
    assert pixels.mode == mode
    assert near(pixels.convert("RGB"), Image.merge("RGB", (blue, SCENE.getchannel("G"), red))) < 12
    assert near(pixels.convert("RGB"), SCENE) > 30
    if mode == "RGBA":
        assert pixels.getchannel("A").tobytes() == plain.getchannel("A").tobytes()


def test_srgb_is_left_as_it_is() -> None:
    one = taken(SCENE, "PNG", icc_profile=srgb_bytes())
    assert one.notes == () and one.pixels().tobytes() == SCENE.tobytes()


@pytest.mark.parametrize(
    ("block", "said"),
    [(b"no profile at all", "damaged"), (srgb_bytes()[:200], "damaged"), (b"", "")],
)
def test_a_broken_profile_is_noted_and_left_out(block: bytes, said: str) -> None:
    one = taken(SCENE, "JPEG", icc_profile=block)
    assert [said in note for note in one.notes] == ([True] if said else [])
    assert near(one.pixels(), SCENE) < 3


def test_a_profile_for_another_kind_of_picture_is_noted() -> None:
    one = taken(SCENE.convert("L"), "PNG", icc_profile=srgb_bytes())
    assert "another kind" in one.notes[0] and near(one.pixels(), GREY) < 1


# Alpha


def see_through(mode: str) -> Image.Image:
    image = SCENE.convert("RGBA")
    image.putalpha(Image.new("L", SCENE.size, 0))
    image.paste(
        SCENE, (0, 0, *SCENE.size), Image.linear_gradient("L").resize(SCENE.size).point(lambda v: 255 * (v > 99))
    )
    image.putalpha(Image.linear_gradient("L").resize(SCENE.size).point(lambda v: 255 * (v > 99)))
    return image.convert(mode)


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGBA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "AVIF"), ("LA", "PNG"), ("PA", "PNG")]
)
def test_alpha_is_kept_and_can_be_flattened(mode: str, kind: str) -> None:
    source = see_through("RGBA" if mode == "PA" else mode)
    one = taken(source.quantize(method=Image.Quantize.FASTOCTREE) if mode == "PA" else source, kind)
    pixels = one.pixels()
    assert one.has_alpha and pixels.mode == "RGBA"
    assert pixels.getpixel((450, 5))[3] < 6 and pixels.getpixel((450, 590))[3] > 250
    assert flat(pixels, "#00ff00").getpixel((450, 5))[:3] == pytest.approx((0, 255, 0), abs=6)
    assert one.small(200, background="#0000ff").getpixel((100, 2)) == pytest.approx((0, 0, 255), abs=6)


def test_one_colour_that_shows_through() -> None:
    image = SCENE.copy()
    image.paste((255, 0, 255), (0, 0, 900, 60))
    pixels = taken(image, "PNG", transparency=(255, 0, 255)).pixels()
    assert pixels.mode == "RGBA" and pixels.getpixel((450, 5))[3] == 0 and pixels.getpixel((450, 300))[3] == 255


def test_alpha_that_hides_nothing_is_dropped() -> None:
    one = taken(SCENE.convert("RGBA"))
    assert one.has_alpha and one.pixels().mode == "RGB"


def test_colours_under_transparency_do_not_bleed_when_it_is_made_smaller() -> None:
    image = Image.new("RGBA", (800, 800), (255, 0, 255, 0))
    image.paste((10, 200, 10, 255), (0, 0, 401, 800))
    small = taken(image).pixels(shrink=4)
    red, green, blue, alpha = small.getpixel((100, 100))
    assert 0 < alpha < 255 and (red, blue) == pytest.approx((10, 10), abs=6) and green == pytest.approx(200, abs=6)
