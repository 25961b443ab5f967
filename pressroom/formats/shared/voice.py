"""The rules of a brand voice for a draft of any format: no banned phrase, and the sign-off where one belongs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import regex
from pydantic import BaseModel

from pressroom.model import Violation, Voice
from pressroom.platforms import counting

TAGS = ("hashtags", "tags", "topic")
"""Fields whose items are hashtags written without their sign."""

_QUOTES = str.maketrans("’‘ʼ", "'''")


def banned_in(text: str, phrases: Sequence[str]) -> list[str]:
    """The `phrases` that stand in `text`, in any case: as whole words, or as a hashtag.

    Next to a script without spaces between words a phrase needs no spaces around it.
    """
    folded = _folded(text)
    return [phrase for phrase in phrases if any(_stands_alone(found) for found in _pattern(phrase).finditer(folded))]


def violations(body: BaseModel, voice: Voice, signed: str) -> Iterator[Violation]:
    """Every banned phrase and where it stands; a missing sign-off. signed: the field it belongs into, if any."""
    for where, text in _texts(body):
        for phrase in banned_in(text, voice.banned):
            yield Violation(
                code="banned_phrase",
                message=f"The voice {voice.name} never says {phrase!r}; say it in other words.",
                where=where,
                measured=phrase,
                limit="none",
            )
    if signed and voice.sign_off and not is_signed(getattr(body, signed), voice.sign_off):
        yield Violation(
            code="sign_off_missing",
            message=f"{signed} doesn't end with the sign-off of the voice {voice.name}: {voice.sign_off!r}.",
            where=signed,
            measured="none",
            limit=voice.sign_off,
        )


def is_signed(value: str | Sequence[str], sign_off: str) -> bool:
    """True when a field's text, or the last of its texts, ends with `sign_off`, word for word."""
    text = value if isinstance(value, str) else value[-1] if value else ""
    return " ".join(text.split()).endswith(" ".join(sign_off.split()))


def _texts(body: BaseModel) -> Iterator[tuple[str, str]]:
    """(where, text) of every text in `body`; of lists each item, counted from 1."""
    for name, value in body.model_dump(mode="json").items():
        sign = "#" if name in TAGS else ""
        if isinstance(value, list):
            singular = name.removesuffix("s").replace("_", " ")
            yield from ((f"{singular} {at}", sign + _flat(item)) for at, item in enumerate(value, 1))
        else:
            yield name, sign + _flat(value)


def _flat(value: Any) -> str:
    return "\n".join(map(_flat, value.values())) if isinstance(value, dict) else str(value)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()


@lru_cache(maxsize=1024)
def _pattern(phrase: str) -> Any:
    words = [regex.escape(word) for word in _folded(phrase).split()]
    return regex.compile(r"\s+".join(words) + "|#" + "".join(words))


def _stands_alone(found: Any) -> bool:
    """True when the match neither begins nor ends inside a word."""
    text, start, end = found.string, found.start(), found.end()
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not (_joins(before) and _joins(text[start])) and not (_joins(after) and _joins(text[end - 1]))


def _joins(char: str) -> bool:
    """True when `char` makes one word with a letter next to it."""
    if not char or counting.is_unspaced(char):
        return False
    return char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"
