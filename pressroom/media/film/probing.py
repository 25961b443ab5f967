"""The facts about a film's file, as ffmpeg reads them."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from pressroom.errors import RenderFailed, SourceUnreadable
from pressroom.media.film.clips import FORMATS
from pressroom.media.film.program import run
from pressroom.media.films import top_boxes
from pressroom.model.films import Probe

SECONDS = 60.0
_PICTURE = re.compile(
    r"Video: (?P<codec>\w+)(?: \((?P<profile>[^)]*)\))?.*?, (?P<pixels>\w+)(?:\((?P<colours>[^)]*)\))?, "
    r"(?P<width>\d+)x(?P<height>\d+)(?P<rest>.*)"
)
_SOUND = re.compile(r"Audio: (?P<codec>\w+).*?, (?P<rate>\d+) Hz, (?P<channels>[\w.]+)(?P<rest>.*)")
_CHANNELS = {"mono": 1, "stereo": 2, "5.1": 6}


def probe(film: Path) -> Probe:
    """The film at `film`.

    Raises:
        SourceUnreadable: it is no film, or has no picture.
    """
    with tempfile.TemporaryDirectory(prefix="pressroom-probe-") as folder:
        link = Path(folder) / "film"
        link.symlink_to(film.resolve())
        end = ["-map", "0", "-c", "copy", "-t", "0", "-f", "null", "-"]
        begin = ["-loglevel", "info", "-nostats", "-protocol_whitelist", "file", "-format_whitelist", FORMATS]
        try:
            told = run([*begin, "-i", link.name, *end], link.parent, seconds=SECONDS)
        except RenderFailed:
            told = ""
    head = told.partition("Output #0")[0]
    picture, lasts = _PICTURE.search(head), re.search(r"Duration: (\d+):(\d+):([\d.]+)", head)
    if not (picture and lasts):
        raise SourceUnreadable(f"{film.name} is not a film that can be read.", hint="Save it again as an MP4.")
    hours, minutes, seconds = (float(part) for part in lasts.groups())
    return _probe(film, picture, _SOUND.search(head), 3600 * hours + 60 * minutes + seconds)


def _probe(film: Path, picture: re.Match[str], sound: re.Match[str] | None, seconds: float) -> Probe:
    colours = [part.strip() for part in (picture["colours"] or "").split(",")]
    return Probe(
        seconds=round(seconds, 3),
        size=film.stat().st_size,
        width=int(picture["width"]),
        height=int(picture["height"]),
        codec=picture["codec"],
        profile=picture["profile"],
        pixels=picture["pixels"],
        colours=next((part for part in colours if part.startswith(("bt", "smpte"))), None),
        limited="tv" in colours if {"tv", "pc"} & set(colours) else None,
        fps=_number(picture["rest"], r"([\d.]+) fps"),
        kbits=_whole(picture["rest"]),
        sound_codec=sound["codec"] if sound else None,
        sound_rate=int(sound["rate"]) if sound else None,
        channels=_CHANNELS.get(sound["channels"]) if sound else None,
        sound_kbits=_whole(sound["rest"]) if sound else None,
        starts_fast=_starts_fast(film),
    )


def _starts_fast(film: Path) -> bool | None:
    kinds = [kind for kind in top_boxes(film) if kind in (b"moov", b"mdat")]
    return kinds[0] == b"moov" if len(set(kinds)) == 2 else None


def _number(text: str, pattern: str) -> float | None:
    found = re.search(pattern, text)
    return float(found[1]) if found else None


def _whole(text: str) -> int | None:
    found = _number(text, r"(\d+) kb/s")
    return None if found is None else int(found)
