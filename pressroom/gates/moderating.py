"""Moderating one draft: by the chain's moderation endpoint where it has one, else by the lists that ship."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pressroom.calls.calling import Call, ask
from pressroom.calls.chain import Link, TextChain
from pressroom.calls.ledger import CallRecord, Ledger
from pressroom.errors import Lasting, Passing
from pressroom.gates.moderation import findings_from_openai, moderate_text
from pressroom.model import Answer, Finding, Part

WORDS = "offensive_language"


def moderate(
    parts: Sequence[Part], chain: TextChain, ledger: Ledger, *, language: str = "en", task: str = ""
) -> tuple[Finding, ...]:
    """What a person should look at before the draft goes out. Never raises for a provider's trouble, nor waits for it:
    an endpoint that keeps failing, or refuses the run's first call for good, is passed over.

    Endpoints know nothing of personal data, so the patterns for those are always looked for; the endpoint's
    verdict takes the place of the word lists.
    """
    local = moderate_text(parts, language=language)
    link = next((link for link in chain.links if link.moderator is not None), None)
    if link is None:
        return local
    try:
        answer = _ask(link, parts, ledger, task)
    except (Passing, Lasting):
        return local
    results = zip(parts, json.loads(answer.text), strict=False)
    judged = tuple(found for part, result in results for found in findings_from_openai(result, where=part.label))
    return (*judged, *(found for found in local if found.kind != WORDS))


def _ask(link: Link, parts: Sequence[Part], ledger: Ledger, task: str) -> Answer:
    moderator = link.moderator
    assert moderator is not None
    texts = [part.text for part in parts]
    record = CallRecord(
        kind="moderation",
        purpose="moderation",
        provider=link.account.name,
        model=moderator.model,
        identity={"texts": texts, "base_url": link.account.base_url},
        task=task,
        timeout=link.account.timeout,
    )
    return ask(link, Call(record=record, send=lambda: moderator.moderate(texts), cost=lambda _: 0), ledger).answer
