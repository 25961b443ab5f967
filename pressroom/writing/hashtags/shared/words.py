"""Words and hashtags made comparable: case, plural and diacritics make no other word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pressroom.platforms import tags

_WORD = re.compile(r"[^\W_]+")
_PLURAL_ES = ("ches", "shes", "sses", "xes")
_SINGULAR = ("ss", "us", "is")
"""Endings with an s that is no plural's: dress, cactus, tennis."""


@lru_cache(maxsize=8192)
def key(word: str) -> str:
    """`word` in lower case, without diacritics on Latin letters, in its English singular: what two words share.

    Letters of other scripts keep their marks: there they tell one letter from another.
    """
    return singular(plain(word).replace("_", ""))


def plain(text: str) -> str:
    """`text` casefolded, its Latin letters without diacritics, composed (NFC)."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFKD", text.casefold()):
        if unicodedata.combining(char) and kept and kept[-1].isascii():
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def singular(word: str) -> str:
    """The English singular as far as the ending tells, `ie` at its end as `y`: cookies, cookie -> cooky.

    For comparing, not for reading. Words of up to three letters stay as they are.
    """
    if len(word) <= 3:
        return word
    if word.endswith(_PLURAL_ES):
        return word[:-2]
    if word.endswith("s") and not word.endswith(_SINGULAR):
        word = word[:-1]
    return word[:-2] + "y" if word.endswith("ie") and len(word) > 3 else word


def words(text: str) -> list[str]:
    """The words of `text`, plain, in order."""
    return _WORD.findall(plain(text))


def tag_of(written: str) -> str:
    """`written` as one well-formed hashtag without `#`; empty when it can't be one."""
    return tags.as_tag(written)
