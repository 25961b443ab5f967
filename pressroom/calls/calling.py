"""One call through the one door: whatever must be asked before money is spent is asked here, in this order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pressroom.calls.circuit import Permit
from pressroom.calls.deadline import NEVER, Deadline
from pressroom.calls.declare import Budget, Limiter
from pressroom.calls.health import HOPELESS
from pressroom.calls.ledger import CallRecord, Entry, Ledger
from pressroom.calls.links import AccountLink
from pressroom.errors import RateLimited
from pressroom.model import Answer, Usage


@dataclass(frozen=True)
class Call:
    """A call about to be made.

    cost: of an answer, in millionths of a dollar. tokens: about what it will take of the limiter's; counted: what it
    has taken, from its usage.
    """

    record: CallRecord
    send: Callable[[], Answer]
    cost: Callable[[Answer], int]
    tokens: int = 0
    counted: Callable[[Usage], int] = lambda _: 0
    limiter: Limiter | None = None
    budget: Budget | None = None
    deadline: Deadline = NEVER


def ask(link: AccountLink[Any], call: Call, ledger: Ledger) -> Entry:
    """The ledger's answer, or that of the call, made now if nothing speaks against it.

    Raises:
        Passing, Lasting: what the call raised, or what keeps it from being made (`LeftAlone`, `DeadlinePassed`,
            `BudgetReached`, a limiter's `RateLimited`).
    """
    if (entry := ledger.find(call.record)) is not None:
        return entry
    call.deadline.check()
    link.account_health.check(call.record, ledger)
    if call.budget is not None and link.paid:
        call.budget.check()
    with _share(call) as sent:  # before the claim is taken, which expires
        call.deadline.check()
        with link.account_health.circuit(call.record.kind).enter() as permit:
            return _ask(link, call, ledger, permit, sent)


@dataclass
class _Sent:
    """Whether the call was made, and the usage of its answer if one came."""

    made: bool = False
    usage: Usage | None = None

    def took(self, call: Call) -> int:
        """Tokens of the limiter's; a call that failed took what was estimated: providers count it too."""
        if self.usage is None:
            return call.tokens if self.made else 0
        return call.counted(self.usage)


def _ask(link: AccountLink[Any], call: Call, ledger: Ledger, permit: Permit, sent: _Sent) -> Entry:
    def send() -> Answer:
        sent.made = True
        with call.deadline.bounding():
            answer = permit.call(call.send)
        sent.usage = answer.usage
        return answer

    try:
        return ledger.ask(call.record, send, call.cost, wait=call.deadline.left)
    except HOPELESS as error:
        link.account_health.give_up(error, call.record, ledger)
        raise


@contextmanager
def _share(call: Call) -> Iterator[_Sent]:
    """Holds the limiter's permit; what is yielded tells in the end how much of it the call took."""
    sent = _Sent()
    if call.limiter is None:
        yield sent
        return
    try:
        call.limiter.acquire(call.tokens, None if math.isinf(call.deadline.at) else call.deadline.at)
    except RateLimited as error:  # waited for already: the next provider, at once
        raise RateLimited(error.message, hint=error.hint, retry_after=math.inf) from None
    try:
        yield sent
    except RateLimited as error:  # the account is used elsewhere too: nobody here goes on asking
        if error.retry_after and math.isfinite(error.retry_after):
            call.limiter.pause(error.retry_after)
        raise
    finally:
        call.limiter.settle(call.tokens, sent.took(call))
