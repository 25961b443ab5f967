"""How the accounts do in this process: which endpoints keep failing, and what is hopeless for the rest of a run."""

from __future__ import annotations

import logging
from threading import Lock

from pressroom.calls.circuit import Circuit
from pressroom.calls.ledger import CallRecord, Ledger
from pressroom.calls.retry_policy import RetryPolicy
from pressroom.errors import CreditsExhausted, KeyRefused, Lasting, RegionRefused, UnknownModel, WrongAddress

HOPELESS = (KeyRefused, CreditsExhausted, UnknownModel, RegionRefused, WrongAddress)
"""No other request of the run would escape these errors; see docs/decisions/0006."""

REMEMBERED = 1000
"""Most entries kept of what is hopeless; the oldest runs are long over by then."""

LOGGER = logging.getLogger("pressroom.chain")


class AccountHealth:
    """One account, for all threads of the process: a circuit for each kind of call, and what each run gave up."""

    def __init__(self, name: str, policy: RetryPolicy) -> None:
        self._name, self._policy = name, policy
        self._lock = Lock()
        self._circuits: dict[str, Circuit] = {}
        self._hopeless: dict[tuple[str, ...], Lasting] = {}

    def circuit(self, kind: str) -> Circuit:
        """That of calls of `kind`: a moderation endpoint that fails says nothing of texts."""
        with self._lock:
            if kind not in self._circuits:
                self._circuits[kind] = self._policy.circuit(self._name if kind == "text" else f"{self._name} ({kind})")
            return self._circuits[kind]

    def check(self, record: CallRecord, ledger: Ledger) -> None:
        """Checks that a call may go.

        Raises:
            Lasting: an earlier call of the run failed for good. LeftAlone: it keeps failing.
        """
        with self._lock:
            error = self._hopeless.get(_key(record, ledger))
        if error is not None:
            raise type(error)(f"Skipped for the rest of this run: {error.message}", hint=error.hint)
        self.circuit(record.kind).check()

    def give_up(self, error: Lasting, record: CallRecord, ledger: Ledger) -> None:
        """Make no more calls like this in the run of `ledger`, and report why, once."""
        with self._lock:
            run = _run(ledger)
            told = any(key[:2] == run and str(known) == str(error) for key, known in self._hopeless.items())
            if any(run):
                self._hopeless[_key(record, ledger)] = error
            while len(self._hopeless) > REMEMBERED:
                del self._hopeless[next(iter(self._hopeless))]
        if not told:
            LOGGER.warning("%s is skipped for the rest of the run: %s", self._name, error)


class Health:
    """One `AccountHealth` an account name; share it between the chains of a process."""

    def __init__(self, policy: RetryPolicy | None = None) -> None:
        self._policy = policy or RetryPolicy()
        self._lock = Lock()
        self._accounts: dict[str, AccountHealth] = {}

    def of(self, name: str) -> AccountHealth:
        with self._lock:
            return self._accounts.setdefault(name, AccountHealth(name, self._policy))


def _run(ledger: Ledger) -> tuple[str, str]:
    """Which start of which run; empty for calls outside of any, for which nothing is remembered."""
    return (ledger.run_id or "", ledger.execution)


def _key(record: CallRecord, ledger: Ledger) -> tuple[str, ...]:
    """With the model, since a key may be good for one and not for another."""
    return (*_run(ledger), record.kind, record.model)
