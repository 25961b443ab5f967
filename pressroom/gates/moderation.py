"""Flags what a person should check before a draft goes out: offensive language, personal data. Deletes nothing.

Offline: word lists for some languages, patterns and check digits for personal data. An account with a moderation
endpoint adds its own verdict through `findings_from_openai`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pressroom.gates.moderation_personal import personal_data
from pressroom.gates.moderation_words import offensive_words
from pressroom.model import Finding, Part


def moderate_text(parts: Sequence[Part], *, language: str = "en") -> tuple[Finding, ...]:
    """Findings of all parts, in reading order, each once a part.

    `language`: BCP 47 tag of the text; English words are looked for in any language.
    """
    return tuple(dict.fromkeys(finding for part in parts for finding in _of_part(part, language)))


def _of_part(part: Part, language: str) -> Iterator[Finding]:
    for word in offensive_words(part.text, language):
        yield Finding(kind="offensive_language", where=part.label, reason=f"Offensive language: {word}.")
    for what, masked in personal_data(part.text):
        yield Finding(kind="personal_data", where=part.label, reason=f"{what}: {masked}.")


def findings_from_openai(result: Mapping[str, Any], *, where: str = "text") -> tuple[Finding, ...]:
    """Findings of one `results` entry of a moderation response, as a dict: one for each category that is true."""
    scores = result.get("category_scores") or {}
    categories = result.get("categories") or {}
    found = tuple(
        Finding(kind=name, where=where, reason=_endpoint_reason(name, scores.get(name)))
        for name, flagged in categories.items()
        if flagged is True
    )
    if found or not result.get("flagged"):
        return found
    return (Finding(kind="flagged", where=where, reason="The moderation endpoint flagged this and named no category."),)


def _endpoint_reason(category: str, score: object) -> str:
    readable = category.replace("/", ", ").replace("_", " ")
    certainty = f" (score {score:.2f})" if isinstance(score, int | float) else ""
    return f"The moderation endpoint sees {readable}{certainty}."
