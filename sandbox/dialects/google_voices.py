"""GET /v1/voices: Google's voices."""

from __future__ import annotations

from sandbox.asks import Ask
from sandbox.dialects.shared.declare import Dialect, nothing
from sandbox.dialects.shared.gemini import GOOGLE

DIALECT = Dialect(
    name="google_voices",
    family=GOOGLE,
    method="GET",
    path="/voices",
    read=lambda body: Ask("voices", body=body),
    write=nothing,
    text=False,
)
