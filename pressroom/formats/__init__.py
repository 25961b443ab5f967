"""Formats: one module each, found by name. `formats.get("x_thread")`, `formats.names()`.

Adding one is adding a module here that exports `FORMAT`, its prompt file in `pressroom/formats/prompts/`
and its example in `examples/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pressroom.errors import Misconfigured, WrongInput
from pressroom.formats.shared.declare import Format, Rule
from pressroom.registry import Registry

REGISTRY: Registry[Format[Any]] = Registry("pressroom.formats", "FORMAT", Format)

get = REGISTRY.get


def names() -> tuple[str, ...]:
    return REGISTRY.names


def resolve(asked: Sequence[str] | None, default: Sequence[str]) -> tuple[str, ...]:
    """The formats asked for, or else those of PRESSROOM_FORMATS (`default`), each once.

    Raises:
        WrongInput: a format that was asked for does not exist. Misconfigured: one of PRESSROOM_FORMATS does not.
    """
    found = tuple(dict.fromkeys(asked or default))
    try:
        for name in found:
            get(name)
    except WrongInput as error:
        if asked:
            raise
        raise Misconfigured(f"PRESSROOM_FORMATS: {error.message}", hint=error.hint) from None
    return found


__all__ = ["REGISTRY", "Format", "Rule", "get", "names", "resolve"]
