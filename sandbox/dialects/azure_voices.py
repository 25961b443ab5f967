"""GET /cognitiveservices/voices/list."""

from __future__ import annotations

from sandbox.asks import Ask
from sandbox.dialects.shared.azure import AZURE
from sandbox.dialects.shared.declare import Dialect, nothing

DIALECT = Dialect(
    name="azure_voices",
    family=AZURE,
    method="GET",
    path="/cognitiveservices/voices/list",
    read=lambda body: Ask("voices", body=body),
    write=nothing,
    text=False,
)
