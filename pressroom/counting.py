"""Measures of text, each as the platform or the reader counts it."""

from __future__ import annotations

import re
from functools import lru_cache

WORDS_A_MINUTE = 150
"""Speed of calm speech, words a minute."""

# A run of letters, digits and inner apostrophes or hyphens is a word; a CJK character is one by itself.
_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:['’.,-][^\W_{_CJK}]+)*")
_HASHTAG = re.compile(r"(?<![\w&/])[#＃](\w*[^\W\d_]\w*)")
_BREAK = re.compile(r"\n\s*\n")


def words(text: str) -> int:
    """Words of `text`; hashtags count as words, a CJK character counts as one."""
    return len(_WORD.findall(text))


def hashtags(text: str) -> list[str]:
    """Hashtags in `text` without their `#`, in order, repeated ones repeated."""
    return _HASHTAG.findall(text)


def paragraphs(text: str) -> int:
    """Blocks of `text` parted by blank lines; 0 for blank text."""
    return sum(1 for block in _BREAK.split(text) if block.strip())


def spoken_seconds(text: str) -> float:
    """How long `text` takes to say aloud, in seconds, at 150 words a minute."""
    return words(text) * 60 / WORDS_A_MINUTE


@lru_cache(maxsize=4096)
def x_length(text: str) -> int:
    """Weighted length of a post on X by the twitter-text rules: links 23, emoji 2, CJK 2."""
    from twitter_text import parse_tweet  # 20 ms, needed by one platform only

    return int(parse_tweet(text).weightedLength)
