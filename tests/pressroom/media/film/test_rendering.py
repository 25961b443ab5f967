"""Films as they are seen and heard: decoded, and compared with the reel they were made of, frame by frame."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from pressroom import platforms
from pressroom.media.film import contact_sheet, probe, render
from pressroom.media.film.program import run
from pressroom.platforms.fitting import check_film
from tests.pressroom.media.film.reels import Decoded, decode, reel, shot, spoken, voice

FRAME = 1 / 30
LATE = 0.08
"""Seconds by which a word may be late on screen, or early."""


def words_of(film: Decoded) -> list[tuple[str, float]]:
    """Each word, and when it is spoken in the film."""
    starts = zip(film.reel.shots, film.made.scenes, strict=True)
    return [(word.text, word.start + start) for shot, start in starts for word in shot.words]


def marks(film: Decoded) -> list[float]:
    """The moments at which another word is marked: the green part of the frame is elsewhere than before."""
    found, before = [], None
    for at, frame in enumerate(film.frames):
        red, green, blue = (frame[..., channel].astype(int) for channel in range(3))
        rows, columns = np.nonzero((green > 140) & (red < 110) & (blue < 110))
        box = (columns.min(), columns.max(), round(float(rows.mean()))) if len(rows) > 15 else None
        if box and (before is None or max(abs(a - b) for a, b in zip(box, before, strict=True)) > 3):
            found.append(at * FRAME)
        before = box
    return found


def test_sound_and_picture_end_together_and_the_file_is_what_every_platform_takes(film: Decoded) -> None:
    with av.open(str(film.path)) as file:
        picture, sound = file.streams.video[0], file.streams.audio[0]
        lengths = [float(one.duration * one.time_base) for one in (picture, sound)]
        context = picture.codec_context
        told = (
            context.name,
            context.profile,
            context.pix_fmt,
            context.color_range,
            context.colorspace,
            context.color_trc,
        )
        heard = (sound.codec_context.name, sound.codec_context.profile, sound.rate, sound.channels)
        keys = [
            packet.pts * packet.time_base
            for packet in file.demux(video=0)
            if packet.is_keyframe and packet.pts is not None
        ]
    assert abs(lengths[0] - lengths[1]) <= FRAME
    assert len(film.frames) == round(film.made.seconds * 30) == round(lengths[0] * 30)
    assert told == ("h264", "High", "yuv420p", 1, 1, 1)
    assert heard == ("aac", "LC", 48_000, 2)
    assert max(b - a for a, b in pairwise(keys)) <= 1
    assert np.allclose(np.diff(film.times), FRAME, atol=1e-3)
    found = probe(film.path)
    assert (found.profile, found.pixels, found.colours, found.limited, found.fps) == (
        "High",
        "yuv420p",
        "bt709",
        True,
        30,
    )
    assert found.starts_fast
    assert abs(found.seconds - film.made.seconds) <= FRAME
    assert (found.width, found.height, found.size) == (288, 512, film.made.size)
    for name in platforms.names():
        assert not [said for said in check_film(platforms.get(name), found) if "wide" not in said]


def test_each_scene_is_shown_exactly_while_its_sentence_is_spoken(film: Decoded) -> None:
    starts = [*film.made.scenes, film.made.seconds - 1.5]
    for hue, start, end in zip(("red", "blue", "red"), starts, starts[1:], strict=False):
        assert film.hue(start) == film.hue(end - FRAME) == hue
    assert film.hue(starts[-1] + 0.3) == film.hue(film.made.seconds - FRAME) == "violet"
    assert film.hue(starts[1] - FRAME) == "red"
    for position, one in enumerate(film.reel.shots):
        assert starts[position] + one.words[-1].end < starts[position + 1]


def test_every_word_is_marked_within_80_ms_of_being_spoken(film: Decoded) -> None:
    """Captions neither run ahead of the voice nor fall behind it."""
    found, words = marks(film), words_of(film)
    assert len(found) == len(words)
    late = [mark - start for mark, (_, start) in zip(found, words, strict=True)]
    assert max(map(abs, late)) <= LATE, late


def test_every_word_is_heard_when_it_is_marked_to_the_last_scene(film: Decoded) -> None:
    """No drift: the tone of a word begins in the last scene as exactly as in the first."""
    window = 480
    spectrum = np.abs(np.fft.rfft(film.sound[: len(film.sound) // window * window].reshape(-1, window), axis=1))
    loud = spectrum[:, 4:6].sum(axis=1)  # 400 to 500 Hz
    heard = loud > 0.2 * loud.max()
    rises = [at * window / 48_000 for at in range(1, len(heard)) if heard[at] and not heard[at - 1]]
    assert len(rises) == len(words_of(film))
    for rise, (_, start) in zip(rises, words_of(film), strict=True):
        assert abs(rise - start) <= 0.03


def test_no_frame_is_black_and_none_stands_still_longer_than_a_clip_is_held(film: Decoded) -> None:
    assert min(frame.mean() for frame in film.frames) > 20
    for position, (start, end) in enumerate(pairwise([*film.made.scenes, film.made.seconds])):
        still, longest = 0, 0
        for at in range(round(start * 30) + 1, round(end * 30)):
            before, after = (film.frames[number][:340].astype(int) for number in (at - 1, at))
            still = still + 1 if np.abs(after - before).mean() < 0.05 else 0
            longest = max(longest, still)
        assert longest <= (31 if film.reel.shots[position].kind == "clip" else 4)


def test_the_whole_is_at_14_lufs_and_no_peak_is_above_minus_1(film: Decoded, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").symlink_to(film.path)
    told = run(
        ["-loglevel", "info", "-i", "film.mp4", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"],
        tmp_path, seconds=60,
    )  # fmt: skip
    loud, peak = re.findall(r"I: +(-[\d.]+) LUFS", told)[-1], re.findall(r"Peak: +(-[\d.]+) dBFS", told)[-1]
    assert abs(float(loud) + 14) <= 1
    assert abs(float(loud) - film.made.loudness) < 0.2
    assert float(peak) <= -1


def test_music_gives_way_to_the_voice(film: Decoded) -> None:
    """Music at 3 kHz is at least 6 dB lower while words are spoken than under the closing card."""

    def level(start: float) -> float:
        part = film.sound[round(start * 48_000) :][:9_600]
        return float(np.abs(np.fft.rfft(part))[590:611].max())

    [first, *_] = film.reel.shots[0].words
    spoken_level, free = level(first.end + 0.3), level(film.made.seconds - 1.3)
    assert 20 * np.log10(free / spoken_level) > 6
    assert spoken_level > 0


def test_the_same_reel_gives_the_same_bytes_and_a_film_without_sound_or_words_is_one(tmp_path: Path) -> None:
    quiet = shot(tmp_path, "a", "red", "x", sound=None, words=(), timing=None, least_seconds=0.5)
    one = reel(quiet, width=64, height=64, safe=(4, 4, 60, 60))
    first, second = (render(one, tmp_path / f"{name}.mp4") for name in "ab")
    assert first == second
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert first.loudness is None
    assert first.captions == ()
    with av.open(str(tmp_path / "a.mp4")) as file:
        assert [stream.type for stream in file.streams] == ["video", "audio"]


def test_captions_can_be_left_out_of_the_picture_and_the_film_is_as_long(tmp_path: Path) -> None:
    """A film that fails only with captions, or is longer with them, would be noticed here."""
    words = spoken("Yes")
    plain = shot(tmp_path, "a", "red", "", words=words, sound=voice(tmp_path / "v.wav", words), least_seconds=0.4)
    made = [
        decode(path, each, render(each, path))
        for path, each in ((tmp_path / f"{on}.mp4", reel(plain, captions=on)) for on in (True, False))
    ]
    assert len(marks(made[0])) == 1
    assert marks(made[1]) == []
    assert len(made[0].frames) == len(made[1].frames)
    assert made[0].made.captions == made[1].made.captions
    assert made[0].made.captions[0].text == "Yes"


def test_a_contact_sheet_has_a_frame_a_second(film: Decoded, tmp_path: Path) -> None:
    from PIL import Image

    contact_sheet(film.path, tmp_path / "sheet.jpg")
    with Image.open(tmp_path / "sheet.jpg") as sheet:
        columns = round((sheet.width - 10) / (135 + 10))
    assert columns == min(8, round(film.made.seconds))


@pytest.mark.parametrize("shape", [(320, 180), (128, 128), (128, 160)])
def test_one_reel_in_every_shape(tmp_path: Path, shape: tuple[int, int]) -> None:
    width, height = shape
    safe = (width // 20, height // 20, width * 19 // 20, height * 19 // 20)
    one = reel(shot(tmp_path, "a", "blue", "Go", least_seconds=0.3), width=width, height=height, safe=safe)
    made = render(one, tmp_path / "film.mp4")
    found = probe(tmp_path / "film.mp4")
    assert (found.width, found.height) == (made.width, made.height) == shape
