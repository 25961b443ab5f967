"""A second reading by a model: each claim of a draft with the sentence of its document that bears it.

The model only points; that the sentence is in the document is checked here, word for word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pressroom.calls.books import Books
from pressroom.calls.chain import Chain, Completion
from pressroom.calls.requests import Text
from pressroom.errors import ChainExhausted
from pressroom.gates.grounding import Source
from pressroom.gates.grounding.quotations import plain
from pressroom.model import Excerpt, Part, Violation
from pressroom.model.documents import Claim, Claims
from pressroom.writing.requests import claims_request

WITHOUT_A_MODEL = "offline"
"""The vendor that has no model: it reads nothing."""

LONGEST = 160
"""Characters of a claim that a message shows."""

NOT_READ = "No provider could compare this draft with its document: compare it yourself, or write it again later."


@dataclass(frozen=True)
class SecondReading:
    """The findings of a second reading, and the calls it made."""

    violations: tuple[Violation, ...] = ()
    call_ids: tuple[str, ...] = ()


def readers(chain: Chain) -> Chain:
    """The accounts of `chain` that have a model; none of a chain that is offline."""
    return replace(chain, links=tuple(link for link in chain.links if link.account.provider != WITHOUT_A_MODEL))


def read_again(parts: Sequence[Part], document: Excerpt, source: Source, chain: Chain, books: Books) -> SecondReading:
    """Claims of a draft that no sentence of its document supports; none is checked where the chain has no model.

    When no provider could read the draft, a single violation asks a person to compare it.
    """
    able = readers(chain)
    if not able.links:
        return SecondReading()
    request = claims_request([part.text for part in parts], document, variant=books.variant)
    try:
        completion: Completion = able.ask(Text(request), books)
    except ChainExhausted:
        missing = Violation(code="second_reading_missing", message=NOT_READ, where="text")
        return SecondReading((missing,))
    claims = Claims.model_validate(completion.body.model_dump()).claims
    return SecondReading(tuple(_unsupported(claims, parts, document, source)), completion.call_ids)


def _unsupported(
    claims: Sequence[Claim], parts: Sequence[Part], document: Excerpt, source: Source
) -> Iterator[Violation]:
    """A violation for each claim without a sentence, or with a sentence that the document does not have.

    Of a condensed document the sentences of its key points count too, since the model saw those.
    """
    known = f" {source.plain} {plain(document.text) if document.condensed else ''} "
    for claim in claims:
        sentence = plain(claim.sentence)
        if claim.claim.strip() and not (sentence and _said(sentence, known)):
            yield Violation(
                code="claim_not_in_source",
                message=f"No sentence of the document bears “{_shown(claim.claim)}”: leave it out or change it.",
                where=_where(claim.claim, parts),
                measured=claim.claim,
                limit="as in the document",
            )


def _said(sentence: str, known: str) -> bool:
    """True when the document has the sentence, as whole words where its script separates words."""
    return f" {sentence} " in known or (not sentence.isascii() and sentence.replace(" ", "") in known.replace(" ", ""))


def _where(claim: str, parts: Sequence[Part]) -> str:
    """The label of the part that has most of a claim's words."""
    words = set(plain(claim).split())
    return max(parts, key=lambda part: len(words & set(plain(part.text).split()))).label if parts else "text"


def _shown(claim: str) -> str:
    line = " ".join(claim.split()).replace("<", "‹").replace(">", "›")
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rstrip()}…"
