"""Estimates the cost of pictures before they are made."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import Field

from pressroom.calls import providers
from pressroom.calls.prices import price_of
from pressroom.calls.providers import Account, Order
from pressroom.model import Frozen, ImageRequest


class Estimate(Frozen):
    """The likely cost of pictures at the first paid account of the chain, each made once."""

    provider: str
    model: str
    pictures: int
    usd: float
    price_known: bool = Field(description="False: the model has no price, and the amount means nothing.")


def estimate(accounts: Sequence[Account], requests: Sequence[ImageRequest]) -> Estimate:
    """The cost of `requests`; requests that are one order to the provider are paid for once."""
    account = next((one for one in accounts if providers.get(one.provider).paid), accounts[0])
    order = providers.get(account.provider).kind("image").order
    assert order is not None
    return _estimate(account, [order(account, request) for request in requests])


def _estimate(account: Account, orders: Sequence[Order]) -> Estimate:
    several = {json.dumps(order.identity, sort_keys=True): order for order in orders}
    each = [
        price.of(order) if (price := price_of(order.priced_as or account.model)) else None for order in several.values()
    ]
    return Estimate(
        provider=account.name,
        model=account.model,
        pictures=len(several),
        usd=sum(amount or 0 for amount in each),
        price_known=not providers.get(account.provider).paid or None not in each,
    )
