"""What the tests of search ask, and of whom: who to tag in a post about a space telescope."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr
from sqlmodel import col, select

from pressroom.calls.chain import Chain, RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account
from pressroom.store.tables import ProviderCall
from sandbox import ProviderServer

SEARCHING = ("gemini", "openai", "anthropic")

SUBJECT = "The mirror of a space telescope, folded, in a clean room."

ANSWER = """instagram | nasa | The agency that built it. [NASA (@nasa) on Instagram](https://www.instagram.com/nasa/)
instagram | @NASAWebb | The telescope's own page. [nasawebb](https://www.instagram.com/nasawebb/)
x | ESA | The European partner – «ESA». [ESA (@esa) / X](https://x.com/esa)
"""


def account(name: str, server: ProviderServer, **changes: Any) -> Account:
    address = {"anthropic": server.anthropic_url, "gemini": server.gemini_url}.get(name, server.openai_url)
    known = {"api_key": SecretStr("k"), "base_url": address, "model": f"{name}-model", "timeout": 20.0}
    return Account(name=name, provider=name, **{**known, **changes})


def chain(server: ProviderServer, *names: str, **changes: Any) -> Chain:
    policy = RetryPolicy(**{"sleep": lambda seconds: None, "backoff": 0.0, **changes})
    return chain_of([account(name, server) for name in names], policy, kind="search")


def rows(ledger: Ledger) -> list[ProviderCall]:
    with ledger.database.read() as session:
        return list(session.exec(select(ProviderCall).order_by(col(ProviderCall.created_at))).all())
