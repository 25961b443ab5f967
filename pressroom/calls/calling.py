"""One call through the one door: whatever must be asked before money is spent is asked here, in this order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pressroom import tracing
from pressroom.calls.books import Books
from pressroom.calls.circuit import Permit
from pressroom.calls.deadline import Deadline
from pressroom.calls.health import HOPELESS
from pressroom.calls.ledger import CallRecord, Entry
from pressroom.calls.links import Link
from pressroom.calls.requests import Request
from pressroom.calls.tickets import Jobs, redeemed
from pressroom.errors import BudgetReached, RateLimited
from pressroom.model import Answer, Finish, Usage


@dataclass(frozen=True)
class Call:
    """A request about to be sent to a link, after its earlier answers there were `broken`."""

    link: Link
    request: Request[Any]
    books: Books
    broken: Sequence[Finish] = ()
    deadline: Deadline = field(default_factory=Deadline)

    @property
    def record(self) -> CallRecord:
        return self.request.record(self.link, self.broken, self.books.task)

    @property
    def tokens(self) -> int:
        """About what it will take of the account's tokens a minute."""
        return self.request.tokens(self.broken)

    def counted(self, usage: Usage) -> int:
        """The tokens it took."""
        return self.link.provider.counted(usage, self.request.most_output(self.broken))


def ask(call: Call) -> Entry:
    """The ledger's answer, or that of the call, made now if nothing speaks against it.

    Raises:
        Passing, Lasting: what the call raised, or what keeps it from being made (`LeftAlone`, `DeadlinePassed`,
            `BudgetReached`, a limiter's `RateLimited`).
    """
    link, ledger, record = call.link, call.books.ledger, call.record
    if (entry := ledger.find(record)) is not None:
        return entry
    call.deadline.check()
    call.request.check(link)
    link.health.check(record, ledger)
    if call.books.budget is not None and link.paid and not _is_handed_in(call, record):
        call.books.budget.check()
    with _share(call) as sent:  # before the claim is taken, which expires
        call.deadline.check()
        with link.health.circuit(record.kind).enter() as permit:
            return _ask(call, record, permit, sent)


def _is_handed_in(call: Call, record: CallRecord) -> bool:
    """True when the provider has the job: it is paid for, and money is no reason to leave its result there."""
    return isinstance(call.link.client(call.request.kind), Jobs) and call.books.ledger.job(record) is not None


@dataclass
class _Sent:
    """Records that the call was made, and its answer's usage if one came."""

    made: bool = False
    usage: Usage | None = None

    def took(self, call: Call) -> int:
        """Tokens of the limiter's; a call that failed took what was estimated: providers count it too."""
        if self.usage is None:
            return call.tokens if self.made else 0
        return call.counted(self.usage)


def _ask(call: Call, record: CallRecord, permit: Permit, sent: _Sent) -> Entry:
    link, ledger = call.link, call.books.ledger

    def send() -> Answer:
        sent.made = True
        with call.deadline.bounding():
            answer = permit.call(lambda: _answered(call, record))
        sent.usage = answer.usage
        return answer

    budget = call.books.budget if link.paid else None
    reserve = budget.reserve(call.request.most(link, call.broken)) if budget else None
    try:
        return ledger.ask(
            record, send, lambda answer: call.request.cost(link, answer), wait=call.deadline.left, reserve=reserve
        )
    except BudgetReached as error:
        if budget:
            budget.note(error)
        raise
    except HOPELESS as error:
        link.health.give_up(error, record, ledger)
        raise


def _answered(call: Call, record: CallRecord) -> Answer:
    client, content = call.link.client(call.request.kind), call.request.asked(call.broken)
    about = {"kind_of_call": record.kind, "model": record.model, "purpose": record.purpose}
    with tracing.span("call", record.provider, about, run=call.books.ledger.run_id or ""):
        if isinstance(client, Jobs):
            return call.request.answer(call.link, redeemed(call.books.ledger, record, client, content))
        return call.request.answer(call.link, client.send(content))


@contextmanager
def _share(call: Call) -> Iterator[_Sent]:
    """Holds the limiter's permit; what is yielded tells in the end how much of it the call took."""
    sent, limiter = _Sent(), call.link.limiter if call.request.limited else None
    if limiter is None:
        yield sent
        return
    try:
        limiter.acquire(call.tokens, call.deadline.latest)
    except RateLimited as error:  # waited for already: the next provider, at once
        raise RateLimited(error.message, hint=error.hint, retry_after=math.inf) from None
    try:
        yield sent
    except RateLimited as error:  # the account is used elsewhere too: no thread here goes on asking
        if error.retry_after and math.isfinite(error.retry_after):
            limiter.pause(error.retry_after)
        raise
    finally:
        limiter.settle(call.tokens, sent.took(call))
