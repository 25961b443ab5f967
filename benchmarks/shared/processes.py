"""Measured runs: each a fresh process, whose last line on standard output is a JSON object."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SET_BY_US = ("PRESSROOM_", "PREFECT_", "OPENAI_", "ANTHROPIC_")
"""Variables of the caller's that a measured process does not see."""
KILOBYTES_A_MEGABYTE = 1024
LONGEST_SECONDS = 1200
"""What a measured process gets: 3,000 drafts on a busy machine take several minutes, one that hangs takes forever."""


class Broken(Exception):
    """A measured process failed; the text is the end of what it said."""


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without its own settings, with `changes`, and with this repository importable."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SET_BY_US)}
    return {**kept, "PYTHONPATH": str(ROOT), **changes}


def timed(
    command: Sequence[str], *, env: Mapping[str, str], folder: Path, timeout: float = LONGEST_SECONDS
) -> tuple[float, str]:
    """Seconds from start to end of a process, and its standard output. It runs in `folder`, away from any `.env`.

    Raises:
        Broken: it failed, or took longer than `timeout` seconds.
    """
    started = time.perf_counter()
    try:
        done = subprocess.run(
            command, env=environment(env), cwd=folder, capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise Broken(f"{' '.join(command)} took longer than {timeout:g} s") from None
    if done.returncode:
        raise Broken(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-1500:]}")
    return time.perf_counter() - started, done.stdout


def measured(
    module: str, *options: str, env: Mapping[str, str], folder: Path, python: str = sys.executable
) -> dict[str, Any]:
    """What `python -m module` says about itself, and as `process_seconds` how long it took from start to end."""
    seconds, said = timed([python, "-m", module, *options], env=env, folder=folder)
    return {**json.loads(said.strip().splitlines()[-1]), "process_seconds": seconds}


def peak_megabytes() -> float:
    """Most memory this process itself has had in use, children left out."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):  # no Linux; there ru_maxrss may begin at the parent's figure
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / KILOBYTES_A_MEGABYTE
