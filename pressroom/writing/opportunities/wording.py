"""The questions to a model about a collection's topics, in two calls at most: categories, and angles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.calls.requests import Text
from pressroom.errors import BudgetReached, ChainExhausted
from pressroom.formats import prompts
from pressroom.gates.grounding import Source, ungrounded
from pressroom.model import Document, Part, Preferences, Section, TextRequest
from pressroom.model.base import Frozen
from pressroom.model.trends import Topic
from pressroom.sources.topics.categories import names
from pressroom.writing.opportunities.computing import Computed
from pressroom.writing.opportunities.finding import candidates
from pressroom.writing.opportunities.inputs import Inputs, Words
from pressroom.writing.requests import system_words, with_data

SHOWN_TITLES = 6
"""Titles of a topic that a model is shown, each with the beginning of its summary."""
SHOWN_CHARACTERS = 200
TOKENS_A_CATEGORY, TOKENS_AN_ANGLE = 40, 160
LONGEST = 300
"""Characters of an angle, or of a reason."""

M = TypeVar("M", bound=BaseModel)


class TopicCategory(Frozen):
    """The category of one topic."""

    id: str = Field(description="The topic's id, as in the data.")
    category: str


class TopicCategories(Frozen):
    """A text provider's answer to a request for categories."""

    topics: list[TopicCategory]


class Angle(Frozen):
    """How a post looks at one topic."""

    id: str = Field(description="The topic's id, as in the data.")
    angle: str
    why_now: str


class Angles(Frozen):
    """A text provider's answer to a request for angles."""

    opportunities: list[Angle]


def categories_of(computed: Computed, inputs: Inputs, chain: Chain | None, books: Books) -> Words:
    """The categories a model gives topics that have none, in one call; empty without a model, or where it fails."""
    topics = computed.uncategorised()
    if chain is None or not topics:
        return Words()
    known = (*names(), *inputs.subjects)
    request = _request("topic_categories", TopicCategories, topics, inputs, TOKENS_A_CATEGORY,
                       categories=", ".join(dict.fromkeys(known)))  # fmt: skip
    answer, call_ids = _ask(request, TopicCategories, chain, books)
    there = {topic.id for topic in topics}
    found = answer.topics if answer else []
    given = {one.id: one.category for one in found if one.id in there and one.category in known}
    return Words(categories=given, call_ids=call_ids)


def angles_of(computed: Computed, inputs: Inputs, chain: Chain | None, books: Books) -> Words:
    """The angles that a model gives opportunities that are new, in one call. One with a fact of its own is left out."""
    new = [one.topic_id for one in candidates(computed, inputs) if one.topic_id not in inputs.angles]
    topics = [computed.topics[topic_id] for topic_id in new]
    if chain is None or not topics:
        return Words()
    request = _request("opportunities", Angles, topics, inputs, TOKENS_AN_ANGLE)
    answer, call_ids = _ask(request, Angles, chain, books)
    by_id = {topic.id: topic for topic in topics}
    angles = {
        one.id: (one.angle.strip(), one.why_now.strip())
        for one in (answer.opportunities if answer else [])
        if one.id in by_id and is_grounded(one, by_id[one.id], inputs.preferences)
    }
    return Words(angles=angles, call_ids=call_ids)


def is_grounded(angle: Angle, topic: Topic, preferences: Preferences) -> bool:
    """True when an angle states nothing that the topic's signals don't, by the gate that drafts pass."""
    texts = (angle.angle.strip(), angle.why_now.strip())
    if not all(texts) or any(len(text) > LONGEST for text in texts):
        return False
    own = (*preferences.topics, *preferences.keywords, preferences.audience)
    parts = [Part(label="angle", text=text) for text in texts]
    return not ungrounded(parts, Source.of(_document(topic)), allowed=own, language=preferences.language)


def _document(topic: Topic) -> Document:
    sections = tuple(Section(heading=signal.title, text=signal.summary) for signal in topic.signals)
    return Document(
        source="signals", kind="text", title=topic.label, sections=sections, language=topic.language or "en"
    )


def _request(
    name: str, schema: type[BaseModel], topics: Sequence[Topic], inputs: Inputs, tokens: int, **words: Any
) -> TextRequest:
    preferences = inputs.preferences
    data = {
        "preferences": preferences.model_dump(mode="json", include={"topics", "audience", "tone", "language"}),
        "topics": [{"id": topic.id, "category": topic.category, "signals": _titles(topic)} for topic in topics],
    }
    prompt = prompts.load(name)
    return TextRequest(
        purpose="trends",
        system=system_words(preferences),
        prompt=with_data(prompt.render(**words), data),
        schema=schema,
        temperature=0.2,
        max_output_tokens=200 + tokens * len(topics),
        prompt_hash=f"system:{prompts.load('system').hash}+{name}:{prompt.hash}",
        inputs=data,
    )


def _titles(topic: Topic) -> list[dict[str, str]]:
    titles = {signal.title: signal for signal in topic.signals}
    return [
        {"title": title, "source": signal.source, "summary": signal.summary[:SHOWN_CHARACTERS]}
        for title, signal in list(titles.items())[:SHOWN_TITLES]
    ]


def _ask(request: TextRequest, kind: type[M], chain: Chain, books: Books) -> tuple[M | None, tuple[str, ...]]:
    """The answer and its calls; None where no provider gives one: a collection goes on with its own words."""
    try:
        completion = chain.ask(Text(request), books)
    except (ChainExhausted, BudgetReached):
        return None, ()
    return kind.model_validate(completion.body.model_dump()), tuple(completion.call_ids)
