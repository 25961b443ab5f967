"""GET /v1/user/subscription: the credits that are left."""

from __future__ import annotations

from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect, nothing
from sandbox.dialects.shared.elevenlabs import ELEVENLABS

DIALECT = Dialect(
    name="elevenlabs_subscription",
    family=ELEVENLABS,
    method="GET",
    path="/user/subscription",
    read=lambda body: Ask("account", body=body),
    write=nothing,
    text=False,
)
