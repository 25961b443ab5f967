"""One account of a chain, and how its requests are known to the ledger."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from pydantic import BaseModel

from pressroom.calls import vendors as providers
from pressroom.calls.declare import Account, Limiter, Moderator, TextProvider
from pressroom.calls.health import AccountHealth, Health
from pressroom.calls.ledger import CallRecord
from pressroom.calls.reading import after
from pressroom.model import Finish, TextRequest, Usage

C = TypeVar("C")


@dataclass(frozen=True)
class AccountLink(ABC, Generic[C]):
    """One account of a chain and the client that speaks for it, built when it is first asked.

    limiter: shares out what the account may use a minute. health: how the process's accounts do.
    """

    account: Account
    build: Callable[[Account], C]
    limiter: Limiter | None = None
    health: Health = field(default_factory=Health, repr=False)

    @property
    @abstractmethod
    def paid(self) -> bool:
        """Whether its calls cost money."""

    def counted(self, usage: Usage, most_output: int) -> int:
        """What a call took of the account's tokens a minute; most_output: the output tokens it asked for."""
        return providers.get(self.account.provider).counted(usage, most_output)

    @cached_property
    def client(self) -> C:
        return self.build(self.account)

    @cached_property
    def account_health(self) -> AccountHealth:
        return self.health.of(self.account.name)


class Link(AccountLink[TextProvider]):
    """An account that is asked for texts."""

    @cached_property
    def moderator(self) -> Moderator | None:
        """What judges texts at this account's provider, where it has such an endpoint."""
        build = providers.get(self.account.provider).moderation
        return build(self.account) if build else None

    @cached_property
    def paid(self) -> bool:
        return providers.get(self.account.provider).paid

    def model(self, request: TextRequest) -> str:
        return self.account.model_for(request.purpose)

    def record(self, request: TextRequest, broken: Sequence[Finish], task: str) -> CallRecord:
        """What the ledger knows `request` by at this link, when that many answers to it were `broken`."""
        asked = after(broken, request)
        return CallRecord(
            kind="text",
            purpose=request.purpose,
            provider=self.account.name,
            model=self.model(request),
            identity={
                "system": asked.system,
                "prompt": asked.prompt,
                "schema": _schema(asked.schema),
                "temperature": asked.temperature,
                "max_output_tokens": asked.max_output_tokens,
                "variant": asked.variant,
                "round": asked.round,
                "again": len(broken),
                "base_url": self.account.base_url,
            },
            prompt_hash=request.prompt_hash,
            task=task,
            timeout=self.account.timeout,
        )


@lru_cache(maxsize=256)
def _schema(schema: type[BaseModel]) -> str:
    return json.dumps(schema.model_json_schema(), sort_keys=True)
