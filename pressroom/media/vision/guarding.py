"""Makes a model's description safe to use: the right length, and without words that a picture made the model say.

Words in a picture are material. Where they read like orders to a model (`commands.json`), whatever repeats them is
removed from the description: a model that ignored them loses only a quotation. Orders that it passed on without
saying where they stood are removed too.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pressroom.model.vision import ALT_CHARACTERS, Sight

RUN = 3
"""Words in a row that make a repetition; one address, handle or number is enough."""

DESCRIPTION_CHARACTERS = 1000
TEXT_CHARACTERS = 500

_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")
_SIGNS = ".:/%$€-"
_WORD = re.compile(r"[\w.@#/:%$€-]+")


@dataclass(frozen=True)
class Guarded:
    """A `Sight` that is safe to show. addressed: words in its picture read like orders to a model."""

    sight: Sight
    addressed: bool


def guarded(sight: Sight, plain_alt: str) -> Guarded:
    """`sight` with its texts clipped and freed of the picture's orders. plain_alt: where nothing else is left."""
    addressed = _is_addressed(sight.text_in_image)
    orders = _Orders(sight.text_in_image if addressed else "")
    description = orders.without(sight.description)
    subjects = tuple(one for one in sight.subjects if not orders.speak_in(one))
    alt = orders.without(sight.alt_text) or description or ", ".join(subjects) or plain_alt
    changed = {
        "description": clipped(description or alt, DESCRIPTION_CHARACTERS),
        "subjects": subjects,
        "product_name": orders.without(sight.product_name),
        "product_kind": orders.without(sight.product_kind),
        "text_in_image": clipped(sight.text_in_image, TEXT_CHARACTERS),
        "alt_text": clipped(alt, ALT_CHARACTERS),
    }
    return Guarded(sight.model_copy(update=changed), addressed)


def unled(text: str, sights: tuple[Sight, ...]) -> str:
    """`text` without the sentences that repeat an order of one of the pictures."""
    for sight in sights:
        text = _Orders(sight.text_in_image if _is_addressed(sight.text_in_image) else "").without(text)
    return clipped(text, DESCRIPTION_CHARACTERS)


def clipped(text: str, most: int) -> str:
    """`text` on one line of at most `most` characters, cut between words."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if len(line) <= most:
        return line
    head = line[: most - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:-") + "…"


class _Orders:
    def __init__(self, text: str) -> None:
        words = _words(text)
        self._runs = {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
        self._telling = {word for word in words if _is_telling(word)}

    def speak_in(self, text: str) -> bool:
        """True when `text` repeats the orders, or is one itself."""
        words = _words(text)
        runs = (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
        repeated = any(word in self._telling for word in words) or any(run in self._runs for run in runs)
        return repeated or _matches(text, "orders")

    def without(self, text: str) -> str:
        return " ".join(one for one in _SENTENCE.split(text) if not self.speak_in(one))


def _words(text: str) -> list[str]:
    """The words of `text`, addresses, handles and numbers whole, without signs around them."""
    found = (word.lstrip(_SIGNS).rstrip(f"@#{_SIGNS}") for word in _WORD.findall(text))
    return [word.casefold() for word in found if word]


def _is_telling(word: str) -> bool:
    """An address, a handle, a hashtag or a number of several digits."""
    return word[0] in "@#" or bool(re.search(r"[./:@]", word)) or sum(char.isdigit() for char in word) > 2


def _is_addressed(text: str) -> bool:
    return _matches(text, "orders") or _matches(text, "hints")


def _matches(text: str, kind: str) -> bool:
    return any(pattern.search(" ".join(text.split())) for pattern in _patterns()[kind])


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    """`orders` are nothing else, wherever they stand; `hints` are orders only where they stand in a picture."""
    source = json.loads(files("pressroom.media.vision").joinpath("commands.json").read_text("utf-8"))
    return {
        kind: tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns) for kind, patterns in source.items()
    }
