"""A headline has a key term, fit to stand inside a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from pressroom.platforms import counting
from pressroom.providers.offline.wording import data, shortened

MOST_WORDS, MOST_CHARACTERS, MOST_UNSPACED = 4, 40, 10
BREAK = re.compile(r"[:;,!?|()\[\]{}<>\"“”„«»‹›…—–、。，：；！？（）؟،]+|\.(?=\s|$)|\s[-/&+]\s")
_DETERMINERS = {"a": "a", "an": "an", "the": "the", "your": "your", "our": "our", "my": "your"}
_INNER = "'’-&+./_"


@cache
def listed(name: str) -> frozenset[str]:
    return frozenset(data("words")[name].split())


def key_term(title: str, description: str) -> str:
    """The words of `title` that say best what it is about, as they are written inside a sentence; may be empty."""
    runs = list(_runs(title)) or list(_runs(description))
    if not runs:
        return ""
    told = [bare(word).casefold() for word in description.split()]
    scores = [_score(run, position, told) for position, (_, run) in enumerate(runs)]
    determiner, run = runs[scores.index(max(scores))]
    kept = run if len(run) <= MOST_WORDS or "of" in run else run[-3:]
    words = [_inside(word, title, description) for word in kept]
    return bounded(" ".join([*([determiner] if determiner and kept == run else []), *words]))


def _score(run: list[str], position: int, told: list[str]) -> float:
    """Two or three words name something best; words the description begins with are the subject; early is better."""
    length = {1: 1.0, 2: 2.0, 3: 2.0, 4: 1.0}.get(len(run), 0.5)
    places = [told.index(word.casefold()) for word in run if word.casefold() in told]
    return length + len(places) + (1 / (1 + min(places)) if places else 0) - position * 0.1


def _runs(text: str) -> Iterator[tuple[str, list[str]]]:
    """(determiner before it, words) of each stretch between stop words and punctuation; `of` may stand inside."""
    for piece in BREAK.split(text):
        words = [bare(word) for word in piece.split()] or [""]
        determiner, run = "", list[str]()
        for word, following in zip([*words, "the"], [*words[1:], "the", "the"], strict=True):
            folded = _plain(word)
            inside = folded == "of" and run and len(run) + 2 <= MOST_WORDS and _is_telling(_plain(following))
            if inside or _is_telling(folded):
                run.append(word)
                continue
            if any(char.isalpha() for char in "".join(run)) and len("".join(run)) > 1:
                yield determiner, run
            determiner, run = _DETERMINERS.get(folded, ""), []


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'")


def _is_telling(folded: str) -> bool:
    return bool(folded) and folded not in listed("stop") and not folded.isdigit()


def bare(word: str) -> str:
    """Letters, digits and what may stand inside a word."""
    kept = "".join(char for char in word if unicodedata.category(char)[0] in "LMN" or char in _INNER)
    return kept.strip(_INNER)


def _inside(word: str, title: str, description: str) -> str:
    """`word` with a capital only if it is a name, as far as one can tell."""
    letters = [char for char in word if char.isalpha()]
    shouted = title.upper() == title and len(title.split()) > 1
    if (
        word == "of"
        or word.casefold() in listed("names")
        or not letters
        or (not shouted and any(c.isupper() for c in word[1:]))
    ):
        return word
    if shouted:
        return word if len(word) <= 3 else word.lower()
    text = description if _headline_case(title) else f"{title} {description}"
    in_sentence = re.search(rf"[a-z,] {re.escape(word)}\b", text)
    return word if in_sentence else word[:1].lower() + word[1:]


def _headline_case(title: str) -> bool:
    """True if Most Words Have a Capital."""
    words = [word for word in map(bare, title.split()) if word[:1].isalpha()]
    words = [word for word in words if word.casefold() not in listed("stop")]
    return len(words) > 2 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def bounded(term: str) -> str:
    if counting.is_unspaced(term):
        return term[:MOST_UNSPACED]
    return shortened(term, MOST_CHARACTERS).rstrip("…")
