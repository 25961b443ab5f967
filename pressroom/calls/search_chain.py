"""A chain of searchers: the same policy, ledger, limits and budget as for texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from pressroom.calls import vendors as providers
from pressroom.calls.accounts import account_from_settings
from pressroom.calls.calling import Call
from pressroom.calls.chain import AccountChain, links_of
from pressroom.calls.declare import Limiter
from pressroom.calls.health import Health
from pressroom.calls.ledger import CallRecord
from pressroom.calls.links import AccountLink
from pressroom.calls.prices import price_of
from pressroom.calls.retry_policy import RetryPolicy
from pressroom.calls.search_prices import cost_microusd
from pressroom.calls.searching import Searched, Searcher, SearchRequest
from pressroom.calls.texts import CHARACTERS_A_TOKEN
from pressroom.calls.vendors import Account
from pressroom.errors import BrokenAnswer, ContentRefused
from pressroom.model import Answer, Finish
from pressroom.settings import Settings

KNOWN = ("gemini", "openai", "anthropic")
"""Those that search, in the order they are asked: Gemini's searches say most exactly what they are for."""


class SearchLink(AccountLink[Searcher]):
    """An account that searches the web."""

    @cached_property
    def paid(self) -> bool:
        return providers.get(self.account.provider).paid


class SearchChain(AccountChain[SearchLink]):
    """Accounts that search the web."""


@dataclass(frozen=True)
class SearchErrand:
    """The `Errand` of one search. An answer that broke off is read as far as it goes: it isn't paid for twice."""

    request: SearchRequest

    def record(self, link: SearchLink, broken: Sequence[Finish], task: str) -> CallRecord:
        request = self.request
        return CallRecord(
            kind="search",
            purpose=request.purpose,
            provider=link.account.name,
            model=link.account.model_for(request.purpose),
            identity={
                "system": request.system,
                "prompt": request.prompt,
                "max_output_tokens": request.max_output_tokens,
                "variant": request.variant,
                "again": len(broken),
                "base_url": link.account.base_url,
            },
            prompt_hash=request.prompt_hash,
            task=task,
            timeout=link.account.timeout,
        )

    def call(self, link: SearchLink, broken: Sequence[Finish], task: str) -> Call:
        request, model = self.request, link.account.model_for(self.request.purpose)
        price_of(model)  # a price file that can't be used is reported before money is spent
        words = len(request.system) + len(request.prompt)
        return Call(
            record=self.record(link, broken, task),
            send=lambda: link.client.search(request),
            cost=lambda answer: cost_microusd(link.account.provider, model, answer),
            tokens=words // CHARACTERS_A_TOKEN + request.max_output_tokens,
            counted=lambda usage: link.counted(usage, request.max_output_tokens),
        )

    def read(self, answer: Answer) -> Searched:
        if answer.finish is Finish.REFUSAL:
            raise ContentRefused(f"The model declined: {answer.text[:200] or 'without a reason'}.")
        try:
            searched = Searched.model_validate_json(answer.text)
        except ValidationError:
            raise BrokenAnswer("The ledger's answer is no search's.", retry_after=0) from None
        if not searched.text.strip():
            raise BrokenAnswer("The search came to nothing, not even to words.", retry_after=0)
        return searched


def search_chain_of(
    accounts: Sequence[Account],
    policy: RetryPolicy,
    *,
    limiters: Mapping[str, Limiter] | None = None,
    health: Health | None = None,
) -> SearchChain:
    """The chain over those of `accounts` whose provider searches, in their order; it may be empty.

    limiters: by account name; share them with the text chain. health: how the accounts do, to be shared by the
    chains of a process.
    """
    searching = [one for one in accounts if providers.get(one.provider).search is not None]
    links = links_of(SearchLink, searching, _client, limiters, health or Health(policy))
    return SearchChain(links, policy)


def search_accounts(names: Sequence[str], source: Settings) -> tuple[Account, ...]:
    """The accounts called `names`; without any, those of `KNOWN` whose key is set, which may be none.

    Raises:
        Misconfigured: a name is unknown, or its key is not set.
    """
    keys = {"gemini": source.gemini_api_key, "openai": source.openai_api_key, "anthropic": source.anthropic_api_key}
    keyed = [name for name in KNOWN if (key := keys[name]) and key.get_secret_value()]
    return tuple(account_from_settings(name, source) for name in names or keyed)


def _client(account: Account) -> Searcher:
    search = providers.get(account.provider).search
    assert search is not None, "the chain leaves out who can't"
    return search(account)
