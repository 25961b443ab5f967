"""The question for accounts worth tagging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pressroom.calls.searching import SearchRequest
from pressroom.formats import prompts
from pressroom.platforms import Platform
from pressroom.writing.requests import with_data

PURPOSE = "accounts"

OUTPUT_TOKENS = 600
OUTPUT_TOKENS_AN_ACCOUNT = 60


def accounts_request(
    description: str, platforms: Sequence[Platform], *, most: int, language: str = "en", variant: int = 0
) -> SearchRequest:
    """Ask for at most `most` accounts a platform that fit a post about `description`."""
    names = [platform.key for platform in platforms]
    inputs: dict[str, Any] = {"platforms": names, "description": description}
    system, asked = prompts.load("accounts_system"), prompts.load("accounts")
    return SearchRequest(
        purpose=PURPOSE,
        system=system.render(),
        prompt=with_data(asked.render(platforms=names, most=most, language=language), inputs),
        max_output_tokens=OUTPUT_TOKENS + OUTPUT_TOKENS_AN_ACCOUNT * most * len(names),
        prompt_hash=f"accounts_system:{system.hash}+accounts:{asked.hash}",
        variant=variant,
    )
