"""Ideas as titles and descriptions: a subject seen from an angle, or with a lesson from another subject."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pressroom.model import Idea
from pressroom.providers.offline.bank import Subject
from pressroom.providers.offline.composing import filling
from pressroom.providers.offline.fresh import Fresh
from pressroom.providers.offline.wording import Voice, capitalised, data, hashed, shortened

MOST_TITLE = 90
Told = tuple[Idea, dict[str, list[str]]]
"""An idea, and the facets it tells of by the names of their subjects."""


def at_angle(subject: Subject, angle: dict[str, Any]) -> Idea:
    """The idea for a subject seen from an angle: a title, and a sentence for each facet of the angle."""
    slots = subject.slots()
    titles = [title.format_map(slots) for title in angle["titles"]]
    title = next((title for title in titles if len(title) <= MOST_TITLE), shortened(titles[-1], MOST_TITLE))
    return Idea(title=title, description=_sentences(subject, title, angle["facets"]), category=subject.topic)


def paired(subject: Subject, other: Subject, fresh: Fresh) -> Told:
    """The idea for a subject that can learn from another: of each the facet that has been used least."""
    titles, borrowed = data("angles")["pairs"]["titles"], data("angles")["pairs"]["borrowed"]
    voice = Voice(f"{subject.name}|{other.name}", 0, subject.slots())
    names = {"other": other.name, "Other": capitalised(other.name)}
    title = voice.pick("title", titles, MOST_TITLE, **names)
    facets = filling.turned(tuple(borrowed), hashed(title))
    own, taken = fresh.least_told(subject.name, facets), fresh.least_told(other.name, facets[::-1])
    lesson = Voice(title, 0, other.slots()).options("borrowed", borrowed[taken])[0]
    description = f"{_sentences(subject, title, [own])} {lesson}"
    told = {subject.name: [own], other.name: [taken]}
    return Idea(title=title, description=description, category=subject.topic), told


def _sentences(subject: Subject, title: str, facets: Sequence[str]) -> str:
    """One sentence for each facet, worded by the title."""
    banks, voice = data("angles")["sentences"], Voice(title, 0, subject.slots())
    return " ".join(voice.options(facet, banks[facet])[0] for facet in facets)
