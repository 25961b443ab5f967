"""A chain: accounts in order. One that fails for a passing reason is tried again, then the next takes over."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel

from pressroom.calls.accounts import able_to, fingerprint_of
from pressroom.calls.asking import Asking, Received
from pressroom.calls.books import Books
from pressroom.calls.deadline import Deadline
from pressroom.calls.health import Health
from pressroom.calls.limiter import Limiter
from pressroom.calls.links import Link
from pressroom.calls.providers import Account
from pressroom.calls.requests import Request
from pressroom.calls.retry_policy import RetryPolicy
from pressroom.calls.single_flight import alone

__all__ = ["Books", "Chain", "Completion", "Health", "Link", "RetryPolicy", "chain_of"]

T = TypeVar("T")

Completion = Received[BaseModel]
"""The text a chain answered, as a value of the request's schema."""


@dataclass(frozen=True)
class Chain:
    """Accounts in order, for any kind of request. Safe to share between threads."""

    links: tuple[Link, ...]
    policy: RetryPolicy = field(default_factory=RetryPolicy)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(link.account.name for link in self.links)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the accounts, addresses and models, never with a key: part of cache keys."""
        return fingerprint_of(link.account for link in self.links)

    def deadline(self, at: float = math.inf) -> Deadline:
        """Returns a new task's deadline; at: when the task ends in any case, in seconds of the policy's clock."""
        return Deadline(self.policy.deadline, at, self.policy.clock)

    def offering(self, kind: str) -> tuple[Link, ...]:
        """The links whose vendor answers requests of `kind`."""
        return tuple(link for link in self.links if link.provider.offers(kind))

    def ask(self, request: Request[T], books: Books) -> Received[T]:
        """The answer of the first link that can give it; every call is in the ledger.

        Threads that come with the same request go one after the other: the ledger keeps two from making the same call,
        yet while one goes on to the next link, another would ask the first again, and both answers would be paid for.
        An answer that is in the ledger is never too late.

        Raises:
            ChainExhausted: no link gave one; names what each said, attempt by attempt.
        """
        ends = books.deadline or self.deadline()

        def asking() -> Asking[T]:
            return Asking(self.policy, request, books, ends)

        began = ends.clock()
        with alone(self._known_by(request, books), ends.left):
            ends.used += ends.clock() - began  # another thread's call of the same provider
            return asking().received(self.links) or asking().complete(self.links)

    def _known_by(self, request: Request[Any], books: Books) -> tuple[str, ...]:
        """A key that is equal for the same request, however far each thread has got with it."""
        hashes = (request.record(link, (), books.task).hash for link in self.links[:1])
        return (books.ledger.workspace_id, *hashes)


def chain_of(
    accounts: Sequence[Account],
    policy: RetryPolicy,
    *,
    kind: str = "text",
    limiters: Mapping[str, Limiter] | None = None,
    health: Health | None = None,
) -> Chain:
    """The chain over those of `accounts` whose vendor answers requests of `kind`, in their order; it may be empty.

    limiters: by account name. health: how the accounts do, to be shared by the chains of a process.
    """
    shared = health or Health(policy)
    able = able_to(kind, accounts)
    return Chain(tuple(Link(one, (limiters or {}).get(one.name), shared.of(one.name)) for one in able), policy)
