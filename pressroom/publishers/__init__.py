"""Publishers: one file a platform, found by name. `publishers.get("bluesky")`, `publishers.names()`.

Adding one is adding a file here that exports `PUBLISHER`, its platform's numbers in `pressroom/platforms/`, and a
stand-in in `sandbox/social/` that the contract suite runs against.
"""

from __future__ import annotations

from pressroom.publishers.sending.publisher import Publisher
from pressroom.registry import Registry

REGISTRY: Registry[Publisher] = Registry(
    "pressroom.publishers",
    "PUBLISHER",
    Publisher,  # type: ignore[type-abstract]  # its modules export instances of classes that are whole
    folders=False,
)

get = REGISTRY.get


def names() -> tuple[str, ...]:
    """The platforms that can be published to."""
    return REGISTRY.names
