"""The colours that tell variants apart on a sheet."""

from __future__ import annotations

COLOURS = ("#d1495b", "#00798c", "#edae49", "#66a182", "#8d5fd3", "#2e4057", "#e07a5f")


def colour_of(at: int) -> str:
    """Of the variant at place `at` of the list, `#rrggbb`; they repeat after seven."""
    return COLOURS[at % len(COLOURS)]
