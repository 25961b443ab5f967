"""The server's unscripted answers about pictures and to web searches."""

from __future__ import annotations

import json
from typing import Any

from sandbox.asks import Ask
from sandbox.instances import instance

NAME = "example"


def seen(ask: Ask) -> str:
    """The plainest answer that fits the schema, with one description for each picture that was sent."""
    answer: Any = instance(ask.schema or {})
    if isinstance(answer, dict) and isinstance(answer.get("images"), list):
        answer["images"] = answer["images"][:1] * len(ask.pictures)
    return json.dumps(answer, ensure_ascii=False)


def found(ask: Ask) -> str:
    """One made-up account for each platform that was asked for, with the address of its profile as the source."""
    from pressroom import platforms

    asked = [platforms.get(name) for name in ask.data["platforms"] if name in platforms.names()]
    named = [(one, f"{NAME}.org" if one.account(NAME) is None else NAME) for one in asked]
    lines = [f"{one.key} | {name} | An example. [{name}]({one.profile(name)})\n" for one, name in named]
    return "".join(lines) or "none"
