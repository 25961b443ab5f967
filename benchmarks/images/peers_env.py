"""The environment of pyvips and OpenCV, made when it is first needed: it shares nothing with the project's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.shared.processes import ROOT

FOLDER = ROOT / "benchmarks" / ".venvs" / "images"
REQUIREMENTS = Path(__file__).parent / "peers" / "requirements.txt"
MINUTES = 5


def peers_python() -> Path | None:
    """The Python that has what `requirements.txt` pins; None, and a line that says why, when it can't be had."""
    python, done = FOLDER / "bin" / "python", FOLDER / ".installed"
    wanted = REQUIREMENTS.read_text("utf-8")
    if done.is_file() and done.read_text("utf-8") == wanted:
        return python
    print(f"Installing pyvips and OpenCV into {FOLDER.relative_to(ROOT)}", flush=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)]
    for command in ([sys.executable, "-m", "venv", str(FOLDER)], pip):
        if trouble := _trouble(command):
            print(f"pyvips and OpenCV are left out, since they can't be installed: {trouble}", flush=True)
            return None
    done.write_text(wanted, "utf-8")
    return python


def _trouble(command: list[str]) -> str:
    """The last line of what went wrong; empty when nothing did."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60 * MINUTES, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no reason given"])[-1]
