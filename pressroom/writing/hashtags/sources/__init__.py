"""Sources of hashtags that need nothing but themselves, found by name: `sources.get("lexicon")`, `sources.names()`.

Adding one, such as a web service, is adding a module here that exports `SOURCE`, or an entry point of the group
`pressroom.writing.hashtags.sources`. One that needs a key reads it from the environment and says so when it is missing.
"""

from __future__ import annotations

from pressroom.registry import Registry
from pressroom.writing.hashtags.shared.declare import HashtagSource

REGISTRY: Registry[HashtagSource] = Registry("pressroom.writing.hashtags.sources", "SOURCE", HashtagSource)  # type: ignore[type-abstract]

get = REGISTRY.get


def names() -> tuple[str, ...]:
    return REGISTRY.names


__all__ = ["REGISTRY", "HashtagSource", "get", "names"]
