"""How a vendor is declared: an account at it, the kinds of request it answers, and how each is sent.

A vendor is a folder below `pressroom/providers`, found by its name; what needs its SDK is imported when it is first
used. An outside package enters by the entry-point group `pressroom.providers`, under the same contract.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pkgutil import resolve_name
from typing import Any

from pydantic import Field, SecretStr

from pressroom import redaction
from pressroom.errors import CannotCompose
from pressroom.model import Frozen, Usage
from pressroom.registry import Registry
from pressroom.settings import VendorSettings

KINDS = ("text", "vision", "moderation", "search", "image", "edit", "speech", "film")
"""The kinds of request: `edit` is a picture made out of another one."""


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


TokenCount = Callable[[Usage, int], int]
"""Of a call's usage and the most output tokens it asked for: what it takes of its account's tokens a minute."""


def as_asked(usage: Usage, most_output: int) -> int:
    """The output asked for counts, however little came.

    To give back what did not come would be refused by OpenAI: https://platform.openai.com/docs/guides/rate-limits.
    """
    return usage.input_tokens + most_output


def as_written(usage: Usage, _most_output: int) -> int:
    """Output counts as it is written: https://platform.claude.com/docs/en/api/rate-limits."""
    return usage.input_tokens + usage.output_tokens


def as_read(usage: Usage, _most_output: int) -> int:
    """Input alone counts: https://ai.google.dev/gemini-api/docs/rate-limits."""
    return usage.input_tokens


@dataclass(frozen=True)
class Order:
    """How a vendor understands a request for a picture or speech: it decides the answer and the price.

    identity: everything that is sent, as JSON values: the same identity is the same answer to the ledger.
    width, height: pixels that come back, of a picture. priced_as: its name in the price list, where that is not the
    account's model.
    """

    identity: Mapping[str, Any]
    width: int = 0
    height: int = 0
    quality: str = ""
    priced_as: str = ""


def _anything(_account: Account, _request: Any) -> None:
    """Takes every request."""


@dataclass(frozen=True)
class Kind:
    """How a vendor answers requests of one kind.

    client: builds the client of an account, whose `send(request)` asks once and returns all that came back and is paid
    for, broken or refused answers included; it raises a `Passing` or `Lasting` error when no answer came. It may import
    an SDK, but connects to nothing yet, and is safe to use from many threads.
    order: how it understands a request for a picture or speech, found without connecting, importing much or decoding a
    picture.
    check: raises the `Lasting` that says why it can't do a request, before anything is sent.
    probe: asks for nothing that costs, and raises what a real call would: wrong key, unknown model, no connection.
    """

    client: Callable[[Account], Any]
    order: Callable[[Account, Any], Order] | None = None
    check: Callable[[Account, Any], None] = _anything
    probe: Callable[[Account], None] | None = None


@dataclass(frozen=True)
class Provider:
    """A vendor.

    package: the folder it lies in (`__name__` of its package), with its prices in `prices.toml`.
    kinds: by kind of request its `Kind`, or where that is: `text:TEXT` is TEXT in `text.py`, imported when first asked
    for.
    paid: calls cost money. rank: its place, by kind, in a chain that is not set, lowest first; it is in none without.
    counted: what a call takes of the account's tokens a minute. models: the account's model by kind, where no setting
    says it. settings: what may be set of its account; None: it needs none, or an endpoint's.
    """

    name: str
    package: str
    kinds: Mapping[str, str | Kind]
    paid: bool = True
    rank: Mapping[str, int] = field(default_factory=dict)
    counted: TokenCount = as_asked
    models: Mapping[str, str] = field(default_factory=dict)
    settings: type[VendorSettings] | None = None

    def offers(self, kind: str) -> bool:
        return kind in self.kinds

    def kind(self, name: str) -> Kind:
        """Raises `CannotCompose` when the vendor does not answer such requests."""
        if name not in self.kinds:
            raise CannotCompose(
                f"{self.name} answers no request of the kind {name}.", hint="Put a provider that does into the chain."
            )
        declared = self.kinds[name]
        return declared if isinstance(declared, Kind) else _kind(f"{self.package}.{declared}")


@lru_cache(maxsize=256)
def _kind(place: str) -> Kind:
    found = resolve_name(place)
    if not isinstance(found, Kind):
        raise TypeError(f"{place} is a {type(found).__name__}, not a Kind")
    return found


REGISTRY: Registry[Provider] = Registry("pressroom.providers", "PROVIDER", Provider)

get = REGISTRY.get


def ranked(kind: str) -> tuple[Provider, ...]:
    """The vendors in a chain of `kind` that is not set, in their order."""
    there = [one for one in REGISTRY if kind in one.rank]
    return tuple(sorted(there, key=lambda one: (one.rank[kind], one.name)))
