"""Tickets: a call that takes minutes is handed in once, and asked about until its answer is there.

The provider's id of the job is in the ledger before the first question about it, so that a task that runs out of time,
a crash or another process asks for the result of the same job, and the job is paid for once. Where the provider's
answer to the handing in was lost, the same key goes along again, by which a provider knows the job that it has.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any, Protocol, runtime_checkable

from pressroom.calls import deadline
from pressroom.calls.clients import late
from pressroom.calls.ledger import CallRecord, Ledger
from pressroom.calls.providers import Account
from pressroom.errors import ConnectionBroken, JobLost, ProviderBusy, ProviderTimeout, RateLimited

_WILL_PASS = (ConnectionBroken, ProviderBusy, ProviderTimeout, RateLimited)
"""Failures of one question that say nothing of the job."""


@runtime_checkable
class Jobs(Protocol):
    """A client whose vendor takes a job now and has its answer later. pause: seconds between two questions."""

    account: Account
    pause: float

    def submit(self, request: Any, key: str, /) -> str:
        """Hand the job in, which is when it is paid for; its id at the provider.

        key: equal for the same job, to be sent as `Idempotency-Key` where the vendor takes one: 32 hexadecimal digits.

        Raises:
            Passing, Lasting: it was not taken.
        """
        ...

    def poll(self, job: str, /) -> Any | None:
        """All that came back of the job; None while it is under way.

        Raises:
            JobLost: the provider does not know it any more. Passing: ask again. Lasting: it failed for good.
        """
        ...


def redeemed(ledger: Ledger, record: CallRecord, client: Jobs, request: Any) -> Any:
    """The job's answer, at the latest after the account's time-out or at the task's deadline.

    Raises:
        ProviderTimeout: it is not done yet; the next call of this request asks for the same job. JobLost: see `poll`.
    """
    until = min(time.monotonic() + client.account.timeout, deadline.ends())
    over = ledger.jobs_over(record)
    job = ledger.job(record)
    if job is not None:
        try:
            return _awaited(ledger, record, client, job, until)
        except JobLost:  # handed in so long ago that the provider has forgotten it
            ledger.submitted(record, None)
            over = (*over, job)
    job = client.submit(request, _key(ledger, record, over))
    ledger.submitted(record, job)
    return _awaited(ledger, record, client, job, until)


def _key(ledger: Ledger, record: CallRecord, over: tuple[str, ...]) -> str:
    """Another one after each job that is `over`: by the old key, a provider would give that job's failure again."""
    return hashlib.sha256("/".join((ledger.workspace_id, record.hash, *over)).encode()).hexdigest()[:32]


def _awaited(ledger: Ledger, record: CallRecord, client: Jobs, job: str, until: float) -> Any:
    """A connection that breaks meanwhile is no reason to pay again; our claim lasts as long as we ask."""
    while True:
        wait = client.pause
        ledger.hold(record)
        try:
            if (answer := client.poll(job)) is not None:
                return answer
        except _WILL_PASS as error:
            wait = max(wait, error.retry_after or 0)
        left = until - time.monotonic()
        if left <= 0:
            raise late(client.account)
        time.sleep(min(wait, left))
