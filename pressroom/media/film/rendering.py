"""A reel becomes a film: frames and sound go through one ffmpeg, and the file is there whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pressroom.errors import CannotCompose
from pressroom.media.film import program, sound
from pressroom.media.film.captions import Layout, ass
from pressroom.media.film.chunking import Chunk, Part, chunks, left_out, parts_of, text_of
from pressroom.media.film.frames import frames
from pressroom.media.film.lettering import CONFIGURATION, Lettering, lettering
from pressroom.media.film.timeline import Timeline, timeline
from pressroom.model.films import CaptionLine, Reel, Rendered

THREADS = 4
"""Of the encoder; another number gives other bytes."""

FILM, CAPTIONS = "film.mp4", "captions.ass"
COLOURS = ("-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
FILE_CHARACTERS = 42
"""Of a caption that is only in files."""

SOUND_BITRATE = "192k"

Progress = Callable[[float], None]


def render(
    reel: Reel,
    out: Path,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Rendered:
    """Make the film at `out`; the same reel gives the same bytes with the same ffmpeg.

    progress: called with the share that is done, 0 to 1. cancelled: asked ten times a second, from another thread.

    Raises:
        WrongInput: a reel that can't be made, or a voice or music that can't be read. SourceUnusable: a picture or clip
        that can't be used. Misconfigured: no ffmpeg. Cancelled. ProcessingTimeout. StoreUnusable: the disk is full.
        RenderFailed: ffmpeg ended otherwise. In each case nothing is at `out` that was not there before.
    """
    made = timeline(reel)
    out.parent.mkdir(parents=True, exist_ok=True)
    with _private(out.parent) as folder:
        captions, letters, notes = _captions(reel, made)
        if letters and reel.captions:
            letters.give(folder)
            (folder / CAPTIONS).write_text(ass(reel, Layout.of(reel, letters), captions), "utf-8")
        mix = sound.mixed(reel, made, folder, cancelled=cancelled)
        notes += _encoded(reel, made, mix, folder, progress or (lambda _: None), cancelled)
        film = folder / FILM
        loud = None if mix.silent else sound.loudness(film, folder)
        said = _rendered(reel, made, film, captions).model_copy(update={"loudness": loud, "notes": notes})
        film.replace(out)
    return said


def longest(seconds: float, width: int, height: int) -> float:
    """Seconds that a film of `seconds` may take to be made, on a slow and busy machine."""
    return 90 + 15 * seconds * max(1.0, width * height / (1080 * 1920))


@contextmanager
def _private(parent: Path) -> Iterator[Path]:
    """A folder for one film, on the disk that the film will be on; removed with all that is in it."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".film-", dir=parent))
        try:
            (folder / program.FONTCONFIG).write_text(CONFIGURATION, "utf-8")
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise program.disk_full() from error
        raise


def _captions(reel: Reel, made: Timeline) -> tuple[list[Chunk], Lettering | None, tuple[str, ...]]:
    """The captions of all shots. None: there are no words, or no font here has their letters, which a note says."""
    words = [word for placed in made.shots for word in placed.words(made.fps)]
    if not words:
        return [], None, ()
    notes: tuple[str, ...] = ()
    try:
        letters = lettering(words, reel.language, reel.brand.font)
        room, dropped, notes = Layout.of(reel, letters).room, letters.dropped, letters.notes
    except CannotCompose as error:
        letters, room, dropped = None, _any_room, ()
        notes = (f"No captions in the picture: {error.message} They are in the files.",)
    found: list[Chunk] = []
    notes += left_out(words, reel.language)
    for placed in made.shots:
        parts = parts_of(placed.words(made.fps), reel.language, dropped)
        found += chunks(parts, (placed.first + placed.count) / made.fps, room)
    return found, letters, notes


def _any_room(parts: Sequence[Part]) -> float:
    """Of captions in files alone, which players set in lines by themselves."""
    return float(len(text_of(parts)) <= FILE_CHARACTERS)


def _encoded(
    reel: Reel,
    made: Timeline,
    mix: sound.Mix,
    folder: Path,
    progress: Progress,
    cancelled: Callable[[], bool] | None,
) -> tuple[str, ...]:
    notes: list[str] = []
    seconds = longest(made.seconds, reel.width, reel.height)
    burned = (folder / CAPTIONS).exists()
    with program.running(
        _arguments(reel, made, mix, burned=burned), folder, seconds=seconds, cancelled=cancelled
    ) as to:
        assert to.process.stdin is not None
        try:
            for number, frame in enumerate(frames(reel, made, folder, notes, cancelled)):
                to.process.stdin.write(frame)
                if number % made.fps == 0:
                    progress(0.98 * number / made.frames)
        except BrokenPipeError:
            pass  # it has ended by itself: `finish` says why
        to.finish()
    progress(1.0)
    return tuple(dict.fromkeys(notes))


def _arguments(reel: Reel, made: Timeline, mix: sound.Mix, *, burned: bool) -> list[str]:
    size, rate = f"{reel.width}x{reel.height}", str(reel.fps)
    marked = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
    captions = f"ass=filename={CAPTIONS}:fontsdir=fonts," if burned else ""
    graph = f"[0:v]{marked},{captions}setsar=1,format=yuv420p[picture];{sound.numbered(mix.graph, 1)}"
    return [
        "-protocol_whitelist", "file,pipe", "-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", size,
        "-framerate", rate, "-i", "pipe:0", *mix.inputs, "-filter_complex_threads", "1", "-filter_complex", graph,
        "-map", "[picture]", "-map", "[sound]", "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high",
        "-crf", "20", "-maxrate", "10M", "-bufsize", "20M", "-g", rate, "-bf", "2", "-flags:v", "+cgop+bitexact",
        "-pix_fmt", "yuv420p", *COLOURS, "-r", rate, "-fps_mode", "cfr", "-threads", str(THREADS),
        "-c:a", "aac", "-b:a", SOUND_BITRATE, "-ar", str(sound.RATE), "-ac", "2", "-flags:a", "+bitexact",
        "-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4", FILM,
    ]  # fmt: skip


def _rendered(reel: Reel, made: Timeline, film: Path, captions: list[Chunk]) -> Rendered:
    with film.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    timings = [placed.shot.timing for placed in made.shots if placed.shot.timing]
    return Rendered(
        seconds=round(made.seconds, 3),
        width=reel.width,
        height=reel.height,
        size=film.stat().st_size,
        sha256=sha256,
        scenes=tuple(round(placed.first / made.fps, 3) for placed in made.shots),
        captions=tuple(
            CaptionLine(text=chunk.text, start=round(chunk.start, 3), end=round(chunk.end, 3)) for chunk in captions
        ),
        timing=max(timings, key=list(type(timings[0])).index) if timings else None,
    )
