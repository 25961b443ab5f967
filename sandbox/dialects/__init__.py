"""The wire formats the server speaks: one module an endpoint, found by name.

Adding one is adding a module here that exports `DIALECT`; a further provider also adds its error shape to
`shared`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pressroom.registry import Registry
from sandbox.dialects.shared.declare import Dialect, Family

_NAMED = re.compile(r"/models/[^/:]+:")
"""A model in the path, as Gemini has it."""

_VOICED = re.compile(r"^/text-to-speech/[^/]+/")
"""A voice in the path, as ElevenLabs has it."""

_NUMBERED = re.compile(r"/results/[^/]+$")
"""The number of an order in the path, as Stability AI has it."""

REGISTRY: Registry[Dialect] = Registry(__name__, "DIALECT", Dialect)

__all__ = ["REGISTRY", "Dialect", "Family", "find"]


def find(method: str, path: str) -> Dialect | None:
    """The dialect of an endpoint. Whatever ends in `/v1` before the path is left away: base addresses differ."""
    _, mark, rest = path.rpartition("/v1/")
    known = (method, f"/{rest}" if mark else path)
    named = _NUMBERED.sub("/results/{id}", _NAMED.sub("/models/{model}:", path))
    known = (method, _VOICED.sub("/text-to-speech/{voice}/", known[1]))
    return _table().get(known) or _table().get((method, named))


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, str], Dialect]:
    return {(dialect.method, dialect.path): dialect for dialect in REGISTRY}
