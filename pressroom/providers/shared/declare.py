"""How a provider is declared, and what every provider of text can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

from pressroom.model import Answer, Frozen, TextRequest


class Account(Frozen):
    """One account at a provider, ready to be used: what a block or the environment configures.

    provider: name of the plug-in; name: name in the chain (the same, but for compatible endpoints).
    """

    name: str
    provider: str
    api_key: SecretStr = SecretStr("")
    base_url: str | None = None
    model: str = ""
    ideas_model: str = ""
    timeout: float = 30.0

    def model_for(self, purpose: str) -> str:
        return (self.ideas_model if purpose == "ideas" else "") or self.model


class TextProvider(Protocol):
    """Answers text requests. Safe to call from many threads at once."""

    account: Account

    def complete(self, request: TextRequest) -> Answer:
        """Ask once, without retrying.

        Returns whatever came back and is paid for, broken or refused answers included.

        Raises:
            Passing, Lasting: nothing came back; see `pressroom.errors` for which is which.
        """
        ...


@dataclass(frozen=True)
class Provider:
    """A provider plug-in. `paid`: calls cost money, so `usage` must be priced. `text`: builds the client."""

    name: str
    paid: bool
    text: Callable[[Account], TextProvider]
