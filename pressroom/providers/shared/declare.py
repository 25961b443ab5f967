"""How a provider is declared, and what a provider of text and a moderator can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

from pressroom.model import Answer, Frozen, TextRequest


class Account(Frozen):
    """One account at a provider, ready to be used: what a block or the environment configures.

    name: its name in the chain and in the ledger; provider: name of the plug-in that speaks to it.
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

    def complete(self, request: TextRequest) -> Answer:
        """Ask once, without retrying.

        Returns whatever came back and is paid for, broken or refused answers included.

        Raises:
            Passing, Lasting: nothing came back; see `pressroom.errors` for which is which.
        """
        ...


class Moderator(Protocol):
    """Judges texts by a provider's moderation endpoint. Safe to call from many threads at once."""

    model: str

    def moderate(self, texts: Sequence[str]) -> Answer:
        """Ask once. The answer's text is the JSON list of the endpoint's result objects, one a text.

        Raises:
            Passing, Lasting: as for texts.
        """
        ...


@dataclass(frozen=True)
class Provider:
    """A provider plug-in.

    text: builds the client for an account; it may import the SDK, but connects to nothing yet.
    paid: calls cost money. moderation: builds a moderator, where the provider has such an endpoint.
    probe: asks for nothing that costs, and raises what a real call would: wrong key, unknown model, no line.
    """

    name: str
    paid: bool
    text: Callable[[Account], TextProvider]
    moderation: Callable[[Account], Moderator] | None = None
    probe: Callable[[Account], None] | None = None
