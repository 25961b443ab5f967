"""What the tests of one format share: its example, changed in a field or two, and what the rules say to it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from pydantic import BaseModel

from pressroom import formats
from pressroom.model import Assignment, Idea, Preferences, Violation

IDEA = Idea(title="Ask the night shift first", description="A replacement starts with people.", category="technology")
Found = list[tuple[str, str, Any, Any]]


@pytest.fixture
def changed() -> Callable[..., BaseModel]:
    """`changed("x_thread", posts=[...])`: the example of a format with other values in some fields."""

    def change(name: str, **fields: Any) -> BaseModel:
        path = files("pressroom.formats") / "examples" / f"{name}.json"
        body = formats.get(name).body
        return body.model_validate({**body.model_validate_json(path.read_text("utf-8")).model_dump(), **fields})

    return change


@pytest.fixture
def judged(changed: Callable[..., BaseModel]) -> Callable[..., tuple[Violation, ...]]:
    """`judged("x_thread", {"numbered": True}, posts=[...])`: the violations of such a body."""

    def judge(name: str, asked: dict[str, Any] | None = None, **fields: Any) -> tuple[Violation, ...]:
        return formats.get(name).check(changed(name, **fields), Assignment(idea=IDEA, format=name, **(asked or {})))

    return judge


@pytest.fixture
def found(judged: Callable[..., tuple[Violation, ...]]) -> Callable[..., Found]:
    """The same as (code, where, measured, limit)."""

    def find(name: str, asked: dict[str, Any] | None = None, **fields: Any) -> Found:
        return [(one.code, one.where, one.measured, one.limit) for one in judged(name, asked, **fields)]

    return find


@pytest.fixture
def wanting() -> Callable[..., dict[str, Any]]:
    """An assignment whose caller wants these hashtags."""
    return lambda *tags: {"preferences": Preferences(hashtags=tags)}
