"""Categories: from the source's own word, else from the workspace's topics; and how well a topic fits these."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pressroom.model.trends import Signal, Topic
from pressroom.sources.topics.likeness import nearest
from pressroom.sources.topics.titles import fold

OTHER = "other"
SURE = 0.12
"""Likeness of a topic with a subject of the workspace from which it is of that subject's category."""
FULL = 0.4
"""Likeness with a subject, or with a text written before, that counts as complete."""


@dataclass(frozen=True)
class Category:
    """half_life: hours. words: folded, as sources and headlines use them."""

    half_life: float
    words: frozenset[str]


def names() -> tuple[str, ...]:
    """Every category."""
    return tuple(_data())


def half_life(category: str) -> float:
    """Hours after which a topic of a category is half as fresh; of a category of the workspace's own, as for others."""
    return _data().get(category, _data()[OTHER]).half_life


def of_source(signal: Signal) -> str:
    """The category that a source's own word stands for; empty when it says none that is known."""
    said = fold(signal.category).replace(" ", "-").removeprefix("r/")
    words = [said, *said.replace("/", "-").split("-")]
    return next((name for word in words for name, category in _data().items() if word and word in category.words), "")


def categorised(topics: Iterable[Topic], subjects: Sequence[str]) -> tuple[Topic, ...]:
    """`topics` with the category most of its sources say, else with that of the subject it resembles, else `other`."""
    listed = tuple(topics)
    said = [_by_sources(topic) for topic in listed]
    open_ = [topic for topic, name in zip(listed, said, strict=True) if not name]
    resembling = iter(_resembling(open_, subjects))
    return tuple(
        topic.model_copy(update={"category": name or next(resembling)})
        for topic, name in zip(listed, said, strict=True)
    )


def fits(topics: Sequence[Topic], subjects: Sequence[str]) -> dict[str, float]:
    """By topic id how well it fits the workspace's subjects, 0 to 1: fully in the category of one of them."""
    wanted = {_category_of(subject) for subject in subjects} - {""}
    near = nearest([_text(topic) for topic in topics], [_with_words(subject) for subject in subjects])
    return {
        topic.id: 1.0 if topic.category in wanted else round(min(1.0, much / FULL), 6)
        for topic, (much, _) in zip(topics, near, strict=True)
    }


def coverage(topics: Sequence[Topic], written: Sequence[str]) -> dict[str, float]:
    """By topic id how much of it is in titles that the workspace has written, 0 to 1."""
    near = nearest([topic.label for topic in topics], written)
    return {topic.id: round(min(1.0, much / FULL), 6) for topic, (much, _) in zip(topics, near, strict=True)}


def _by_sources(topic: Topic) -> str:
    """The category that most sources of a topic say, each source once."""
    by_source = {(signal.source, name) for signal in topic.signals if (name := of_source(signal))}
    counted = Counter(name for _, name in by_source)
    return min(counted, key=lambda name: (-counted[name], name), default="")


def _resembling(topics: Sequence[Topic], subjects: Sequence[str]) -> list[str]:
    near = nearest([_text(topic) for topic in topics], [_with_words(subject) for subject in subjects])
    return [(_category_of(subjects[at]) or fold(subjects[at])) if much >= SURE else OTHER for much, at in near]


def _category_of(subject: str) -> str:
    """The category that a subject of the workspace names; empty when it is one of its own."""
    said = fold(subject)
    words = (said, said.replace(" ", "-"), *said.split())
    return next((name for word in words for name, one in _data().items() if word == name or word in one.words), "")


def _with_words(subject: str) -> str:
    """A subject with the words of headlines that are about it."""
    name = _category_of(subject)
    return " ".join([subject, *sorted(_data()[name].words)]) if name else subject


def _text(topic: Topic) -> str:
    """The label and the titles of a topic, each once."""
    return " ".join(dict.fromkeys([topic.label, *(signal.title for signal in topic.signals)]))


@lru_cache(maxsize=1)
def _data() -> dict[str, Category]:
    text = files("pressroom.sources.topics").joinpath("categories.toml").read_text("utf-8")
    return {
        name: Category(float(given["half_life"]), frozenset(map(fold, given["words"].split())))
        for name, given in tomllib.loads(text).items()
    }
