"""What the tests of the chain ask, and of whom: a note, of accounts at the provider server, by a clock in the hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from pydantic import SecretStr
from sqlmodel import col, select

from pressroom.calls.books import Books
from pressroom.calls.chain import Chain, Completion, RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account, Kind, Provider
from pressroom.calls.requests import Text
from pressroom.model import Answer, Frozen, TextRequest
from pressroom.store.tables import ProviderCall
from sandbox import ProviderServer


class Note(Frozen):
    title: str


NOTE = Note(title="Migrate by day")


def request(number: int = 0, **changes: Any) -> TextRequest:
    """A question of its own for each number."""
    return TextRequest(
        **{
            "purpose": "draft",
            "system": "You write notes.",
            "prompt": f"Number {number}, please.",
            "schema": Note,
            "temperature": 0.3,
            "max_output_tokens": 100,
            **changes,
        }
    )


def account(name: str, server: ProviderServer, **changes: Any) -> Account:
    url = server.anthropic_url if name == "anthropic" else server.openai_url
    known = {"provider": name, "api_key": SecretStr("k"), "base_url": url, "model": f"{name}-model", "timeout": 20.0}
    return Account(name=name, **{**known, **changes})


@dataclass
class Hand:
    """A clock that only sleeping moves, and what was slept."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def policy(self, **changes: Any) -> RetryPolicy:
        return RetryPolicy(**{"sleep": self.sleep, "clock": lambda: self.now, "attempts": 1, **changes})


def chain(server: ProviderServer, *names: str, policy: RetryPolicy, **options: Any) -> Chain:
    return chain_of([account(name, server) for name in names], policy, **options)


def complete(one: Chain, wanted: TextRequest, ledger: Ledger, **books: Any) -> Completion:
    """The text that `one` answers."""
    return one.ask(Text(wanted), Books(ledger, **books))


def vendor(name: str, send: Callable[[TextRequest], Answer], **changes: Any) -> Provider:
    """One made up for a test: every account has a client of its own that answers texts by `send`."""
    kind = Kind(client=lambda _: SimpleNamespace(send=send))
    return Provider(**{"name": name, "package": __name__, "kinds": {"text": kind}, "paid": False, **changes})


def asked(server: ProviderServer) -> list[str]:
    return [record.dialect.partition("_")[0] for record in server.history]


def rows(ledger: Ledger) -> list[ProviderCall]:
    with ledger.database.read() as session:
        return list(session.exec(select(ProviderCall).order_by(col(ProviderCall.created_at))).all())
