"""Readers of documents: one module each, found by name. `readers.get("html")`, `readers.names()`.

Adding one is adding a module here that exports `READER`; what it reads is known by its media types and suffixes.
"""

from __future__ import annotations

from pressroom.registry import Registry
from pressroom.sources.shared.declare import Reader

REGISTRY: Registry[Reader] = Registry("pressroom.sources.readers", "READER", Reader)

get = REGISTRY.get


def names() -> tuple[str, ...]:
    return REGISTRY.names


__all__ = ["REGISTRY", "Reader", "get", "names"]
