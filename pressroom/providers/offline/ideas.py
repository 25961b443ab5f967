"""Ideas for a day: a walk through subjects and angles that begins where the day before ended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import Field

from pressroom.model import Frozen, Idea, IdeaList, Preferences
from pressroom.providers.offline.bank import Bank, Subject
from pressroom.providers.offline.composing import filling
from pressroom.providers.offline.fresh import MOST_OF_TITLE, Fresh
from pressroom.providers.offline.headlines import key_term
from pressroom.providers.offline.terms import mentions
from pressroom.providers.offline.wording import Voice, capitalised, clean, data, hashed, shortened

TRIES = 6  # angles tried for a subject before the walk goes on to the next
STEP = 5  # angles between two visits to one subject: no divisor of their number
VISITS = 30  # times a subject is paired
OTHERS_APART = 13  # between the partners of two visits
ANGLES_APART = 7  # between topics, so that neighbours of one day differ
LAST_RESORT = 0.75  # of two titles' words may be the same when there is no other way to be different
MOST_FOCUS = (40, 5)  # characters, words


class IdeasInput(Frozen):
    """The inputs of a request for ideas."""

    count: int = Field(ge=0, le=10_000)
    date: date
    preferences: Preferences
    focus: str = ""
    exclude: tuple[str, ...] = ()
    results: tuple[Mapping[str, Any], ...] = ()


def compose_ideas(inputs: IdeasInput, bank: Bank) -> IdeaList:
    """`count` ideas spread over the topics, fewer only when every subject in every angle has been used."""
    topics, lanes = list(dict.fromkeys(inputs.preferences.topics)), _lanes(inputs)
    better = {each.get("value") for each in inputs.results if each.get("dimension") == "topic"}
    topics.sort(key=lambda topic: topic not in better)  # what did better than usual comes first
    first = inputs.date.toordinal() * inputs.count
    fresh = Fresh(inputs.exclude)
    walks = {
        (lane, topic): _walk(lane, topic, _met_before(first, position, len(topics)), inputs, bank, fresh)
        for lane in {*lanes, "topic"}
        for position, topic in enumerate(topics)
    }
    ideas: list[Idea] = []
    for position in range(first, first + inputs.count):
        topic, lane = topics[position % len(topics)], lanes[(position + position // len(topics)) % len(lanes)]
        order = [walks[lane, topic], walks["topic", topic], *(walks["topic", other] for other in topics)]
        idea = next((idea for walk in (*order, *walks.values()) if (idea := next(walk, None))), None)
        if idea is None:
            break
        ideas.append(idea)
    return IdeaList(ideas=ideas)


def _lanes(inputs: IdeasInput) -> tuple[str, ...]:
    """Lanes shape ideas by position: two of three belong to the focus, some to the keywords, some to neither."""
    other = ("keywords", "topic") if inputs.preferences.keywords else ("topic",)
    if not inputs.focus.strip():
        return other
    return tuple(lane for one in other for lane in ("focus", "focus", one))


def _met_before(first: int, position: int, topics: int) -> int:
    """How many ideas number 0 to `first` - 1 belonged to the topic at `position`, topics taking turns."""
    return (first - position + topics - 1) // topics


def _walk(lane: str, topic: str, start: int, inputs: IdeasInput, bank: Bank, fresh: Fresh) -> Iterator[Idea]:
    """Fresh ideas of one lane: each subject once, but for those in the excluded titles; then what a topic has in
    common with any other; then each with a lesson from another one, and in every other angle."""
    subjects = _subjects(lane, topic, inputs, bank)
    covered = [subject for subject in subjects if any(mentions(title, subject.name) for title in inputs.exclude)]
    turn = _share(topic, inputs)[0] * ANGLES_APART
    yield from _angles([one for one in _from(subjects, start) if one not in covered], start + turn, TRIES, fresh)
    if lane == "topic" and bank.of_topic(topic):
        yield from _angles(_from(_aspects([topic], topic, bank, *_share(topic, inputs)), start), start, TRIES, fresh)
    for most in (MOST_OF_TITLE, LAST_RESORT):
        for visit in range(VISITS):
            yield from _pairs(_from(subjects, start), visit, bank, fresh, most)
        for visit in range(len(data("angles")["angles"])):
            yield from _angles(_from(subjects, start), start + visit * STEP, 1, fresh, most)


def _from(subjects: Sequence[Subject], start: int) -> list[Subject]:
    """All subjects, beginning where the days before have ended."""
    return list(filling.turned(subjects, start))


def _share(topic: str, inputs: IdeasInput) -> tuple[int, int]:
    """(position of the topic, number of topics): its part of what topics have to share."""
    topics = list(dict.fromkeys(inputs.preferences.topics))
    return topics.index(topic), len(topics)


def _angles(
    subjects: Sequence[Subject], start: int, tries: int, fresh: Fresh, most: float = MOST_OF_TITLE
) -> Iterator[Idea]:
    """Each subject from the first of a few angles that gives something fresh, neighbours from different ones."""
    angles = data("angles")["angles"]
    for turn, subject in enumerate(subjects, start):
        near = (angles[(turn + number) % len(angles)] for number in range(tries))
        told = ((at_angle(subject, angle), {subject.name: angle["facets"]}) for angle in near)
        yield from _first_fresh(told, fresh, most)


def _pairs(subjects: Sequence[Subject], visit: int, bank: Bank, fresh: Fresh, most: float) -> Iterator[Idea]:
    """Each subject with a lesson from another one of the bank, if possible from another topic."""
    for turn, subject in enumerate(subjects):
        others = [one for one in bank.all_subjects() if one.topic != subject.topic] or bank.all_subjects()
        start = hashed(subject.name) + turn + visit * OTHERS_APART
        near = (others[(start + number) % len(others)] for number in range(TRIES))
        pairs = (paired(subject, bank.filled(other), fresh) for other in near if other.name != subject.name)
        yield from _first_fresh(pairs, fresh, most)


def _first_fresh(candidates: Iterator[Told], fresh: Fresh, most: float) -> Iterator[Idea]:
    for idea, told in candidates:
        if fresh.add(idea, most):
            for name, facets in told.items():
                fresh.tell(name, facets)
            yield idea
            return


def _subjects(lane: str, topic: str, inputs: IdeasInput, bank: Bank) -> list[Subject]:
    """Subjects for the ideas of a lane: those of the bank, and aspects of what it does not know."""
    known = [bank.filled(one).model_copy(update={"topic": topic}) for one in bank.of_topic(topic)]
    if lane == "topic":
        return known or _aspects([topic], topic, bank, 0, 1)
    about = [_focus(inputs.focus)] if lane == "focus" else list(inputs.preferences.keywords)
    words = {word for text in about for word in re.findall(r"\w{4,}", text.casefold())}
    near = [one for one in known if words & set(one.name.casefold().split())]
    return [*near, *_aspects(about, topic, bank, *_share(topic, inputs))]


def _aspects(names: Sequence[str], category: str, bank: Bank, share: int, shares: int) -> list[Subject]:
    """Aspects of each name, mixed; one of `shares` parts of them, so that topics with one focus don't compete."""
    pairs = [(name, aspect) for name in names for aspect in (bank.aspects[share::shares] or bank.aspects)]
    pairs.sort(key=lambda pair: hashed(f"{pair[0]}|{pair[1].name}"))
    return [bank.about(shortened(clean(name), MOST_FOCUS[0]).rstrip("…"), aspect, category) for name, aspect in pairs]


def _focus(focus: str) -> str:
    """The focus as something a sentence can be about: as it is when short, else its key term."""
    cleaned = clean(focus).strip(" .!?:;,")
    if len(cleaned) <= MOST_FOCUS[0] and len(cleaned.split()) <= MOST_FOCUS[1]:
        return cleaned
    return key_term(cleaned, "") or shortened(cleaned, MOST_FOCUS[0]).rstrip("…")


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
