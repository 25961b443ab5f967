"""Text that is hidden from readers: letters made of invisible characters, and words in base64."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAGS = re.compile("[\U000e0001-\U000e007f]{2,}")
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{1,6}\U000e007f")
_INVISIBLE = re.compile("[\u200b\u2060-\u2064\ufeff]|(?<![\u0600-\u0dff])[\u200c\u200d](?![\u0600-\u0dff])")
_BITS = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff]{8,}")
_BLOB = re.compile(r"(?<![\w/+=.-])(?:[A-Za-z0-9+/_-]{24,}={0,2})(?![\w/+=])")
_WORDS = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}+(?:\s++[^\W\d_]++){2,}")
_JOINED = re.compile("(?<=[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])\u200d")


@dataclass(frozen=True)
class Hidden:
    """Characters `start` to `end` of a text, and what they are."""

    what: str
    start: int
    end: int
    shown: str = ""


def hidden(text: str) -> Iterator[Hidden]:
    """Tag characters (with the words they spell), long runs of invisible characters, base64 that decodes to words."""
    flags = [match.span() for match in _FLAG.finditer(text)]
    for match in _TAGS.finditer(text):
        if not any(start <= match.start() < end for start, end in flags):
            spelled = "".join(chr(ord(c) - 0xE0000) for c in match[0] if 0xE0020 <= ord(c) < 0xE007F)
            yield Hidden("words in invisible tag characters", *match.span(), spelled)
    for match in _BITS.finditer(text):
        yield Hidden("a run of invisible characters", *match.span())
    for match in _BLOB.finditer(text):
        if decoded := _decoded(match[0]):
            yield Hidden("words in base64", *match.span(), decoded)


def visible(text: str) -> str:
    """`text` with each invisible character gone that only parts letters; joined emoji and Indic joiners stay."""
    kept = _JOINED.sub("\ue000", text)
    return _INVISIBLE.sub("", kept).replace("\ue000", "\u200d")


def _decoded(blob: str) -> str:
    try:
        raw = base64.b64decode(blob.replace("-", "+").replace("_", "/") + "=" * (-len(blob) % 4), validate=True)
        words = raw.decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    return words if words.isprintable() and _WORDS.search(words) else ""
