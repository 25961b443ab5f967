"""How a format is declared."""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from pressroom import platforms
from pressroom.formats.shared import voice
from pressroom.model import Assignment, Part, Violation
from pressroom.model.films import Script

B = TypeVar("B", bound=BaseModel)

Rule = Callable[[B, Assignment], Iterable[Violation]]
"""A pure function: what is wrong with this body for this assignment. All findings, never an exception."""


@dataclass(frozen=True)
class Format(Generic[B]):
    """One kind of post on one platform.

    body: the schema a model answers in. Plain types without bounds: the rules judge, so that one
        broken bound doesn't hide the others and every provider's schema dialect takes it.
    parts: the body as the pieces a person pastes, in order.
    max_output_tokens: what a model may spend on one draft.
    characters: least and most of the whole text, parts and hashtags included: a coarse bound for the batch gate.
    script: the body as a film is made of it; None of a format that is only read.
    signed: the field that a voice's sign-off closes; none where a post has no room or no place for one.
    """

    name: str
    platform: str
    title: str
    body: type[B]
    rules: tuple[Rule[B], ...]
    parts: Callable[[B], tuple[Part, ...]]
    max_output_tokens: int
    characters: tuple[int, int]
    temperature: float = 0.7
    signed: str = ""
    script: Callable[[B], Script] | None = None

    def check(self, body: B, assignment: Assignment) -> tuple[Violation, ...]:
        """Every violation of every rule, in the rules' order, then the violations of the requested voice."""
        found = [violation for rule in self.rules for violation in rule(body, assignment)]
        if asked := assignment.preferences.voice:
            found.extend(voice.violations(body, asked, self.signed))
        return tuple(found)

    def text(self, body: B) -> str:
        """The whole draft as one text, its parts parted by blank lines."""
        return "\n\n".join(part.text for part in self.parts(body))

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the schema, the platform's limits, or the code its rules and parts come from.

        It is part of cache keys: a draft that passed yesterday's rules is judged again by today's.
        """
        modules = {part.__module__ for part in (self.body, self.parts, *self.rules)} | {voice.__name__}
        sources = [inspect.getsource(sys.modules[name]) for name in sorted(modules)]
        schema: dict[str, Any] = self.body.model_json_schema()
        known = platforms.find(self.platform)
        facts = json.dumps([schema, known and known.model_dump(mode="json"), sources], sort_keys=True)
        return hashlib.sha256(facts.encode()).hexdigest()[:16]
