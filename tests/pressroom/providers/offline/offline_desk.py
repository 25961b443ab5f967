"""How the offline engine's tests ask for ideas and drafts: through the provider's door, as a run does."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from pressroom import formats
from pressroom.calls.providers import Account
from pressroom.model import Answer, Assignment, Idea, IdeaList, Preferences
from pressroom.providers.offline import PROVIDER
from pressroom.writing.requests import draft_request, ideas_request

DAY = date(2026, 11, 2)
CLIENT = PROVIDER.kind("text").client(Account(name="offline", provider="offline"))


def ask_ideas(count: int, day: date = DAY, preferences: Preferences | None = None, **more: Any) -> Answer:
    """`more`: focus, exclude."""
    preferences = preferences or Preferences()
    return CLIENT.send(
        ideas_request(count=count, day=day, preferences=preferences, temperature=0.8, max_output_tokens=1000, **more)
    )


def ideas_for(count: int, day: date = DAY, preferences: Preferences | None = None, **more: Any) -> list[Idea]:
    return IdeaList.model_validate_json(ask_ideas(count, day, preferences, **more).text).ideas


def draft_of(idea: Idea, name: str, variant: int = 0, **more: Any) -> tuple[BaseModel, Assignment]:
    """`more`: fields of the assignment."""
    assignment = Assignment(idea=idea, format=name, **more)
    answer = CLIENT.send(draft_request(assignment, variant=variant))
    return formats.get(name).body.model_validate_json(answer.text), assignment


def closest(texts: Iterable[str]) -> float:
    """The highest Jaccard index of the word sets of any two of `texts`."""
    bits: dict[str, int] = {}
    words = (set(re.findall(r"\w+", text.casefold())) for text in texts)
    sets = [sum(1 << bits.setdefault(word, len(bits)) for word in found) for found in words]
    return max((a & b).bit_count() / (a | b).bit_count() for a, b in itertools.combinations(sets, 2))


def both(ideas: Sequence[Idea]) -> list[str]:
    return [f"{idea.title} {idea.description}" for idea in ideas]


def prose(body: BaseModel) -> list[str]:
    """The sentences of a draft: of everything but its title, hashtags, tags, chapters, scenes and cut lines."""
    skipped = {"title", "hashtags", "tags", "chapters", "scenes", "on_screen_text"}
    fields = body.model_dump(exclude=skipped).values()
    texts = [text for value in fields for text in (value if isinstance(value, list) else [value])]
    parts = [part for text in texts for line in text.splitlines() for part in re.split(r"(?<=[.!?])\s+", line)]
    return [part for part in parts if len(part.split()) > 3 and not part.startswith("#")]
