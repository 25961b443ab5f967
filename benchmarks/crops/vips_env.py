"""libvips in an environment of its own, made when it is first needed, and asked where it would crop."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.shared.processes import ROOT

FOLDER = ROOT / "benchmarks" / ".venvs" / "pyvips"
PEERS = Path(__file__).parent / "peers"
MINUTES = 5

Row = tuple[str, int, int]
"""A picture's path, and the width and height to crop it to."""


def vips_python() -> Path | None:
    """The Python that has what `requirements.txt` pins; None, and a line that says why, when it can't be had."""
    python, done = FOLDER / "bin" / "python", FOLDER / ".installed"
    wanted = (PEERS / "requirements.txt").read_text("utf-8")
    if done.is_file() and done.read_text("utf-8") == wanted:
        return python
    print(f"Installing pyvips into {FOLDER.relative_to(ROOT)}", flush=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        for command in ([sys.executable, "-m", "venv", str(FOLDER)], [*pip, "-r", str(PEERS / "requirements.txt")]):
            subprocess.run(command, capture_output=True, text=True, timeout=60 * MINUTES, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"libvips is left out, since it can't be installed: {error}", flush=True)
        return None
    done.write_text(wanted, "utf-8")
    return python


def corners(python: Path, interesting: str, rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Left and upper edge of what libvips keeps of each picture, by its measure `interesting`."""
    command = [str(python), str(PEERS / "vips_crops.py"), interesting]
    done = subprocess.run(command, input=json.dumps(rows), capture_output=True, text=True, check=True)
    return [(left, upper) for left, upper in json.loads(done.stdout)]
