"""The environment of pyvips and OpenCV."""

from __future__ import annotations

from pathlib import Path

from benchmarks.shared.peers import python_with

REQUIREMENTS = Path(__file__).parent / "peers" / "requirements.txt"


def peers_python() -> Path | None:
    """The Python that has pyvips and OpenCV; None when it can't be had."""
    return python_with("pyvips and OpenCV", "images", REQUIREMENTS)
