"""Fonts of this machine for scripts the shipped ones don't have: asked of fontconfig, else looked for in folders."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pressroom.media.cards.glyphs import Face, font, missing

FONT_FILES = (".ttf", ".otf", ".ttc", ".otc")


@cache
def known() -> dict[str, Any]:
    """`faces.toml`."""
    return tomllib.loads((files(__package__) / "faces.toml").read_text("utf-8"))


def script(char: str) -> str:
    """The first word of the character's Unicode name, which is its script for letters: `HIRAGANA`, `ARABIC`."""
    return unicodedata.name(char, "UNKNOWN").split(" ")[0].split("-")[0]


def package(chars: tuple[str, ...]) -> str:
    """The Debian package with a font for the first of these characters that one is known for."""
    found = (known()["scripts"].get(script(char), {}).get("package") for char in chars)
    return next((name for name in found if name), "fonts-noto")


def find(text: str, lacking: tuple[str, ...], *, language: str, bold: bool, serif: bool) -> Face | None:
    """A font of this machine with every character of `text`; `lacking`: the characters that the shipped fonts lack."""
    for name in dict.fromkeys(script(char) for char in lacking):
        for face in _candidates(name, _asked_language(name, language), bold, serif):
            if not missing(face, text):
                return face
    return None


def _asked_language(name: str, language: str) -> str:
    han: dict[str, str] = known()["han"]
    own = han.get(language.lower(), han.get(language.lower().split("-")[0], ""))
    return own if own and name in ("CJK", "IDEOGRAPHIC", "FULLWIDTH") else known()["scripts"].get(name, {}).get(
        "language", language
    )  # fmt: skip


@cache
def _candidates(name: str, language: str, bold: bool, serif: bool) -> tuple[Face, ...]:
    return tuple(face for face in (*_asked(language, bold, serif), *_scanned(name, bold)) if _opens(face))


def _asked(language: str, bold: bool, serif: bool) -> Iterator[Face]:
    """The font that fontconfig chooses; nothing where fontconfig isn't installed or fails."""
    program = shutil.which("fc-match")
    if program is None:
        return
    pattern = f"{'serif' if serif else 'sans-serif'}:lang={language}:weight={200 if bold else 80}"
    try:
        said = subprocess.run(  # noqa: S603 - its only argument is made of our own words
            [program, "-f", "%{file}\n%{index}\n", pattern], capture_output=True, text=True, timeout=5, check=True
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return
    if len(said) == 2 and said[0].lower().endswith(FONT_FILES):
        yield said[0], int(said[1]) & 0xFFFF  # the upper bits name an instance of a variable font


def _scanned(name: str, bold: bool) -> Iterator[Face]:
    patterns = known()["scripts"].get(name, {}).get("files", ())
    found = [path for folder in _folders() for path in folder.rglob("*") if path.suffix.lower() in FONT_FILES]
    for pattern in patterns:
        matching = sorted(path for path in found if path.match(pattern))
        matching.sort(key=lambda path: ("bold" in path.stem.lower()) != bold)
        yield from ((str(path), 0) for path in matching)


def _folders() -> list[Path]:
    places = (Path(os.path.expandvars(place)).expanduser() for place in known()["folders"])
    return [place for place in places if "$" not in str(place) and place.is_dir()]


def _opens(face: Face) -> bool:
    try:
        font(face, 24)
    except OSError:
        return False
    return True
