"""Hashtags: from anybody's words to what a platform takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from pressroom.platforms import counting

LONGEST_TAG = 50
"""Characters. Longer words are nobody's hashtag, and two of them would fill a post on X."""

_NOT_IN_TAG = re.compile(r"[\s#＃\-–—.,:;!?'’\"“”&/+]+")


def is_tag(word: str) -> bool:
    """Whether a platform reads all of `#word` as one hashtag."""
    return counting.hashtags(f"#{word}") == [unicodedata.normalize("NFC", word)]


def as_tag(words: str) -> str:
    """`words` as one hashtag without its `#` (`data mesh` -> `datamesh`); empty when they can't be one."""
    tag = _NOT_IN_TAG.sub("", unicodedata.normalize("NFC", words))
    return tag if is_tag(tag) and len(tag) <= LONGEST_TAG else ""


def usable(words: Iterable[str]) -> list[str]:
    """Those of `words` that can be hashtags, as hashtags, in order, none twice whatever its case."""
    tags: dict[str, str] = {}
    for word in words:
        if tag := as_tag(word):
            tags.setdefault(tag.casefold(), tag)
    return list(tags.values())


def written(tags: Sequence[str]) -> str:
    """`#a #b #c`, as one line."""
    return " ".join(f"#{tag.lstrip('#')}" for tag in tags)
