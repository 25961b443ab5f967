"""`brief.json`: the brief as data, sorted by key, readable by people, equal after reading it back."""

from __future__ import annotations

import json

from pressroom.model import Brief


def to_json(brief: Brief) -> str:
    """`Brief.model_validate_json` of it gives the same brief."""
    return json.dumps(brief.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, indent=2) + "\n"
