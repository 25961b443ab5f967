"""Inputs that break other makers of films, and failing machines: each is handled, nothing half-written."""

from __future__ import annotations

import signal
from collections.abc import Callable
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import psutil
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from pressroom.errors import (
    Cancelled,
    Misconfigured,
    PressroomError,
    ProcessingTimeout,
    RenderFailed,
    SourceUnusable,
    StoreUnusable,
    WrongInput,
)
from pressroom.media.film import program, render, rendering, srt, vtt
from pressroom.media.film.captions import Layout, ass, spoken_colour
from pressroom.media.film.chunking import FASTEST, LEAST_SECONDS, Chunk, chunks, parts_of
from pressroom.media.film.clips import clip_frames
from pressroom.media.film.frames import frames
from pressroom.media.film.lettering import Lettering, lettering
from pressroom.media.film.pictures import fitted
from pressroom.media.film.sound import read_wav
from pressroom.media.film.timeline import timeline
from pressroom.model.films import CaptionLine, Reel, Shot
from pressroom.model.speech import SpokenWord, Timing
from tests.pressroom.media.film.reels import clip, picture, reel, shot, spoken, voice, wav

UPRIGHT = Reel((), 1080, 1920, (60, 250, 900, 1460))


def captions(text: str, language: str = "en", *, letter: float = 0.06) -> tuple[list[Chunk], Layout]:
    words = spoken(text, letter=letter)
    letters = lettering(words, language, None)
    layout = Layout.of(UPRIGHT, letters)
    return chunks(parts_of(words, language, letters.dropped), words[-1].end + 0.4, layout.room), layout


def cmap(letters: Lettering) -> set[int]:
    path, number = letters.face
    with TTFont(path, fontNumber=number, lazy=True) as font:
        return set(font.getBestCmap())


def test_captions_have_few_words_two_lines_and_time_to_be_read() -> None:
    text = (
        "Most teams publish five times a week, and nobody reads four of them. Write one post, then let it become "
        "a thread, a reel and a caption! What can't be proven is never written."
    )
    found, layout = captions(text)
    assert " ".join(chunk.text for chunk in found) == text.replace("'", "’")
    for chunk in found:
        assert 2 <= len(chunk.parts) <= 5
        assert chunk.end - chunk.start >= LEAST_SECONDS
        assert len(chunk.text) / (chunk.end - chunk.start) <= FASTEST
        pixels, lines = layout.lines(chunk)
        assert len(lines) <= 2
        assert pixels == layout.pixels
    assert [chunk.text for chunk in found if chunk.text.endswith(("week,", "them.", "post,", "thread,"))]
    assert all(before.end <= after.start for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Naïve café: 50 % off — “today” only… 🎉 ☂ \U0001f469\u200d\U0001f4bb"),
        ("de", "Das Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz und Größe."),
        ("el", "Καλημέρα κόσμε"),
        ("ja", "毎朝、三つの新しいアイデアを投稿に変えます。"),
        ("ar", "كل صباح تحول غرفة الأخبار الأفكار إلى منشورات."),
    ],
)
def test_every_glyph_of_a_caption_is_in_its_font(language: str, text: str) -> None:
    """No box is ever drawn: Chinese, Arabic, emoji. Where no font here has the letters, that is said."""
    try:
        found, layout = captions(text, language)
    except PressroomError as error:
        assert "font" in str(error)
        pytest.skip(f"no font for {language} here")
    shown = {
        char for chunk in found for line in layout.lines(chunk)[1] for atom in line for char in atom.text + atom.end
    }
    assert {char for char in shown if ord(char) not in cmap(layout.lettering)} <= {"\u200d", "\u2060"}
    assert all(len(layout.lines(chunk)[1]) <= 2 for chunk in found)
    for chunk in found:
        pixels, lines = layout.lines(chunk)
        for line in lines:
            text = (
                "".join((" " if atom.spaced and at else "") + atom.text for at, atom in enumerate(line)) + line[-1].end
            )
            assert layout.lettering.width(text, pixels) <= layout.width + 1


def test_text_without_spaces_is_captioned_by_its_phrases() -> None:
    """Chinese and Japanese captions are neither one long line, nor over before the voice."""
    try:
        found, _ = captions(
            "毎朝、三つの新しいアイデアを投稿に変えます。確認はコーヒーを飲みながらできます。", "ja", letter=0.15
        )
    except PressroomError:
        pytest.skip("no Japanese font here")
    assert len(found) >= 3
    assert max(len(chunk.text) for chunk in found) <= 13
    assert " " not in "".join(chunk.text for chunk in found)
    assert found[-1].end >= found[-1].parts[-1].end


def test_captions_where_no_font_has_the_letters_are_in_the_files_alone(tmp_path: Path) -> None:
    words = spoken("𐎀𐎁 𐎂𐎃")
    made = render(reel(shot(tmp_path, "a", "red", "", words=words, sound=None, least_seconds=0.3)), tmp_path / "a.mp4")
    assert made.captions[0].text == "𐎀𐎁 𐎂𐎃"
    assert "No captions in the picture" in made.notes[0]


def test_words_of_a_user_are_never_commands_of_captions_or_filters() -> None:
    found, layout = captions("{\\pos(0,0)}boo \\Nnew {\\1c&H0000FF&} ',;[x]")
    written = ass(UPRIGHT, layout, found)
    events = written.partition("[Events]")[2]
    assert "{\\pos(0" not in events
    assert "\\\u2060Nnew" in events
    assert events.count("\\{\\\u2060pos") >= 1
    graph = rendering._arguments(UPRIGHT, timeline(reel(Shot(Path("x"), least_seconds=1))), _no_mix(), burned=True)
    assert not [word for word in graph if "boo" in word]


def _no_mix() -> rendering.sound.Mix:
    return rendering.sound.Mix((), "", 0)


def test_how_well_words_are_timed_is_said(tmp_path: Path) -> None:
    """Times that are only estimated are never passed off as known ones: the least known of all scenes counts."""
    shots = (
        shot(tmp_path, "a", "red", "Go", least_seconds=0.2),
        shot(tmp_path, "b", "blue", "Go", timing=Timing.ESTIMATED),
    )
    made = render(reel(*shots, width=64, height=64, safe=(4, 4, 60, 60)), tmp_path / "a.mp4")
    assert made.timing is Timing.ESTIMATED
    assert made.scenes == (0.0, round(timeline(reel(*shots)).shots[1].first / 30, 3))


def test_the_spoken_word_can_be_told_from_the_others_whatever_the_brand_is() -> None:
    table = {(252, 163, 17): (252, 163, 17), (20, 33, 61): (255, 210, 63), (255, 255, 255): (255, 210, 63)}
    assert {accent: spoken_colour(accent) for accent in table} == table


def test_the_time_a_film_may_take_grows_with_its_length() -> None:
    assert rendering.longest(600, 1080, 1920) > 10 * rendering.longest(30, 1080, 1920) / 2
    assert rendering.longest(30, 2160, 3840) > rendering.longest(30, 1080, 1920)


def test_a_film_of_ten_minutes_holds_one_picture_at_a_time(tmp_path: Path) -> None:
    """Memory does not grow with the number of scenes: later pictures are not even opened."""
    first, second = picture(tmp_path / "a.png", "red"), picture(tmp_path / "b.png", "blue")
    later = tuple(Shot(tmp_path / "missing.png", least_seconds=6) for _ in range(100))
    long = reel(Shot(first, least_seconds=0.2), Shot(second, least_seconds=0.2), *later)
    made = timeline(long)
    assert made.seconds > 600
    coming = frames(long, made, tmp_path, [], None)
    assert len([*islice(coming, 8)]) == 8
    with pytest.raises(SourceUnusable):
        [*islice(coming, 10)]


def _turned(path: Path) -> None:
    """White on the right; turned by a quarter as its EXIF says, white is above."""
    image = Image.new("RGB", (160, 90), (60, 60, 60))
    image.paste((250, 250, 250), (80, 0, 160, 90))
    exif = Image.Exif()
    exif[0x0112] = 8
    image.save(path, exif=exif)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("tiny.png", lambda path: Image.new("RGB", (4, 4), (9, 200, 30)).save(path)),
        ("one.gif", lambda path: Image.new("RGB", (50, 60), (90, 90, 200)).convert("P").save(path)),
        ("clear.png", lambda path: Image.new("RGBA", (90, 160), (200, 30, 30, 128)).save(path)),
        ("print.jpg", lambda path: Image.new("CMYK", (160, 90), (0, 200, 200, 0)).save(path)),
        ("turned.jpg", _turned),
        ("grey.png", lambda path: Image.new("L", (2000, 300), 90).save(path)),
        ("large.jpg", lambda path: Image.new("L", (10_000, 10_000), 128).save(path, quality=30)),
        ("bits.png", lambda path: Image.new("1", (66, 62), 1).save(path)),
    ],
)
def test_a_picture_of_any_kind_and_shape_fills_the_frame(
    tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    make(tmp_path / name)
    planes, notes = fitted(tmp_path / name, 90, 160)
    assert planes.luma.size == (98, 172)
    assert planes.u.size == planes.v.size == (49, 86)
    frame = planes.seen((0, 0, 98, 172), 90, 160)
    assert len(frame) == 90 * 160 * 3 // 2
    luma = np.frombuffer(frame, np.uint8)[: 90 * 160].reshape(160, 90)
    assert luma.min() > 16, "nothing is left black"
    assert bool(notes) == (name in ("tiny.png",))
    if name == "turned.jpg":
        assert luma[:40].mean() > luma[-40:].mean() + 50


def test_clips_of_any_rate_and_length_fill_their_scene(tmp_path: Path) -> None:
    """Longer ones are cut, shorter ones begin again or stand still for a second at most, damaged ones too."""
    source = ["-f", "lavfi", "-i", "testsrc2=size=64x96:rate=12:duration=1.5", "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    whole = clip(tmp_path / "whole.mkv", *source)
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    for path, count in ((whole, 20), (whole, 60), (whole, 100), (broken, 60)):
        found = [*clip_frames(path, tmp_path, count, size=(36, 64), fps=30, cancelled=None)]
        assert {len(frame) for frame in found} == {36 * 64 * 3 // 2}
        assert len(found) == count
        still = longest = 0
        for before, after in pairwise(found):
            still = still + 1 if before == after else 0
            longest = max(longest, still)
        assert longest <= 31


def test_a_playlist_in_place_of_a_clip_opens_no_other_file(tmp_path: Path) -> None:
    secret = clip(tmp_path / "secret.mkv", "-f", "lavfi", "-i", "testsrc2=size=64x64:duration=0.2")
    listed = tmp_path / "clip.mp4"
    for text in (f"#EXTM3U\n#EXTINF:1,\n{secret}\n", f"ffconcat version 1.0\nfile '{secret.name}'\n"):
        listed.write_text(text, "utf-8")
        with pytest.raises(SourceUnusable, match=r"clip\.mp4"):
            [*clip_frames(listed, tmp_path, 5, size=(16, 16), fps=30, cancelled=None)]


@pytest.mark.parametrize(
    ("message", "change"),
    [
        ("at least one scene", lambda folder: Reel((), 90, 160, (0, 0, 90, 160))),
        ("must be even", lambda folder: reel(Shot(folder), width=91)),
        ("would last 33 minutes", lambda folder: reel(Shot(folder, least_seconds=2000))),
        ("voice of scene 1 can't be read", lambda folder: reel(Shot(folder, sound=_junk(folder)))),
        ("junk is no picture", lambda folder: reel(Shot(_junk(folder), least_seconds=0.2))),
        ("no picture that can be decoded", lambda folder: reel(Shot(_junk(folder), "clip", least_seconds=0.2))),
        ("can't be used as music", lambda folder: reel(shot(folder, "a", "red", "Go"), music=_junk(folder))),
        ("no file", lambda folder: reel(Shot(folder / "none.png", least_seconds=0.2))),
    ],
)
def test_wrong_input_is_named_and_nothing_is_left(tmp_path: Path, message: str, change: Callable[[Path], Reel]) -> None:
    given = tmp_path / "given"
    given.mkdir()
    out = tmp_path / "out" / "film.mp4"
    with pytest.raises((WrongInput, SourceUnusable), match=message):
        render(change(given), out)
    assert not out.parent.exists() or not [*out.parent.iterdir()]


def _junk(folder: Path) -> Path:
    (folder / "junk").write_bytes(b"RIFF junk that is nothing at all" * 20)
    return folder / "junk"


def test_a_voice_of_any_rate_is_heard_at_its_own_pitch(tmp_path: Path) -> None:
    for rate in (8000, 16_000, 22_050, 24_000, 44_100, 48_000, 11_111):
        track = read_wav(wav(tmp_path / "a.wav", 0.5 * np.sin(2 * np.pi * 1000 * np.arange(rate) / rate), rate), 0)
        assert abs(len(track) - 48_000) <= 8
        assert abs(int(np.abs(np.fft.rfft(track[:48_000])).argmax()) - 1000) <= 1
        assert abs(float(np.abs(track[1000:-1000]).max()) - 0.5) < 0.01


@pytest.fixture
def one(tmp_path: Path) -> Reel:
    return reel(shot(tmp_path, "a", "red", "", words=spoken("Go on"), sound=voice(tmp_path / "v.wav", spoken("Go on"))))


def kill_ffmpeg(share: float) -> None:
    for child in psutil.Process().children(recursive=True):
        if "ffmpeg" in child.name():
            child.send_signal(signal.SIGKILL)


def failing(folder: Path, *lines: str) -> str:
    path = folder / "ffmpeg.sh"
    path.write_text("\n".join(("#!/bin/sh", *lines)), "utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_machine_that_fails_leaves_no_part_of_a_film(
    one: Reel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed, cancelled, out of time, a full disk: the film that was there before stays, and no other file is left."""
    out = tmp_path / "films" / "film.mp4"
    out.parent.mkdir()
    out.write_bytes(b"the film of yesterday")

    def fails(error: type[PressroomError], match: str, **options: object) -> None:
        with pytest.raises(error, match=match):
            render(one, out, **options)  # type: ignore[arg-type]
        assert [path.name for path in out.parent.iterdir()] == ["film.mp4"]
        assert out.read_bytes() == b"the film of yesterday"

    fails(RenderFailed, "signal 9", progress=kill_ffmpeg)
    fails(Cancelled, "cancelled", cancelled=lambda: True)
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "longest", lambda *_: 0.0)
        fails(ProcessingTimeout, "longer than 0 seconds")
    full = ("ulimit -f 8", "trap '' XFSZ", f'exec "{program.ffmpeg()}" "$@"')
    for lines, error, match in (
        (full, StoreUnusable, "disk is full"),
        (("echo boom >&2", "exit 3"), RenderFailed, "code 3: boom"),
        ((), Misconfigured, "can't be started"),
    ):
        broken = failing(tmp_path, *lines) if lines else str(tmp_path / "nothing")
        with monkeypatch.context() as patched:
            patched.setattr(program, "ffmpeg", lambda broken=broken: broken)
            fails(error, match)


def test_a_machine_without_ffmpeg_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    plain = failing(tmp_path, "echo configuration: --enable-gpl")
    Path(plain).rename(tmp_path / "ffmpeg")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program.ffmpeg.cache_clear()
    try:
        with pytest.raises(Misconfigured, match="libass and x264"):
            program.ffmpeg()
        failing(tmp_path, "echo configuration: --enable-libass --enable-libx264")
        (tmp_path / "ffmpeg.sh").rename(tmp_path / "ffmpeg")
        assert program.ffmpeg() == str(tmp_path / "ffmpeg")
    finally:
        program.ffmpeg.cache_clear()


def test_caption_files_have_the_captions_of_the_film() -> None:
    lines = [CaptionLine(text="5 < 6 & more", start=0.1, end=1.5), CaptionLine(text="كل صباح", start=3661.25, end=3662)]
    assert srt(lines) == (
        "1\n00:00:00,100 --> 00:00:01,500\n5 < 6 & more\n\n2\n01:01:01,250 --> 01:01:02,000\nكل صباح\n\n"
    )
    assert vtt(lines) == (
        "WEBVTT\n\n00:00:00.100 --> 00:00:01.500\n5 &lt; 6 &amp; more\n\n01:01:01.250 --> 01:01:02.000\nكل صباح\n\n"
    )
    assert srt([]) == ""


def test_the_last_word_is_never_cut(tmp_path: Path) -> None:
    """A voice that ends before its last word does, by its times, still has all of it on screen, and a breath."""
    words = (SpokenWord(text="Late", start=0.9, end=1.6),)
    made = timeline(reel(Shot(tmp_path, sound=voice(tmp_path / "v.wav", (), after=0.5), words=words, least_seconds=0)))
    assert made.seconds >= 1.85
