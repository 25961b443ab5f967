"""How a provider is declared, and what a provider of text and a moderator can do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import Field, SecretStr

from pressroom import redaction
from pressroom.calls.searching import Searcher
from pressroom.calls.token_counts import TokenCount, as_asked
from pressroom.model import Answer, Frozen, TextRequest


class Account(Frozen):
    """One account at a provider, ready to be used: what a block or the environment configures.

    name: its name in the chain and in the ledger; provider: name of the plug-in that speaks to it.
    requests_a_minute, tokens_a_minute: what it may use, 0 for no limit; no part of cache keys, hence not dumped.
    """

    name: str
    provider: str
    api_key: SecretStr = SecretStr("")
    base_url: str | None = None
    model: str = ""
    ideas_model: str = ""
    timeout: float = 30.0
    requests_a_minute: int = Field(default=0, ge=0, exclude=True)
    tokens_a_minute: int = Field(default=0, ge=0, exclude=True)

    def model_post_init(self, _context: Any, /) -> None:
        redaction.register_fields(self)  # whoever made it: its key is shown nowhere

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


class Budget(Protocol):
    """Knows whether another paid call is allowed. Safe to ask from many threads at once."""

    def check(self) -> None:
        """Called before every paid call that the ledger has no answer to.

        Raises:
            BudgetReached: nothing paid may be called any more.
        """
        ...


class Limiter(Protocol):
    """Shares out the requests and tokens an account may use a minute. Safe to use from many threads at once."""

    def acquire(self, tokens: int, deadline: float | None) -> None:
        """Wait for the permit for one request of about `tokens` tokens; `deadline`: seconds of `time.monotonic`.

        Raises:
            RateLimited: there is none before the deadline; nothing was taken.
        """
        ...

    def pause(self, seconds: float) -> None:
        """Let nobody go for so long: the provider has said so."""
        ...

    def settle(self, estimated: int, used: int) -> None:
        """After each `acquire`, once: the call took `used` tokens of the limit where `estimated` had been taken."""
        ...


@dataclass(frozen=True)
class Provider:
    """A provider plug-in.

    text: builds the client for an account; it may import the SDK, but connects to nothing yet.
    paid: calls cost money. moderation: builds a moderator, where the provider has such an endpoint.
    probe: asks for nothing that costs, and raises what a real call would: wrong key, unknown model, no line.
    sees: its text client takes a `VisionRequest` and sends the pictures along. search: builds what searches the web.
    counted: what a call took of the account's tokens a minute.
    """

    name: str
    paid: bool
    text: Callable[[Account], TextProvider]
    moderation: Callable[[Account], Moderator] | None = None
    probe: Callable[[Account], None] | None = None
    sees: bool = False
    search: Callable[[Account], Searcher] | None = None
    counted: TokenCount = as_asked
