"""The topic bank: subjects with their facets, shipped and the user's own, loaded once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, ValidationError

from pressroom.errors import Misconfigured
from pressroom.model import Frozen
from pressroom.providers.offline.wording import capitalised, data, hashed
from pressroom.userfiles import text_of

FACETS = ("myth", "truth", "cost", "start", "next", "measure", "owner", "case", "skip", "scene")
LINES = {
    "why": "truth",
    "how": "start",
    "proof": "measure",
    "after": "case",
    "who": "owner",
    "wait": "skip",
    "end": "truth",
    "ask": "truth",
}
"""Sentences of a subject's own, and the facet that each belongs to."""

Facet = Annotated[str, Field(max_length=95)]
Line = Annotated[str, Field(max_length=220)]
Phrase = Annotated[str, Field(max_length=60)]


class Subject(Frozen):
    """The subject of a post. `topics.toml` says how each facet is used; blank ones are filled by `filled`."""

    topic: str = Field(min_length=1)
    name: str = Field(min_length=2, max_length=60)
    short: Annotated[str, Field(max_length=40)] = ""
    tags: tuple[str, ...] = ()
    myth: Facet = ""
    truth: Facet = ""
    cost: Facet = ""
    start: Facet = ""
    next: Facet = ""
    measure: Phrase = ""
    owner: Phrase = ""
    case: Facet = ""
    skip: Phrase = ""
    scene: Annotated[str, Field(max_length=80)] = ""
    why: Line = ""
    how: Line = ""
    proof: Line = ""
    after: Line = ""
    who: Line = ""
    wait: Line = ""
    end: Annotated[str, Field(max_length=110)] = ""
    ask: Annotated[str, Field(max_length=100)] = ""

    def slots(self) -> dict[str, str]:
        """Facets by name, and capitalised under the capitalised name."""
        texts = {name: getattr(self, name) for name in ("name", "short", *FACETS, *LINES)}
        return texts | {name.capitalize(): capitalised(text) for name, text in texts.items()}


class Topic(Frozen):
    name: str = Field(min_length=1)
    hashtags: tuple[str, ...] = ()


class Entries(Frozen):
    """One TOML file of the bank."""

    topics: tuple[Topic, ...] = ()
    subjects: tuple[Subject, ...] = ()


@dataclass(frozen=True)
class Bank:
    """`subjects`: by topic in lower case, in an order that mixes related ones. `aspects`: with `{topic}` in them."""

    hashtags: Mapping[str, tuple[str, ...]]
    subjects: Mapping[str, tuple[Subject, ...]]
    aspects: tuple[Subject, ...]

    def of_topic(self, topic: str) -> tuple[Subject, ...]:
        return self.subjects.get(topic.casefold(), ())

    def all_subjects(self) -> tuple[Subject, ...]:
        return tuple(subject for group in self.subjects.values() for subject in group)

    def is_borrowed(self, subject: Subject) -> bool:
        """True when the sentences of `subject` are those of an aspect, which fit any topic and name none."""
        return not subject.why or any(subject.why == aspect.why for aspect in self.aspects)

    def filled(self, subject: Subject, aspect: Subject | None = None) -> Subject:
        """`subject` with its blank facets taken from `aspect`, by default one that its name chooses."""
        blank = {name for name in ("short", *FACETS) if not getattr(subject, name)}
        if not blank:
            return subject
        chosen = aspect or self.aspects[hashed(subject.name) % len(self.aspects)]
        about = {name: getattr(chosen, name).replace("{topic}", subject.name) for name in blank}
        if "truth" in blank or "myth" in blank:  # one answers the other, so they are taken together
            about |= {name: getattr(chosen, name).replace("{topic}", subject.name) for name in ("myth", "truth")}
        lines = {line for line, facet in LINES.items() if facet in about and not getattr(subject, line)}
        about |= {line: getattr(chosen, line).replace("{topic}", subject.name) for line in lines}
        return subject.model_copy(update={**about, "tags": (*subject.tags, *chosen.tags)})

    def about(self, topic: str, aspect: Subject, category: str) -> Subject:
        """`aspect` of anything that has a name: `record keeping in {topic}` of `gardening`."""
        names = ("name", "short", *FACETS, *LINES)
        texts = {name: getattr(aspect, name).replace("{topic}", topic) for name in names}
        return aspect.model_copy(update={**texts, "topic": category})


def load(extension: Path | None = None) -> Bank:
    """The shipped bank, with the user's file laid over it; read again only when that file has changed.

    Raises:
        Misconfigured: the file can't be read or is malformed; the message names file and key.
    """
    try:
        changed = extension.stat().st_mtime_ns if extension else 0
    except OSError as error:
        raise _misconfigured(extension, error.strerror or "it can't be read") from None
    return _load(extension, changed)


@lru_cache(maxsize=4)
def _load(extension: Path | None, changed: int) -> Bank:
    entries = [_entries("topics.toml", data("topics"))]
    if extension:
        entries.append(_entries(extension, _toml(extension)))
    by_key = {_key(subject): subject for part in entries for subject in part.subjects}
    groups: dict[str, list[Subject]] = {}
    for subject in sorted(by_key.values(), key=lambda subject: hashed(subject.name)):
        groups.setdefault(subject.topic.casefold(), []).append(subject)
    hashtags: dict[str, tuple[str, ...]] = {}
    for topic in (topic for part in reversed(entries) for topic in part.topics):
        hashtags[topic.name.casefold()] = (*hashtags.get(topic.name.casefold(), ()), *topic.hashtags)
    aspects = _entries("aspects.toml", {"subjects": [{"topic": "any", **one} for one in data("aspects")["aspects"]]})
    return Bank(
        hashtags=MappingProxyType(hashtags),
        subjects=MappingProxyType({topic: tuple(group) for topic, group in groups.items()}),
        aspects=aspects.subjects,
    )


def _key(subject: Subject) -> tuple[str, str]:
    return subject.topic.casefold(), subject.name.casefold()


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text_of(path))
    except OSError as error:
        raise _misconfigured(path, error.strerror or "it can't be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _misconfigured(path, f"it is no TOML: {error}") from None


def _entries(origin: Path | str, contents: dict[str, Any]) -> Entries:
    try:
        return Entries.model_validate(contents)
    except ValidationError as error:
        problems = "; ".join(f"{_place(part['loc'])}: {part['msg']}" for part in error.errors())
        raise _misconfigured(origin, problems) from None


def _place(location: tuple[int | str, ...]) -> str:
    """`("subjects", 3, "myth")` as `subjects[3].myth`."""
    return re.sub(r"\.(\d+)", r"[\1]", ".".join(map(str, location)))


def _misconfigured(origin: Path | str | None, problem: str) -> Misconfigured:
    return Misconfigured(
        f"The topic bank {origin} can't be used: {problem}.",
        hint="See the head of pressroom/providers/offline/topics.toml for its form, or unset PRESSROOM_TOPIC_BANK.",
    )
