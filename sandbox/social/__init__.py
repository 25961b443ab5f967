"""Stand-ins for social platforms: ten APIs over HTTP in one process, with state, strictness and faults on demand.

One file a platform, found by name; each exports `STANDIN`, a class. What is public on them is shown at `/`.
"""

from __future__ import annotations

from pressroom.registry import Registry
from sandbox.social.frame.standin import Standin

REGISTRY: Registry[type[Standin]] = Registry("sandbox.social", "STANDIN", type, folders=False)


def names() -> tuple[str, ...]:
    return REGISTRY.names
