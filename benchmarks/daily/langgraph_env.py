"""The environment of LangGraph."""

from __future__ import annotations

from pathlib import Path

from benchmarks.shared.peers import python_with

REQUIREMENTS = Path(__file__).parent / "peers" / "requirements.txt"


def langgraph_python() -> Path | None:
    """The Python that has LangGraph; None when it can't be had."""
    return python_with("LangGraph", "langgraph", REQUIREMENTS)
