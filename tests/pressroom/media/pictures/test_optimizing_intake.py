"""Taking pictures in: what is taken, what is refused and with which code, and what it costs."""

from __future__ import annotations

import io
import os
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from pressroom.errors import (
    ImageTooLarge,
    ImageTooSmall,
    InvalidImageFormat,
    PressroomError,
    SourceNotFound,
    SourceUnreachable,
)
from pressroom.media.pictures.headers import MOST_SCANS
from pressroom.media.pictures.intake import take_in, take_in_path
from tests.pressroom.media.pictures.scenes import chunk, encoded, png_claiming, scene, tiff_claiming

SCENE = scene()
LITTLE = scene(330, 310)


@pytest.mark.parametrize(
    ("kind", "name", "media_type"),
    [
        ("JPEG", "JPEG", "image/jpeg"),
        ("PNG", "PNG", "image/png"),
        ("BMP", "BMP", "image/bmp"),
        ("TIFF", "TIFF", "image/tiff"),
        ("WEBP", "WebP", "image/webp"),
        ("GIF", "GIF", "image/gif"),
        ("AVIF", "AVIF", "image/avif"),
    ],
)
def test_every_kind_is_taken_by_its_content(kind: str, name: str, media_type: str) -> None:
    taken = take_in(encoded(SCENE, kind), name="holiday.txt")
    assert (taken.kind.name, taken.media_type, taken.size, taken.notes) == (name, media_type, SCENE.size, ())
    pixels = taken.pixels()
    assert (pixels.mode, pixels.size, pixels.info) == ("RGB", SCENE.size, {})


def test_heic_where_the_library_is_there() -> None:
    heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    heif.from_pillow(LITTLE).save(file, quality=90)
    taken = take_in(file.getvalue())
    assert (taken.kind.name, taken.pixels().size) == ("HEIC", LITTLE.size)


def test_heic_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    monkeypatch.setitem(sys.modules, "pillow_heif.as_plugin", None)
    with pytest.raises(InvalidImageFormat, match="needs the package pillow-heif") as refused:
        take_in(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), name="IMG_1.HEIC")
    assert "pip install pillow-heif" in refused.value.hint


# What is refused


def cut(kind: str, share: float = 0.6) -> bytes:
    data = encoded(SCENE, kind)
    return data[: int(len(data) * share)]


def many_scans() -> bytes:
    data = encoded(SCENE, progressive=True)
    at = data.rindex(b"\xff\xda")
    return data[:at] + data[at:-2] * (MOST_SCANS + 1) + b"\xff\xd9"


BOMB = 30_000_000

REFUSED: dict[str, tuple[bytes | Callable[[], bytes], type[PressroomError], str]] = {
    "empty": (b"", InvalidImageFormat, "0 bytes"),
    "text": (b"Dear Sir or Madam, this is no picture at all, but a letter.", InvalidImageFormat, "it is text"),
    "web page": (b"\n<!doctype html><title>404</title>", InvalidImageFormat, "web page"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", InvalidImageFormat, "SVG"),
    "PDF": (b"%PDF-1.7 ...", InvalidImageFormat, "PDF"),
    "zeros": (bytes(999), InvalidImageFormat, "none that is known"),
    "cut JPEG": (lambda: cut("JPEG"), InvalidImageFormat, "damaged JPEG"),
    "cut PNG": (lambda: cut("PNG"), InvalidImageFormat, "damaged PNG"),
    "cut TIFF": (lambda: cut("TIFF"), InvalidImageFormat, "damaged TIFF"),
    "cut BMP": (lambda: cut("BMP"), InvalidImageFormat, "damaged BMP"),
    "cut GIF": (lambda: cut("GIF"), InvalidImageFormat, "damaged GIF"),
    "cut WebP": (lambda: cut("WEBP"), InvalidImageFormat, "damaged WebP"),
    "cut AVIF": (lambda: cut("AVIF"), InvalidImageFormat, "damaged AVIF"),
    "JPEG's first bytes": (encoded(SCENE)[:20], InvalidImageFormat, "damaged JPEG"),
    "PNG's first bytes": (encoded(SCENE, "PNG")[:30], InvalidImageFormat, "damaged PNG"),
    "thousands of scans": (many_scans, InvalidImageFormat, "scans"),
    "400 megapixels in 1 kB": (png_claiming(20_000, 20_000), ImageTooLarge, "20,000 x 20,000"),
    "400 megapixels of TIFF": (tiff_claiming(20_000, 20_000), ImageTooLarge, "20,000 x 20,000"),
    "tiles of 10 gigapixels": (tiff_claiming(400, 400, tile=100_000), InvalidImageFormat, "damaged TIFF"),
    "51 MB": (lambda: encoded(SCENE) + bytes(51_000_000), ImageTooLarge, "at most 50"),
    "299 x 300": (encoded(SCENE.resize((299, 300))), ImageTooSmall, "299 x 300"),
    "1 x 10,000": (encoded(Image.new("RGB", (1, 10_000))), ImageTooSmall, "1 x 10,000"),
    "bomb in a colour profile": (
        lambda: png_claiming(400, 400, chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(BOMB)))),
        InvalidImageFormat,
        "too large",
    ),
    "bomb in a comment": (
        lambda: png_claiming(400, 400, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(BOMB)))),
        InvalidImageFormat,
        "too large",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_has_a_code_a_sentence_and_a_next_step(case: str) -> None:
    data, error, said = REFUSED[case]
    with pytest.raises(error) as refused:
        take_in(data() if callable(data) else data, name="photo.jpg")
    assert said in refused.value.message and refused.value.message.startswith("photo.jpg ")
    assert refused.value.message.endswith(".") and refused.value.hint.endswith(".")
    assert refused.value.code in ("INVALID_IMAGE_FORMAT", "IMAGE_TOO_LARGE", "IMAGE_TOO_SMALL")


def test_a_claim_of_many_pixels_costs_nothing() -> None:
    canvas = bytearray(encoded(SCENE, "WEBP", save_all=True, append_images=[scene(seed=6)]))
    canvas[24:30] = (13_000).to_bytes(3, "little") * 2
    tracemalloc.start()
    for data in (png_claiming(20_000, 20_000), tiff_claiming(30_000, 30_000), bytes(canvas)):
        with pytest.raises(ImageTooLarge):
            take_in(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_a_claim_within_the_limit_is_held_against_the_memory() -> None:
    taken = take_in(png_claiming(9_000, 9_000))
    with pytest.raises(ImageTooLarge, match="MB to decode"):
        taken.pixels(most_megabytes=200)
    with pytest.raises(InvalidImageFormat, match="damaged PNG"):
        take_in(png_claiming(400, 400)).pixels()


def test_all_that_is_within_the_limit_is_taken() -> None:
    assert take_in(png_claiming(10_000, 10_000)).size == (10_000, 10_000)
    with pytest.raises(ImageTooLarge, match="100 megapixels"):
        take_in(png_claiming(10_000, 10_001))


def test_damage_inside_shows_when_the_pixels_are_wanted() -> None:
    data = bytearray(encoded(SCENE, "PNG"))
    middle = len(data) // 2
    data[middle : middle + 200] = os.urandom(200)
    with pytest.raises(InvalidImageFormat, match="damaged PNG"):
        take_in(bytes(data), name="x.png").pixels()


def test_a_jpeg_without_its_end_mark_alone_is_taken() -> None:
    taken = take_in(encoded(SCENE)[:-2])
    assert taken.pixels().size == SCENE.size


# Files


def test_a_file_is_taken_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "ball.jpg"
    file.write_bytes(encoded(SCENE))
    taken = take_in_path(file)
    assert (taken.name, taken.sha256) == ("ball.jpg", take_in(encoded(SCENE)).sha256)
    assert taken.pixels().tobytes() == take_in(encoded(SCENE)).pixels().tobytes()


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound):
        take_in_path(tmp_path / "nowhere.jpg")
    with pytest.raises(InvalidImageFormat, match="folder"):
        take_in_path(tmp_path)
    with pytest.raises(InvalidImageFormat, match="device"):
        take_in_path(Path("/dev/zero"))


def test_a_file_that_changes_meanwhile_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "ball.jpg"
    file.write_bytes(encoded(SCENE))
    taken = take_in_path(file)
    file.write_bytes(encoded(scene(seed=9, width=800)))
    with pytest.raises(SourceUnreachable, match="was changed"):
        taken.pixels()
    file.unlink()
    with pytest.raises(SourceUnreachable, match="any more"):
        taken.pixels()


# Which way up, and what is left out


def turned(orientation: int, kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(SCENE, kind, exif=exif.tobytes())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize(("orientation", "corner"), [(3, (0, 0)), (6, (599, 0)), (8, (0, 899))])
def test_pictures_are_turned_upright(kind: str, orientation: int, corner: tuple[int, int]) -> None:
    marked = SCENE.copy()
    marked.paste("#ff00ff", (860, 560, 900, 600) if orientation == 3 else (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112] = orientation
    taken = take_in(encoded(marked, kind, exif=exif.tobytes()))
    assert taken.size == (SCENE.size if orientation == 3 else SCENE.size[::-1])
    pixels = taken.pixels()
    assert pixels.size == taken.size
    red, green, blue = pixels.getpixel(
        (min(max(corner[0], 9), pixels.width - 9), min(max(corner[1], 9), pixels.height - 9))
    )
    assert red > 200 and green < 60 and blue > 200


def test_an_orientation_behind_the_pixels_of_a_png_counts() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(SCENE, "PNG")
    late = data[:-12] + chunk(b"eXIf", exif.tobytes()[6:]) + data[-12:]
    assert take_in(late).size == SCENE.size[::-1]


@pytest.mark.parametrize("block", [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0" + bytes(50)])
def test_broken_exif_is_no_reason_to_refuse(block: bytes) -> None:
    taken = take_in(encoded(SCENE, exif=block))
    assert taken.orientation == 1 and taken.pixels().size == SCENE.size


def test_an_orientation_there_is_not_is_noted() -> None:
    assert "orientation there is not (9)" in take_in(turned(9)).notes[0]


def test_nothing_of_where_and_who_is_left() -> None:
    exif = Image.Exif()
    exif[0x013B] = "Erika Mustermann"
    exif.get_ifd(0x8825)[1] = "N"
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Erika Mustermann")
    for data in (
        encoded(LITTLE, exif=exif.tobytes(), comment="Erika Mustermann", xmp=b"<x:xmpmeta>Erika</x:xmpmeta>"),
        encoded(LITTLE, "PNG", pnginfo=text, exif=exif.tobytes()),
        encoded(LITTLE, "TIFF", exif=exif.tobytes(), description="Erika"),
    ):
        assert b"Erika" in data
        pixels = take_in(data).pixels()
        for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
            assert b"Erika" not in encoded(pixels, kind)


# Several frames


def test_the_first_frame_that_shows_something_is_used() -> None:
    blank, other = Image.new("RGB", LITTLE.size, "white"), scene(330, 310, seed=7)
    for kind in ("GIF", "WEBP", "PNG"):
        taken = take_in(encoded(blank, kind, save_all=True, append_images=[LITTLE, other], duration=100))
        assert taken.frame == 1 and "animated; frame 2" in taken.notes[-1]
        assert np.asarray(taken.pixels(), dtype=float).std() > 20


def test_of_a_document_the_first_page_is_used() -> None:
    taken = take_in(encoded(SCENE, "TIFF", save_all=True, append_images=[Image.new("RGB", (2000, 2000))]))
    assert taken.size == SCENE.size and "several pages" in taken.notes[-1]


def test_a_still_gif_has_no_note() -> None:
    assert take_in(encoded(SCENE, "GIF")).notes == ()


def test_pixels_come_smaller_where_that_is_cheap() -> None:
    large = SCENE.resize((1800, 1200))
    for data, size in ((encoded(large), (450, 300)), (encoded(large, "PNG", compress_level=1), (360, 240))):
        taken = take_in(data)
        assert taken.pixels(shrink=5).size == size
        assert taken.small(300).size == (300, 200)
