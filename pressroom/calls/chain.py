"""A chain: providers in order. One that fails for a passing reason is tried again, then the next takes over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from pressroom.calls import vendors as providers
from pressroom.calls.asking import Asking, Errand, L, Received
from pressroom.calls.deadline import Deadline
from pressroom.calls.declare import Account, Budget, Limiter, TextProvider
from pressroom.calls.health import Health
from pressroom.calls.ledger import Ledger
from pressroom.calls.links import Link
from pressroom.calls.reading import read
from pressroom.calls.retry_policy import RetryPolicy
from pressroom.calls.single_flight import alone
from pressroom.calls.texts import TextErrand
from pressroom.model import TextRequest

__all__ = ["AccountChain", "Completion", "Health", "Link", "RetryPolicy", "TextChain", "chain_of", "read"]

T = TypeVar("T")

Completion = Received[BaseModel]
"""The text a chain answered, as a value of the request's schema."""


@dataclass(frozen=True)
class AccountChain(Generic[L]):
    """Accounts in order, whatever they are asked for. Safe to share between threads."""

    links: tuple[L, ...]
    policy: RetryPolicy = field(default_factory=RetryPolicy)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(link.account.name for link in self.links)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the accounts, addresses and models, never with a key: part of cache keys."""
        accounts = [link.account.model_dump(mode="json", exclude={"api_key", "timeout"}) for link in self.links]
        return hashlib.sha256(json.dumps(accounts, sort_keys=True).encode()).hexdigest()[:16]

    def deadline(self) -> float:
        """When a task that begins now must be over, in seconds of `time.monotonic`."""
        return self.policy.clock() + self.policy.deadline

    def run(
        self,
        errand: Errand[L, T],
        ledger: Ledger,
        *,
        task: str = "",
        budget: Budget | None = None,
        deadline: float | None = None,
    ) -> Received[T]:
        """What the first link gives that can give it; every call is in the ledger.

        Threads that come with the same errand go one after the other: the ledger keeps two from making the same call,
        yet while one goes on to the next link, another would ask the first again, and both answers would be paid for.

        budget: asked before every paid call. deadline: when the task must be over, in seconds of `time.monotonic`;
            by default `policy.deadline` seconds from now. An answer that is in the ledger is never too late.

        Raises:
            ChainExhausted: no link gave one; names what each said, attempt by attempt.
        """
        ends = Deadline(self.deadline() if deadline is None else deadline, self.policy.clock)

        def asking() -> Asking[L, T]:
            return Asking(self.policy, errand, ledger, task, budget, ends)

        with alone(self._known_by(errand, ledger, task), ends.left):
            return asking().received(self.links) or asking().complete(self.links)

    def _known_by(self, errand: Errand[L, T], ledger: Ledger, task: str) -> tuple[str, ...]:
        """What is equal for the same errand, however far each thread has got with it."""
        return (ledger.workspace_id, *(errand.record(link, (), task).hash for link in self.links[:1]))


class TextChain(AccountChain[Link]):
    """Accounts that are asked for texts."""

    def complete(
        self,
        request: TextRequest,
        ledger: Ledger,
        *,
        task: str = "",
        budget: Budget | None = None,
        deadline: float | None = None,
    ) -> Completion:
        """The first usable answer of the chain. See `run`."""
        return self.run(TextErrand(request), ledger, task=task, budget=budget, deadline=deadline)


def chain_of(
    accounts: Sequence[Account],
    policy: RetryPolicy,
    *,
    limiters: Mapping[str, Limiter] | None = None,
    health: Health | None = None,
) -> TextChain:
    """The chain over `accounts`, in their order; each one's plug-in is loaded when it is first asked.

    limiters: by account name. health: how the accounts do, to be shared by the chains of a process.
    """
    return TextChain(links_of(Link, accounts, _client, limiters, health or Health(policy)), policy)


def links_of(
    kind: type[L],
    accounts: Sequence[Account],
    build: Callable[[Account], Any],
    limiters: Mapping[str, Limiter] | None,
    health: Health,
) -> tuple[L, ...]:
    """A link of that kind to each account. build: makes the client that speaks for one."""
    return tuple(kind(account, build, (limiters or {}).get(account.name), health) for account in accounts)


def _client(account: Account) -> TextProvider:
    return providers.get(account.provider).text(account)
