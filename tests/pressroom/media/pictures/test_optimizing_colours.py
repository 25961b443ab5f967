"""Colours: whatever a file holds, what comes out looks as it did, in sRGB."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from pressroom.errors import InvalidImageFormat
from pressroom.media.pictures.colours import flat
from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.taken import Taken
from tests.pressroom.media.pictures.scenes import encoded, near, png16, rgb16_png, scene

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


# Colours said by numbers

FAULTS = Path(__file__).parents[3] / "data" / "faults"
P3, LINEAR, SRGB_CODE, PQ = b"\x0c\x0d\x00\x01", b"\x01\x08\x00\x01", b"\x01\x0d\x00\x01", b"\x09\x10\x00\x01"


def with_chunks(image: Image.Image, **chunks: bytes) -> bytes:
    """A PNG with these chunks before its pixels."""
    plain = encoded(image, "PNG")
    made = (name.encode() + data for name, data in chunks.items())
    packed = b"".join(struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in made)
    return plain[:33] + packed + plain[33:]


def lightened(image: Image.Image, gamma: float = 1.0) -> Image.Image:
    """What a picture whose values are light to the power `gamma` looks like in sRGB."""
    light = (np.arange(256) / 255) ** (1 / gamma)
    curve = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return image.point([round(value * 255) for value in curve] * len(image.getbands()))


def test_a_profile_is_told_by_its_curves_and_not_by_its_name() -> None:
    with Image.open(FAULTS / "linear_named_srgb.png") as file:
        raw = file.convert("RGB")
    one = take_in((FAULTS / "linear_named_srgb.png").read_bytes())
    assert near(one.pixels(), lightened(raw)) < 2 < near(one.pixels(), raw)


def test_a_png_s_gamma_counts_unless_it_is_srgb_s() -> None:
    with Image.open(FAULTS / "gama1.png") as file:
        raw = file.convert("RGB")
    assert near(take_in((FAULTS / "gama1.png").read_bytes()).pixels(), lightened(raw)) < 2
    linear, usual = struct.pack(">I", 100_000), struct.pack(">I", 45_455)
    for found, expected in (
        (with_chunks(SCENE, gAMA=linear), lightened(SCENE)),
        (with_chunks(SCENE.convert("L"), gAMA=linear), lightened(GREY)),
        (with_chunks(SCENE.convert("P"), gAMA=linear), lightened(SCENE.convert("P").convert("RGB"))),
        (with_chunks(SCENE, gAMA=struct.pack(">I", 55_556)), lightened(SCENE, 1 / 1.8)),
        (with_chunks(SCENE, gAMA=usual), SCENE),
        (with_chunks(SCENE, gAMA=struct.pack(">I", 0)), SCENE),
        (with_chunks(SCENE, gAMA=linear, sRGB=b"\x00"), SCENE),
    ):
        assert near(take_in(found).pixels(), expected) < 2


def test_cicp_goes_before_everything_else() -> None:
    linear = struct.pack(">I", 100_000)
    assert near(take_in(with_chunks(SCENE, cICP=SRGB_CODE, gAMA=linear)).pixels(), SCENE) < 1
    assert near(take_in(with_chunks(SCENE, cICP=LINEAR)).pixels(), lightened(SCENE)) < 2
    red = Image.new("RGB", (300, 300), (200, 60, 60))
    wide = take_in(with_chunks(red, cICP=P3)).pixels().getpixel((0, 0))
    assert wide[0] > 205 and wide[1] < 60, "the same numbers are a stronger red in Display P3"
    assert "brightest parts" in take_in(with_chunks(SCENE, cICP=PQ)).notes[0]
    odd = take_in(with_chunks(SCENE, cICP=b"\x63\x63\x00\x01"))
    assert "not known" in odd.notes[0] and near(odd.pixels(), SCENE) < 1


# Alpha


def test_an_alpha_that_hides_everything_is_no_alpha_in_a_bmp_and_an_empty_picture_elsewhere() -> None:
    hidden = SCENE.convert("RGBA")
    hidden.putalpha(0)
    one = take_in(bmp32(hidden))
    assert one.pixels().mode == "RGB" and near(one.pixels(), SCENE) < 1
    with pytest.raises(InvalidImageFormat, match="wholly transparent"):
        taken(hidden).pixels()


def bmp32(image: Image.Image) -> bytes:
    """A BMP of four channels a pixel with a header that declares the fourth as alpha."""
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    pixels = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes("raw", "BGRA")
    head = struct.pack("<IiiHHIIiiII", 108, *image.size, 1, 32, 3, len(pixels), 2835, 2835, 0, 0)
    head += masks + b"BGRs" + bytes(48)
    start = 14 + len(head)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + head + pixels


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
