"""Films are measured by their heads; what is cut off, endless or something else is refused with a reason."""

from __future__ import annotations

import struct
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.errors import SourceUnreadable
from pressroom.media.films import Film, is_film, read_film, without_origin

TURNED = Path(__file__).parents[2] / "data/films/turned.mov"


def box(kind: bytes, content: bytes = b"", *, wide: bool = False) -> bytes:
    if wide:
        return struct.pack(">I4sQ", 1, kind, 16 + len(content)) + content
    return struct.pack(">I4s", 8 + len(content), kind) + content


def film(*, version: int = 0, wide: bool = False, scale: int = 600, length: int = 900, size: int = 90) -> bytes:
    times = struct.pack(">IQQIQ" if version else ">IIIII", version << 24, 0, 0, scale, length)
    track = bytes([version, 0, 0, 0]) + bytes(48 if version else 36)
    shown = struct.pack(">9i2I", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30, size << 16, 160 << 16)
    tracks = box(b"trak", box(b"tkhd", track + bytes(36) + bytes(8))) + box(b"trak", box(b"tkhd", track + shown))
    head = box(b"mvhd", times) + tracks + box(b"udta", b"home")
    return box(b"ftyp", b"isom") + box(b"mdat", b"frames", wide=wide) + box(b"moov", head) + box(b"uuid", b"me")


def read(tmp_path: Path, data: bytes) -> Film:
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    return read_film(path, name="film.mp4")


def test_size_and_length_are_read_upright_whatever_the_version_of_the_head(tmp_path: Path) -> None:
    turned = read_film(TURNED, name="turned.mov")
    assert (turned.media_type, turned.width, turned.height, turned.seconds) == ("video/quicktime", 54, 96, 1.5)
    for version in (0, 1):
        for wide in (False, True):
            found = read(tmp_path, film(version=version, wide=wide))
            assert (found.width, found.height, found.seconds, len(found.telling)) == (90, 160, 1.5, 2)
    assert read(tmp_path, film().replace(b"isom", b"qt  ")).media_type == "video/quicktime"


def test_what_tells_of_people_is_emptied_and_nothing_else_moves(tmp_path: Path) -> None:
    data = film()
    found = read(tmp_path, data)
    without_origin(tmp_path / "film.mp4", found)
    kept = (tmp_path / "film.mp4").read_bytes()
    for told in (box(b"udta", b"home"), box(b"uuid", b"me")):
        data = data.replace(told, box(b"free", bytes(len(told) - 8)))
    assert kept == data
    assert not read(tmp_path, kept).telling


def test_what_is_no_whole_film_is_refused(tmp_path: Path) -> None:
    whole = film()
    wrong = {
        "nothing": b"",
        "a picture": box(b"ftyp", b"heic") + whole,
        "words": b"Only words, many of them.",
        "cut off": whole[:-40],
        "no length": film(length=0),
        "no unit": film(scale=0),
        "no picture": film(size=0),
        "no head": box(b"ftyp", b"isom"),
        "a box that ends before it begins": box(b"ftyp", b"isom") + struct.pack(">I4s", 4, b"moov"),
        "very many boxes": box(b"ftyp", b"isom") + box(b"moov", box(b"free") * 10_001),
    }
    for name, data in wrong.items():
        with pytest.raises(SourceUnreadable, match=r"film\.mp4 is"):
            read(tmp_path, data)
            pytest.fail(name)
    assert not is_film(box(b"ftyp", b"avif"))


@given(st.data())
def test_no_damage_is_worse_than_a_refusal(data: st.DataObject) -> None:
    damaged = bytearray(film())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder, suppress(SourceUnreadable):
        found = read(Path(folder), bytes(damaged))
        assert found.width
        assert found.seconds
        without_origin(Path(folder) / "film.mp4", found)
