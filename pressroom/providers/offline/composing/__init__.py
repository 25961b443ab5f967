"""Composing: a format's body from material, by measuring; what fits is asked of the format's own rules.

The shipped formats have composers of their own, functions of their names in `posts`, `threads` and `films`. Any other
format is composed by the kinds of its fields (`by_fields`). A package that brings a format may bring its composer too:
a function from `Material` to the body, under the format's name in the entry-point group `pressroom.composers`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from pydantic import BaseModel

from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment
from pressroom.providers.offline.values import Material

Composer = Callable[[Material], BaseModel]
GROUP = "pressroom.composers"


def compose(form: Format[Any], material: Material, assignment: Assignment) -> BaseModel:
    """The format's body made of `material`; the same material makes the same body."""
    from pressroom.providers.offline.composing import by_fields

    own = composer(form.name)
    return own(material) if own else by_fields.compose(form, material, assignment)


@cache
def composer(name: str) -> Composer | None:
    """The composer of the format called `name`; None when it has none of its own."""
    from pressroom.providers.offline.composing import films, posts, threads

    for module in (posts, threads, films):
        if name in module.__all__:
            found: Composer = getattr(module, name)
            return found
    outside = entry_points(group=GROUP, name=name)
    return next((point.load() for point in outside), None)
