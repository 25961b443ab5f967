"""The fonts one card is set in: the brand's where it has every character, else the shipped ones, else the machine's."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from PIL import ImageFont, features

from pressroom.errors import CannotCompose
from pressroom.media.cards import system_fonts
from pressroom.media.cards.glyphs import Face, font, missing

Role = Literal["display", "text", "serif", "italic"]

SHIPPED: dict[Role, str] = {
    "display": "InterDisplay-Bold.otf",
    "text": "Inter-Medium.otf",
    "serif": "NotoSerifDisplay-Regular.ttf",
    "italic": "NotoSerifDisplay-Italic.ttf",
}
"""Latin, Greek and Cyrillic, under the SIL Open Font License; the licences lie beside them."""

NAMED_AT_MOST = 8
"""Missing characters named in a message."""


@dataclass(frozen=True)
class Faces:
    """One font per role. `dropped`: symbols no font here has, which must be left out of the text."""

    by_role: dict[Role, Face]
    notes: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    def font(self, role: Role, size: int) -> ImageFont.FreeTypeFont:
        return font(self.by_role[role], size)


def choose(text: str, *, language: str, brand_font: Path | None) -> Faces:
    """Fonts that have every letter of `text`. Raises CannotCompose if one has no font: boxes are never drawn."""
    _refuse_unshaped(text)
    notes: list[str] = []
    if brand_font is not None:
        faces, note = _brand(brand_font, text)
        if faces is not None:
            return faces
        notes.append(note)
    shipped: dict[Role, Face] = {role: (str(files(__package__) / "fonts" / name), 0) for role, name in SHIPPED.items()}
    lacking = tuple(dict.fromkeys((*missing(shipped["display"], text), *missing(shipped["text"], text))))
    if any(missing(shipped[role], text) for role in ("serif", "italic")):  # some signs, such as arrows
        shipped |= {"serif": shipped["text"], "italic": shipped["text"]}
    letters = tuple(char for char in lacking if unicodedata.category(char)[0] in "LM" or char.isdecimal())
    if letters or any(system_fonts.script(char) in system_fonts.known()["scripts"] for char in lacking):
        return Faces(_of_system(text, lacking, language), tuple(notes))
    if lacking:
        notes.append(f"Left out, for no font here has it: {_named(lacking)}.")
    return Faces(shipped, tuple(notes), lacking)


def is_right_to_left(language: str) -> bool:
    return language.lower().split("-")[0] in system_fonts.known()["right_to_left"]


def _refuse_unshaped(text: str) -> None:
    if features.check("raqm"):
        return
    shaped = set(system_fonts.known()["shaped"])
    found = tuple(char for char in dict.fromkeys(text) if system_fonts.script(char) in shaped)
    if found:
        raise CannotCompose(
            f"Letters such as {_named(found)} can't be drawn right here, for Pillow has no text shaping.",
            hint="Install a Pillow built with libraqm, and fribidi.",
        )


def _brand(path: Path, text: str) -> tuple[Faces | None, str]:
    face = (str(path), 0)
    try:
        lacking = missing(face, text)
        font(face, 24)
    except OSError:
        return None, f"The brand font {path.name} can't be read as a font: the shipped one is used."
    if lacking:
        return None, f"The brand font {path.name} has no {_named(lacking)}: another font is used."
    return Faces(dict.fromkeys(SHIPPED, face)), ""


def _of_system(text: str, lacking: tuple[str, ...], language: str) -> dict[Role, Face]:
    wanted: dict[Role, tuple[bool, bool]] = {
        "display": (True, False), "text": (False, False), "serif": (False, True), "italic": (False, True),
    }  # fmt: skip
    found: dict[Role, Face] = {}
    for role, (bold, serif) in wanted.items():
        face = system_fonts.find(text, lacking, language=language, bold=bold, serif=serif)
        if face is None:
            raise CannotCompose(
                f"No font on this machine has {_named(lacking)} together with the rest of the card.",
                hint=f"Install one (Debian: apt-get install {system_fonts.package(lacking)}) or set a brand font.",
            )
        found[role] = face
    return found


def _named(chars: tuple[str, ...]) -> str:
    named = ", ".join(f"{char} (U+{ord(char):04X})" for char in chars[:NAMED_AT_MOST])
    return named + (f" and {len(chars) - NAMED_AT_MOST} more" if len(chars) > NAMED_AT_MOST else "")
