"""`brief.json`: the brief as data, sorted by key, readable by people, equal after reading it back."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pressroom.model import Brief


def pieces_of(brief: Brief) -> Iterator[str]:
    """The document, piece by piece; `Brief.model_validate_json` of it gives the same brief."""
    yield from json.JSONEncoder(sort_keys=True, ensure_ascii=False, indent=2).iterencode(brief.model_dump(mode="json"))
    yield "\n"
