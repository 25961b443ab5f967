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

from pressroom.model import Assignment, Material, Part, Violation

B = TypeVar("B", bound=BaseModel)

Rule = Callable[[B, Assignment], Iterable[Violation]]
"""A pure function: what is wrong with this body for this assignment. All findings, never an exception."""


@dataclass(frozen=True)
class Format(Generic[B]):
    """One kind of post on one platform.

    body: the schema a model answers in. Plain types without bounds: the rules judge, so that one
        broken bound doesn't hide the others and every provider's schema dialect takes it.
    parts: the body as the pieces a person pastes, in order.
    compose: the same body made without a model.
    max_output_tokens: what a model may spend on one draft.
    """

    name: str
    platform: str
    title: str
    body: type[B]
    rules: tuple[Rule[B], ...]
    parts: Callable[[B], tuple[Part, ...]]
    compose: Callable[[Material], B]
    max_output_tokens: int
    temperature: float = 0.7

    def check(self, body: B, assignment: Assignment) -> tuple[Violation, ...]:
        """Every violation of every rule, in the rules' order."""
        return tuple(violation for rule in self.rules for violation in rule(body, assignment))

    def text(self, body: B) -> str:
        """The whole draft as one text, its parts parted by blank lines."""
        return "\n\n".join(part.text for part in self.parts(body))

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever the schema or the code of the format's module changes: part of cache keys."""
        source = inspect.getsource(sys.modules[self.body.__module__])
        schema: dict[str, Any] = self.body.model_json_schema()
        return hashlib.sha256((json.dumps(schema, sort_keys=True) + source).encode()).hexdigest()[:16]
