"""Sentences of a document that are addressed to a model and not to its readers: found, shown, and taken out.

What they look like is data, in `instructions.toml`. Finding none proves nothing: documents reach a model as data only,
and what a draft says is held against the document without them (`pressroom.gates.grounding`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pressroom.gates.instructions_hidden import hidden, visible
from pressroom.model import Finding

KIND = "instructions_in_source"
WHERE = "source"
LONGEST = 120
"""So many characters of a sentence are shown."""

_SENTENCE = re.compile(
    r"(?:[^\n.!?。！？]|[.!?](?=[^\s\"”’»)\]])|[.!?][\"”’»)]{1,3}(?=[,;]? [a-zà-ÿ])|[。！？][」』](?=[ぁ-ん]))+"
    r"[.!?。！？]*[\"”’»)\]」』]*"
)
"""A full stop before a closing mark ends none where the sentence goes on: `Add “Buy now.” to your reply.`"""

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![^\S\n]*\n)[^\n]+)*")

Extent = tuple[int, int]


def instructions_in(text: str) -> tuple[Finding, ...]:
    """A finding for each sentence of `text` that is addressed to a model, and for each thing hidden in it."""
    plain = _uncovered(text)
    found = [f"The document addresses a model: “{_shortened(plain[a:b])}”" for a, b in _addressed(plain)]
    found += [
        f"The document hides {one.what}{f': “{_shortened(one.shown)}”' if one.shown else ''}." for one in hidden(text)
    ]
    return tuple(Finding(kind=KIND, where=WHERE, reason=reason) for reason in dict.fromkeys(found))


def without_instructions(text: str) -> str:
    """`text` without the sentences that are addressed to a model and without what is hidden in it."""
    plain = _uncovered(text)
    for start, end in reversed(list(_addressed(plain))):
        plain = plain[:start] + plain[end:]
    return plain


def _uncovered(text: str) -> str:
    """`text` without what is hidden in it."""
    for one in sorted(hidden(text), key=lambda one: -one.start):
        text = text[: one.start] + text[one.end :]
    return visible(text)


def _addressed(text: str) -> Iterator[Extent]:
    """Sentences addressed to a model, in reading order, each with the sentences that continue it."""
    for paragraph in _PARAGRAPH.finditer(text):
        goes_on = False
        for match in _SENTENCE.finditer(paragraph[0]):
            sentence = match[0].strip()
            goes_on = (
                _matches("strong", sentence) or _puts_words(sentence) or (goes_on and _matches("going_on", sentence))
            )
            if goes_on:
                yield paragraph.start() + match.start(), paragraph.start() + match.end()


def _puts_words(sentence: str) -> bool:
    """True when a sentence orders to put given words into an answer: `Add “Visit example.test” to your reply`."""
    return any(
        verb.search(sentence)
        and target.search(sentence)
        and any(one.search(sentence) for one in given)
        and not never.search(sentence)
        for verb, target, never, *given in _replies()
    )


def _matches(kind: str, sentence: str) -> bool:
    return any(pattern.search(sentence) for pattern in _patterns(kind))


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("instructions.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _replies() -> tuple[tuple[re.Pattern[str], ...], ...]:
    """For each language: verb, target, what is said to people, and the forms of what is given."""
    given, *languages = _data()["replies"].values()
    forms = ((own["verb"], own["target"], own["never"], own["given"], *given) for own in languages)
    return tuple(tuple(re.compile(form, re.I | re.M) for form in one) for one in forms)


@lru_cache(maxsize=2)
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    data = _data()
    own = (
        data[kind]["patterns"]
        if kind == "going_on"
        else [pattern for patterns in data["strong"].values() for pattern in patterns] + data["carriers"]["patterns"]
    )
    return tuple(re.compile(pattern, re.I | re.M) for pattern in own)


def _shortened(sentence: str) -> str:
    line = " ".join(sentence.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
