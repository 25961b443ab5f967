"""Writing one draft: ask, parse, check by the format's rules, and ask again with what was wrong."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from pressroom import formats
from pressroom.model import Assignment, Part, State, Violation
from pressroom.providers.shared.chain import TextChain
from pressroom.providers.shared.requests import draft_request
from pressroom.store.ledger import Ledger


@dataclass(frozen=True)
class Written:
    """A draft as it came out of its last round. `asked`: how many times it was asked for."""

    body: BaseModel
    violations: tuple[Violation, ...]
    provider: str
    model: str
    prompt_hash: str
    call_ids: tuple[str, ...]
    asked: int

    @property
    def state(self) -> State:
        return State.QUARANTINED if self.violations else State.GENERATED

    def parts(self, form: str) -> tuple[Part, ...]:
        return formats.get(form).parts(self.body)


def write(
    assignment: Assignment,
    chain: TextChain,
    ledger: Ledger,
    *,
    feedback_rounds: int,
    temperature: float,
    variant: int = 0,
    task: str = "",
) -> Written:
    """A draft that passes its format's rules, or the last of the rounds with what is still wrong with it.

    feedback_rounds: how many times a draft that breaks its rules is asked for again.

    Raises:
        ChainExhausted: a round got no usable answer from any provider.
    """
    form = formats.get(assignment.format)
    request = draft_request(assignment, temperature=temperature, variant=variant)
    call_ids: list[str] = []
    for asked in range(1, feedback_rounds + 2):
        completion = chain.complete(request, ledger, task=task)
        call_ids.extend(completion.call_ids)
        violations = form.check(completion.body, assignment)
        written = Written(
            body=completion.body,
            violations=violations,
            provider=completion.account,
            model=completion.model,
            prompt_hash=request.prompt_hash,
            call_ids=tuple(call_ids),
            asked=asked,
        )
        if not violations:
            break
        request = draft_request(
            assignment,
            previous=completion.body,
            violations=violations,
            temperature=temperature,
            variant=variant,
        )
    return written
