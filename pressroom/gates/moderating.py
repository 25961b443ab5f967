"""Moderating one draft: by the chain's moderation endpoint where it has one, else by the lists that ship."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pressroom.calls.books import Books
from pressroom.calls.calling import Call, ask
from pressroom.calls.chain import Chain
from pressroom.calls.requests import Moderation, ModerationRequest
from pressroom.errors import Lasting, Passing
from pressroom.gates.moderation import findings_from_openai, moderate_text
from pressroom.model import Finding, Part

WORDS = "offensive_language"
KIND = Moderation.kind


def moderate(parts: Sequence[Part], chain: Chain, books: Books, *, language: str = "en") -> tuple[Finding, ...]:
    """Findings a person should look at before the draft goes out. It never raises for a provider's trouble, and never
    waits for it: an endpoint that keeps failing, or refuses the run's first call for good, is skipped.

    Endpoints know nothing of personal data, so the patterns for those are always looked for; the endpoint's
    verdict takes the place of the word lists.
    """
    local = moderate_text(parts, language=language)
    link = next(iter(chain.offering(KIND)), None)
    if link is None:
        return local
    request = Moderation(ModerationRequest(tuple(part.text for part in parts)))
    try:
        entry = ask(Call(link, request, replace(books, budget=None)))
    except (Passing, Lasting):
        return local
    results = zip(parts, request.read(entry.answer), strict=False)
    judged = tuple(found for part, result in results for found in findings_from_openai(result, where=part.label))
    return (*judged, *(found for found in local if found.kind != WORDS))
