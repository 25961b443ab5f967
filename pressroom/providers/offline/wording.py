"""Words and sentences: cleaning what others wrote, filling templates, choosing one of many phrasings."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pressroom.formats.shared import language
from pressroom.providers.offline.composing import filling

READ_AT_MOST = 2000  # characters of a title or description that are looked at; more of it can't add to a draft
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # inside words of Persian and Hindi, and inside emoji
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|(?<=[。！？؟])\s*")


@cache
def data(name: str) -> dict[str, Any]:
    """The contents of `<name>.toml` of this package, read once."""
    return tomllib.loads(files("pressroom.providers.offline").joinpath(f"{name}.toml").read_text("utf-8"))


def hashed(text: str) -> int:
    """A number in [0, 2**32) that is the same for the same text in every process."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:4], "big")


def clean(text: str) -> str:
    """One line without hashtag signs, invisible characters and clichés, of at most `READ_AT_MOST` characters."""
    kept = "".join(
        char if char in _JOINERS or unicodedata.category(char) not in _DROPPED else " " for char in text[:READ_AT_MOST]
    )
    return language.without_cliches(" ".join(kept.replace("#", "").replace("＃", "").split()))


def sentences_of(text: str) -> list[str]:
    """The sentences of a cleaned text; those without an end get a full stop."""
    return [filling.ended(part.strip()) for part in _END.split(text) if part.strip()]


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def shortened(text: str, most: int) -> str:
    """At most `most` characters, cut between words if there are any."""
    return filling.shortened(text, lambda part: len(part) <= most) or text[: most - 1].rstrip() + "…"


Fits = Callable[[str], bool]
FEWEST = 6
"""Phrasings that are left at least when some are left out: as many drafts of an idea then begin in different ways."""


def _repeats_itself(text: str) -> bool:
    """True when a longer word comes twice, as where a phrasing and its filling say the same."""
    words = _LONG_WORD.findall(text.casefold())
    return len(words) > len(set(words))


@dataclass(frozen=True)
class Voice:
    """Chooses among phrasings: `key` says where to begin in each list, `turn` how many further to go.

    Turns of the same key begin with different phrasings as long as the list is not shorter than there are turns.
    """

    key: str
    turn: int
    slots: Mapping[str, str]

    def options(self, role: str, variants: Sequence[str], fits: Fits = filling.always, **more: str) -> list[str]:
        """Every variant that fits, filled, beginning with the one that is due; all of them if none fits."""
        slots = {**self.slots, **more}
        filled = [template.format_map(slots) for template in variants]
        fitting = [text for text in filled if fits(text)] or filled
        plain = [text for text in fitting if not _repeats_itself(text)]
        fitting = plain if len(plain) >= FEWEST else fitting
        return list(filling.turned(fitting, hashed(f"{self.key}|{role}") + self.turn))

    def pick(self, role: str, variants: Sequence[str], most: int, **more: str) -> str:
        """Returns the due variant of those of at most `most` characters, or else the shortest, cut."""
        options = self.options(role, variants, lambda text: len(text) <= most, **more)
        return options[0] if len(options[0]) <= most else shortened(min(options, key=len), most)
