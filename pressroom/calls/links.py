"""One account of a chain, for every kind of request its vendor answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

from pressroom.calls import providers
from pressroom.calls.health import AccountHealth
from pressroom.calls.limiter import Limiter
from pressroom.calls.providers import Account, Kind, Order, Provider
from pressroom.calls.retry_policy import RetryPolicy


@dataclass(frozen=True)
class Link:
    """An account and what speaks for it. limiter: shares out its minute. health: how it does in this process."""

    account: Account
    limiter: Limiter | None = None
    health: AccountHealth = field(default_factory=lambda: AccountHealth("", RetryPolicy()), repr=False)
    _clients: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _building: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    @cached_property
    def provider(self) -> Provider:
        return providers.get(self.account.provider)

    @property
    def paid(self) -> bool:
        """Its calls cost money."""
        return self.provider.paid

    def kind(self, name: str) -> Kind:
        return self.provider.kind(name)

    def order(self, kind: str, request: Any) -> Order:
        """How the vendor understands a request for a picture or speech."""
        order = self.kind(kind).order
        assert order is not None, f"{self.provider.name} declares no order for {kind}"
        return order(self.account, request)

    def client(self, kind: str) -> Any:
        """The client for requests of `kind`, built when it is first asked for."""
        with self._building:
            if kind not in self._clients:
                self._clients[kind] = self.kind(kind).client(self.account)
            return self._clients[kind]
