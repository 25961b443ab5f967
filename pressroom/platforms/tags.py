"""Hashtags: turns any words into tags that a platform accepts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from pressroom.platforms import counting

LONGEST_TAG = 50
"""Characters. Longer words don't occur as hashtags, and two of them would fill a post on X."""

_NOT_IN_TAG = re.compile(r"[\s#＃\-–—.,:;!?'’\"“”&/+]+")


def is_tag(word: str) -> bool:
    """True when a platform reads all of `#word` as one hashtag."""
    return counting.hashtags(f"#{word}") == [unicodedata.normalize("NFC", word)]


def as_tag(words: str) -> str:
    """`words` as one hashtag without its `#` (`data mesh` -> `datamesh`); empty when they can't be one."""
    tag = _NOT_IN_TAG.sub("", unicodedata.normalize("NFC", words))
    return tag if is_tag(tag) and len(tag) <= LONGEST_TAG else ""


def usable(words: Iterable[str]) -> list[str]:
    """The `words` that can be hashtags, as hashtags, in order; words that differ only in case count once."""
    tags: dict[str, str] = {}
    for word in words:
        if tag := as_tag(word):
            tags.setdefault(tag.casefold(), tag)
    return list(tags.values())


def written(tags: Sequence[str]) -> str:
    """`#a #b #c`, as one line."""
    return " ".join(f"#{tag.lstrip('#')}" for tag in tags)
