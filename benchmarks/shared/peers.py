"""Environments of what we are measured beside, made when first needed: they share nothing with the project's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.shared.processes import ROOT

FOLDER = ROOT / "benchmarks" / ".venvs"
MINUTES = 5


def python_with(what: str, name: str, requirements: Path, *, alone: bool = False) -> Path | None:
    """The Python of the environment `name`, which has what `requirements` pins.

    what: what is in it, in words. alone: without what the pinned packages themselves ask for. None, and a line that
    says why, when it can't be had.
    """
    folder = FOLDER / name
    python, done = folder / "bin" / "python", folder / ".installed"
    wanted = requirements.read_text("utf-8")
    if done.is_file() and done.read_text("utf-8") == wanted:
        return python
    print(f"Installing {what} into {folder.relative_to(ROOT)}", flush=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)]
    pip += ["--no-deps"] if alone else []
    for command in ([sys.executable, "-m", "venv", str(folder)], pip):
        if trouble := _trouble(command):
            print(f"{what}: left out, since it can't be installed: {trouble}", flush=True)
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
