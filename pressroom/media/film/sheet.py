"""A film at a glance: a frame a second on one picture, each with its moment."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from pressroom.media.cards.faces import SHIPPED
from pressroom.media.cards.glyphs import font
from pressroom.media.film.probing import probe
from pressroom.media.film.program import running
from pressroom.model.films import Probe

CELL = 240
"""Pixels of the longer side of a frame."""

COLUMNS, MOST, GAP, LABEL = 8, 120, 10, 24
PAPER, INK = "#f4f1ea", "#222222"
FONT = str(Path(__file__).parents[1] / "cards" / "fonts" / SHIPPED["text"])
SECONDS = 300.0


def contact_sheet(film: Path, out: Path) -> None:
    """Write a JPEG at `out` with a frame of each second of the film; of a longer one than two minutes, 120 frames.

    Raises:
        SourceUnreadable: it is no film.
    """
    found = probe(film)
    step = max(1, math.ceil(found.seconds / MOST))
    cells = [*_cells(film, found, step)]
    width, height = cells[0].size if cells else (CELL, CELL)
    columns = min(COLUMNS, max(1, len(cells)))
    rows = math.ceil(len(cells) / columns)
    sheet = Image.new("RGB", (GAP + columns * (width + GAP), GAP + rows * (height + LABEL + GAP)), PAPER)
    pen = ImageDraw.Draw(sheet)
    for at, cell in enumerate(cells):
        left, top = GAP + at % columns * (width + GAP), GAP + at // columns * (height + LABEL + GAP)
        sheet.paste(cell, (left, top))
        moment = at * step + _first(found)
        pen.text((left, top + height + 4), f"{moment:.1f} s", font=font((FONT, 0), 15), fill=INK)
    sheet.save(out, "JPEG", quality=88)


def _first(found: Probe) -> float:
    """The moment of the first frame: in the middle of a second, so that no cut is met."""
    return min(0.5, found.seconds / 2)


def _cells(film: Path, found: Probe, step: int) -> Iterator[Image.Image]:
    scale = CELL / max(found.width, found.height)
    width, height = max(2, round(found.width * scale)), max(2, round(found.height * scale))
    graph = (
        f"trim=start={_first(found):.3f},setpts=PTS-STARTPTS,fps=1/{step}:round=up,scale={width}:{height}:flags=area"
    )
    with tempfile.TemporaryDirectory(prefix="pressroom-sheet-") as folder:
        link = Path(folder) / "film"
        link.symlink_to(film.resolve())
        arguments = [
            "-protocol_whitelist", "file,pipe", "-i", link.name, "-an", "-vf", graph,
            "-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1",
        ]  # fmt: skip
        with running(arguments, link.parent, seconds=SECONDS) as program:
            assert program.process.stdout is not None
            length = width * height * 3
            while len(frame := program.process.stdout.read(length)) == length:
                yield Image.frombytes("RGB", (width, height), frame)
            program.finish()
