"""Formats: one module each, found by name. `formats.get("x_thread")`, `formats.names()`.

Adding one is adding a module here that exports `FORMAT`, its prompt file in `pressroom/formats/prompts/`
and its example in `examples/`.
"""

from __future__ import annotations

from typing import Any

from pressroom.formats.shared.declare import Format, Rule
from pressroom.registry import Registry

REGISTRY: Registry[Format[Any]] = Registry("pressroom.formats", "FORMAT", Format)

get = REGISTRY.get


def names() -> tuple[str, ...]:
    return REGISTRY.names


__all__ = ["REGISTRY", "Format", "Rule", "get", "names"]
