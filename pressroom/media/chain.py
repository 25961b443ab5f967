"""A chain of makers of pictures: the same policy, ledger, limits and budget as for texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pressroom.calls.calling import Call
from pressroom.calls.chain import AccountChain, links_of
from pressroom.calls.declare import Limiter
from pressroom.calls.health import Health
from pressroom.calls.ledger import CallRecord
from pressroom.calls.links import AccountLink
from pressroom.calls.retry_policy import RetryPolicy
from pressroom.calls.vendors import Account
from pressroom.media import makers
from pressroom.media.keeping import Found, Keeper
from pressroom.media.makers import ImageEditor, ImageMaker, Maker, Order
from pressroom.media.prices import cost_microusd, price_of
from pressroom.model import Answer, Finish, ImageRequest


class ImageLink(AccountLink[ImageMaker]):
    """An account that is asked for pictures."""

    @cached_property
    def maker(self) -> Maker:
        return makers.get(self.account.provider)

    @cached_property
    def paid(self) -> bool:
        return self.maker.paid

    @cached_property
    def editor(self) -> ImageEditor | None:
        """What makes pictures out of others at this account, where its maker does."""
        return self.maker.editor.build(self.account) if self.maker.editor else None


class ImageChain(AccountChain[ImageLink]):
    """Accounts that are asked for pictures."""


@dataclass(frozen=True)
class ImageErrand:
    """The `Errand` of one request for a picture."""

    request: ImageRequest
    keeper: Keeper

    def record(self, link: ImageLink, broken: Sequence[Finish], task: str) -> CallRecord:
        order = link.maker.order(link.account, self.request)
        return CallRecord(
            kind="image",
            purpose=self.request.purpose,
            provider=link.account.name,
            model=link.account.model,
            identity={
                **order.identity,
                "variant": self.request.variant,
                "again": len(broken),
                "base_url": link.account.base_url,
            },
            prompt_hash=self.request.prompt_hash,
            task=task,
            timeout=link.account.timeout,
        )

    def call(self, link: ImageLink, broken: Sequence[Finish], task: str) -> Call:
        model, order = link.account.model, link.maker.order(link.account, self.request)
        price_of(model)  # a price file that can't be used is reported before money is spent
        return Call(
            record=self.record(link, broken, task),
            send=lambda: self._made(link, order),
            cost=lambda answer: cost_microusd(model, order, answer.usage),
        )

    def read(self, answer: Answer) -> Found:
        return self.keeper.find(answer)

    def _made(self, link: ImageLink, order: Order) -> Answer:
        return self.keeper.keep(link.client.make(self.request), order.width, order.height)


def image_chain_of(
    accounts: Sequence[Account],
    policy: RetryPolicy,
    *,
    limiters: Mapping[str, Limiter] | None = None,
    health: Health | None = None,
) -> ImageChain:
    """The chain over `accounts`, in their order; each one's plug-in is loaded when it is first asked.

    limiters: by account name. health: how the accounts do, to be shared by the chains of a process.
    """
    links = links_of(ImageLink, accounts, _client, limiters, health or Health(policy))
    return ImageChain(links, policy)


def _client(account: Account) -> ImageMaker:
    return makers.get(account.provider).build(account)
