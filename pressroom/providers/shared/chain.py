"""A chain: providers in order. One that fails for a passing reason is tried again, then the next takes over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from pressroom import providers
from pressroom.errors import BrokenAnswer, ContentRefused
from pressroom.model import Finish, TextRequest
from pressroom.providers.shared.asking import Asking, Completion
from pressroom.providers.shared.deadline import Deadline
from pressroom.providers.shared.declare import Account, Limiter, Purse, TextProvider
from pressroom.providers.shared.links import Link
from pressroom.providers.shared.patience import Patience
from pressroom.providers.shared.reading import read
from pressroom.providers.shared.standing import Standings
from pressroom.store.ledger import Ledger

__all__ = ["Completion", "Link", "Patience", "Standings", "TextChain", "chain_of", "read"]


@dataclass(frozen=True)
class TextChain:
    """Safe to share between threads."""

    links: tuple[Link, ...]
    patience: Patience = field(default_factory=Patience)

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
        return self.patience.clock() + self.patience.deadline

    def complete(
        self,
        request: TextRequest,
        ledger: Ledger,
        *,
        task: str = "",
        purse: Purse | None = None,
        deadline: float | None = None,
    ) -> Completion:
        """The first usable answer of the chain; every call is in the ledger.

        purse: asked before every paid call. deadline: when the task must be over, in seconds of `time.monotonic`;
            by default `patience.deadline` seconds from now. An answer that is in the ledger is never too late.

        Raises:
            ChainExhausted: no link gave one; names what each said, attempt by attempt.
        """
        ends = Deadline(self.deadline() if deadline is None else deadline, self.patience.clock)

        def asking() -> Asking:
            return Asking(self.patience, request, ledger, task, purse, ends)

        return self._received(asking()) or asking().complete(self.links)

    def _received(self, asking: Asking) -> Completion | None:
        """The usable answer that an earlier try came to, whichever link gave it and however many failed before it."""
        for link in self.links:
            broken: list[Finish] = []
            with suppress(ContentRefused):
                while entry := asking.ledger.find(link.record(asking.request, broken, asking.task)):
                    asking.call_ids.append(entry.call_id)
                    try:
                        body = read(entry.answer, asking.request.schema)
                    except BrokenAnswer:
                        broken.append(entry.answer.finish)
                        continue
                    return asking.completion(link, entry, body)
        return None


def chain_of(
    accounts: Sequence[Account],
    patience: Patience,
    *,
    limiters: Mapping[str, Limiter] | None = None,
    standings: Standings | None = None,
) -> TextChain:
    """The chain over `accounts`, in their order; each one's plug-in is loaded when it is first asked.

    limiters: by account name. standings: how the accounts do, to be shared by the chains of a process.
    """
    shared = standings or Standings(patience)
    return TextChain(
        links=tuple(Link(account, _client, (limiters or {}).get(account.name), shared) for account in accounts),
        patience=patience,
    )


def _client(account: Account) -> TextProvider:
    return providers.get(account.provider).text(account)
