"""How alike two ideas are, and a memory that finds the nearest of many quickly.

An idea becomes a vector of word stems and of three-character pieces of them, weighed by how often they occur;
alikeness is the cosine, 0 to 1. So that ideas sharing no more than a frame ("Three myths about ...") stay apart,
words of every business post weigh little, stop words nothing, and differing subjects lower the cosine, as do numbers,
names and directions that differ between titles (`similarity_facts`). Lists and threshold are data, in
`similarity.json`; `python -m benchmarks.near_duplicates` is what they were chosen by.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from pressroom.gates import similarity_facts
from pressroom.model import Idea

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEM = 5  # letters; the best of 4, 5, 6, 8 and whole words in the benchmark
PIECE = 3
LONGEST = 60  # words of a title that are compared in order
_SUFFIXES = ("ingly", "ation", "ings", "ing", "ied", "ies", "ed", "es", "ly", "s", "e")
# Scripts written without spaces: their words are taken as overlapping pairs of characters.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"([{_UNSPACED}]+)|([^\W_{_UNSPACED}]+)")
_JOINED = re.compile(r"['’]s\b|[-\u2010\u2011]|(?<=\w)['’](?=\w)")
_ELIDED = re.compile(r"\b(?:[ldjmntsc]|qu)['’](?=\w)|\b[LDJMNTSC]['’](?=[a-zß-ÿ])")
_HIDDEN = frozenset({"Mn", "Mc", "Cf"})  # marks and joiners: accents, vowel points, direction marks


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("pressroom.gates").joinpath("similarity.json").read_text("utf-8"))
    data["stop_words"] = frozenset(" ".join(data["stop_words"]).split())
    data["genre_stems"] = frozenset(_stem(word) for word in " ".join(data["genre_words"]).split())
    return data


@lru_cache(maxsize=1)
def _same_words() -> dict[str, str]:
    """For words that say the same in a title, the one that stands for all: `blaze` for `fire`."""
    groups = {word: group.split()[0] for group in reversed(_data()["same"]) for word in group.split()}
    return similarity_facts.same_names() | groups


def threshold() -> float:
    """Alikeness from which two ideas count as one."""
    return float(_data()["threshold"])


def fold(text: str) -> str:
    """`text` without case, accents, width variants and invisible marks."""
    text = text.casefold()
    if text.isascii():
        return text
    bare = (c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in _HIDDEN)
    return unicodedata.normalize("NFC", "".join(bare))


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    if word.isascii():
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= 3:
                word = word[: -len(suffix)]
                break
        if len(word) > 3 and word[-1] == word[-2]:
            word = word[:-1]
        if word.endswith("i"):
            word = word[:-1] + "y"
    return word[:STEM]


def _terms(text: str) -> list[str]:
    """Stems of the words that carry meaning; of a text without any (emoji only), its characters."""
    stop_words = _data()["stop_words"]
    folded = fold(_ELIDED.sub("", text))
    terms: list[str] = []
    for unspaced, word in _WORD.findall(_JOINED.sub("", folded)):
        if unspaced:
            terms += [unspaced[i : i + 2] for i in range(max(1, len(unspaced) - 1))]
        elif word not in stop_words:
            terms.append(_stem(_same_words().get(word, word)))
    return terms or [c for c in folded if not c.isspace()]


def content_words(text: str) -> frozenset[str]:
    """The words of `text` as they stand, without stop words."""
    words = _WORD.findall(fold(text))
    return frozenset(word for pair in words for word in pair if word and word not in _data()["stop_words"])


@lru_cache(maxsize=65_536)
def _pieces(term: str) -> tuple[tuple[str, ...], float]:
    """Three-character pieces of a term and the weight of each, the pieces of one term weighing 1 together."""
    framed = f"<{term}>"
    pieces = tuple("#" + framed[i : i + PIECE] for i in range(max(1, len(framed) - PIECE + 1)))
    return pieces, 1 / math.sqrt(len(pieces))


class _Read(NamedTuple):
    """An idea as it is compared: unit vector, the terms that carry meaning, and those it repeats, its subject."""

    vector: dict[str, float]
    terms: frozenset[str]
    subject: frozenset[str]


@lru_cache(maxsize=4096)
def _read(title: str, description: str) -> _Read:
    genre, low = _data()["genre_stems"], float(_data()["genre_weight"])
    counted = Counter(_terms(f"{similarity_facts.in_single_words(title)} {description}"))
    vector: dict[str, float] = {}
    for term, times in counted.items():
        weight = times * (low if term in genre else 1.0)
        vector[term] = weight
        pieces, share = _pieces(term)
        for piece in pieces:
            vector[piece] = vector.get(piece, 0.0) + weight * share
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    terms = frozenset(counted) - genre
    unit = {feature: weight / length for feature, weight in vector.items()}
    return _Read(unit, terms, frozenset(term for term in terms if counted[term] > 1))


def _agreement(a: Idea, b: Idea) -> float:
    """Factor in (0, 1] of the cosine of two ideas: how much of each one's subject the other mentions."""
    one, other = _read(a.title, a.description), _read(b.title, b.description)
    shares = [len(x.subject & y.terms) / len(x.subject) for x, y in ((one, other), (other, one)) if x.subject]
    least = float(_data()["frame_only"])
    return least + (1 - least) * sum(shares) / len(shares) if shares else 1.0


def _scored(cosine: float, a: Idea, b: Idea) -> float:
    """How alike two ideas of this cosine are: facts that differ lower it, facts that agree raise it, never above 1.

    Descriptions say more than titles: with two of them the facts of the titles count for less. One description of
    both that is about neither title says nothing: then the titles are compared alone. Titles alone share fewer words,
    which `titles_alone` makes up for, so that one threshold serves both.
    """
    if _boilerplate(a, b):
        a, b = (idea.model_copy(update={"description": ""}) for idea in (a, b))
        cosine = _cosine(a, b)
    alike = min(1.0, max(0.0, cosine)) * _agreement(a, b)
    framed, changed = _in_order(a.title, b.title)
    facts = similarity_facts.agreement(a.title, b.title, framed)
    if changed and framed >= float(_data()["frame"]):
        facts *= float(_data()["other_words"])
    if a.description and b.description:
        facts **= float(_data()["described"])
    else:
        alike **= float(_data()["titles_alone"])
    return float(alike ** (1 / facts) if facts > 1 else alike * facts)


def _in_order(a: str, b: str) -> tuple[float, bool]:
    """Share of the words of two titles that both have in one order, and whether each has others in between."""
    one, other = _terms_of_title(a), _terms_of_title(b)
    same = sum(block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
    return 2 * same / max(1, len(one) + len(other)), same < min(len(one), len(other))


@lru_cache(maxsize=8192)
def _terms_of_title(title: str) -> tuple[str, ...]:
    """The first terms of a title, in order."""
    return tuple(_terms(similarity_facts.in_single_words(title))[:LONGEST])


def _boilerplate(a: Idea, b: Idea) -> bool:
    """True when two ideas share one description that has no word of either title."""
    if not a.description or a.description.casefold() != b.description.casefold():
        return False
    genre, described = _data()["genre_stems"], set(_terms(a.description))
    one, other = (set(_terms_of_title(title)) - genre for title in (a.title, b.title))
    return not (one | other) & described


def _same_title(title: str) -> tuple[str, ...]:
    words = _WORD.findall(_JOINED.sub("", fold(_ELIDED.sub("", title))))
    return tuple(unspaced or word for unspaced, word in words) or (title.strip(),)


def similarity(a: Idea, b: Idea) -> float:
    """How alike two ideas are, 0 to 1: 1 for equal titles, else the cosine, less if their subjects differ."""
    if _same_title(a.title) == _same_title(b.title):
        return 1.0
    return _scored(_cosine(a, b), a, b)


def _cosine(a: Idea, b: Idea) -> float:
    one, other = _read(a.title, a.description).vector, _read(b.title, b.description).vector
    return sum(weight * other[feature] for feature, weight in one.items() if feature in other)


class Seen:
    """Ideas met so far, for `nearest`: 2 ms among 3,000, measured as `similarity` does."""

    def __init__(self, ideas: Iterable[Idea] = ()) -> None:
        self._ideas: list[Idea] = []
        self._described = True
        self._titles: dict[tuple[str, ...], int] = {}
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        for idea in ideas:
            self.add(idea)

    def __len__(self) -> int:
        return len(self._ideas)

    def add(self, idea: Idea) -> None:
        position = len(self._ideas)
        self._ideas.append(idea)
        self._described = self._described and bool(idea.description)
        self._titles.setdefault(_same_title(idea.title), position)
        for feature, weight in _read(idea.title, idea.description).vector.items():
            positions, weights = self._postings.setdefault(feature, (array("i"), array("d")))
            positions.append(position)
            weights.append(weight)

    def nearest(self, idea: Idea) -> tuple[float, Idea] | None:
        """The most similar idea and how similar it is, the first among equals; None when there are no ideas."""
        if not self._ideas:
            return None
        twin = self._titles.get(_same_title(idea.title))
        if twin is not None:
            return 1.0, self._ideas[twin]
        return self._best(idea, self._cosines(idea))

    def _cosines(self, idea: Idea) -> NDArray[np.float64]:
        """Cosine of `idea` with each idea met, shape (n,): sums over the postings of its features."""
        import numpy as np  # 100 ms, not needed before the first idea is compared

        vector = _read(idea.title, idea.description).vector
        found = [(*self._postings[feature], weight) for feature, weight in vector.items() if feature in self._postings]
        if not found:
            return np.zeros(len(self._ideas))
        positions = np.concatenate([np.frombuffer(at, dtype=np.intc) for at, _, _ in found])
        products = np.concatenate([np.frombuffer(weights, dtype=np.float64) * weight for _, weights, weight in found])
        sums = np.bincount(positions, weights=products, minlength=len(self._ideas))
        return np.asarray(sums, dtype=np.float64)

    def _lowest_power(self, idea: Idea) -> float:
        """The power of its cosine that a score never passes: agreeing facts raise, less where all have descriptions."""
        described = self._described and bool(idea.description)
        power = float(_data()["described"]) if described else 1.0
        return float((1.0 if described else _data()["titles_alone"]) / similarity_facts.most() ** power)

    def _best(self, idea: Idea, cosines: NDArray[np.float64]) -> tuple[float, Idea]:
        """An agreement of facts raises a cosine by a bounded factor: what can't reach the best score isn't compared."""
        score, best = -1.0, 0
        raised = self._lowest_power(idea)
        while max(0.0, cosine := float(cosines[candidate := int(cosines.argmax())])) ** raised > score:
            cosines[candidate] = -1.0
            scored = _scored(cosine, idea, self._ideas[candidate])
            if scored > score:
                score, best = scored, candidate
        return min(1.0, max(score, 0.0)), self._ideas[best]
