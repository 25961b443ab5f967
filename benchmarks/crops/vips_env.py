"""libvips in an environment of its own, made when it is first needed, and asked where it would crop."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.shared.peers import python_with

PEERS = Path(__file__).parent / "peers"

Row = tuple[str, int, int]
"""A picture's path, and the width and height to crop it to."""


def vips_python() -> Path | None:
    """The Python that has pyvips; None when it can't be had."""
    return python_with("pyvips", "pyvips", PEERS / "requirements.txt")


def corners(python: Path, interesting: str, rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Left and upper edge of what libvips keeps of each picture, by its measure `interesting`."""
    command = [str(python), str(PEERS / "vips_crops.py"), interesting]
    done = subprocess.run(command, input=json.dumps(rows), capture_output=True, text=True, check=True)
    return [(left, upper) for left, upper in json.loads(done.stdout)]
