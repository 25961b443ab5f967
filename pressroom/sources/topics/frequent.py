"""How usual words are in speech: a word that is rare among today's titles may still say little."""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pressroom.sources.topics.titles import fold
from pressroom.sources.topics.words import stem

_OFTEN = re.compile(rb'"([^"\\]+)": (\d{4,})')
"""The list's words that it counts a thousand times or more; to read the others too takes several times as long."""
LEAST = 3e-5
"""Share of all words from which a word counts as usual."""


@lru_cache(maxsize=16)
def shares(language: str) -> Mapping[str, float]:
    """By stem its share of all words spoken in a language, where that is not tiny; empty for a language without a list.

    The lists are those of pyspellchecker (subtitles).
    """
    listed = files("spellchecker").joinpath(f"resources/{language}.json.gz")
    if not language.isalpha() or not listed.is_file():
        return {}
    lines = gzip.decompress(listed.read_bytes()).split(b"\n")
    times = _OFTEN.findall(b"\n".join(line for line in lines if line.rstrip(b",")[-4:].isdigit()))
    total = sum(int(often) for _, often in times)
    least = len(str(int(LEAST * total)))
    found: dict[str, float] = defaultdict(float)
    for word, often in times:
        if len(often) >= least and int(often) >= LEAST * total:
            found[stem(fold(word.decode()))] += int(often) / total
    return dict(found)
