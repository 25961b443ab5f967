"""The frames of a clip: any rate, variable or not, with sound or without, longer or shorter than its scene."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pressroom.errors import RenderFailed, SourceUnreadable
from pressroom.media.film.program import Cancelling, running

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,gif"
"""Containers of clips; none of them can name another file, as a playlist does."""

HELD = 1.0
"""Seconds for which a clip's last frame may stand still; one that lacks more is shown again from its beginning."""

SECONDS = 600.0
CLOSE = 0.25
"""A clip whose shape differs from the frame's by less than this share is cut; else it is set on a blurred ground."""


def clip_frames(
    path: Path, folder: Path, count: int, *, size: tuple[int, int], fps: int, cancelled: Cancelling | None
) -> Iterator[bytes]:
    """`count` frames of yuv420p. folder: private to the film.

    Raises:
        SourceUnreadable: it has no picture that can be decoded.
    """
    link = folder / f"clip{path.suffix if path.suffix.isalnum() else ''}"
    link.unlink(missing_ok=True)
    link.symlink_to(path.resolve())
    made, last = 0, b""
    while made < count:
        if last and (count - made) / fps <= HELD:
            yield last
            made += 1
            continue
        before = made
        for last in _decoded(path, link, count - made, size, fps, cancelled):
            yield last
            made += 1
        if made == before:
            raise SourceUnreadable(f"{path.name} has no picture that can be decoded.", hint="Save it again as an MP4.")


def _decoded(
    path: Path, link: Path, count: int, size: tuple[int, int], fps: int, cancelled: Cancelling | None
) -> Iterator[bytes]:
    length = size[0] * size[1] * 3 // 2
    arguments = [
        "-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i", link.name, "-filter_complex",
        _graph(*size, fps), "-map", "[v]", "-frames:v", str(count), "-f", "rawvideo", "pipe:1",
    ]  # fmt: skip
    with running(arguments, link.parent, seconds=SECONDS, cancelled=cancelled) as program:
        assert program.process.stdout is not None
        while len(frame := program.process.stdout.read(length)) == length:
            yield frame
        try:
            program.finish()
        except RenderFailed:
            return


def _graph(width: int, height: int, fps: int) -> str:
    """The clip over a blurred copy of itself; where the shapes are alike, it covers all of it."""
    fill = f"scale={width}:{height}:force_original_aspect_ratio=increase"
    near = f"lt(abs(log(iw/ih/({width}/{height}))),{CLOSE})"
    scale = f"if({near},max({width}/iw,{height}/ih),min({width}/iw,{height}/ih))"
    return (
        f"[0:v:0]fps={fps},scale='max(2,round(iw*if(sar,sar,1)/2)*2)':ih,setsar=1,split[a][b];"
        f"[a]{fill},crop={width}:{height},scale={width // 8}:{height // 8},gblur=sigma={width / 80:.2f},"
        f"scale={width}:{height},lutyuv=y=val*0.8,setsar=1[ground];"
        f"[b]scale='2*round(iw*{scale}/2)':'2*round(ih*{scale}/2)',setsar=1[front];"
        "[ground][front]overlay=(W-w)/2:(H-h)/2:format=auto,"
        "scale=out_range=tv:out_color_matrix=bt709,format=yuv420p[v]"
    )
