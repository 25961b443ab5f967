"""What pictures cost: `prices.json`, dated, with the `images` of the user's own price file laid over it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from pressroom.calls.vendors import Account
from pressroom.errors import Misconfigured
from pressroom.media import makers
from pressroom.media.makers import EditRequest, Order
from pressroom.media.makers.shared.sizes import family
from pressroom.model import Frozen, ImageRequest, Usage
from pressroom.model.calls import MICRO
from pressroom.settings import settings
from pressroom.userfiles import text_of

Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]

STANDARD = "1024x1024"
"""The size others are reckoned from, by their area, where they have no price of their own."""
STANDARD_AREA = 1024 * 1024


class Price(Frozen):
    """tokens: US dollars a million, input and output. pictures: US dollars each, by quality and `WIDTHxHEIGHT`.
    sent_picture_tokens: US dollars a million, input, where a picture is sent along; None: as of words.

    An empty quality or size stands for all of them.
    """

    tokens: tuple[Dollars, Dollars] | None = None
    pictures: dict[str, dict[str, Dollars]]
    sent_picture_tokens: Dollars | None = None

    def of(self, order: Order) -> float | None:
        """US dollars for one picture, as the provider lists it; None when it doesn't."""
        by_size = self.pictures.get(order.quality, self.pictures.get("", {}))
        listed = by_size.get(f"{order.width}x{order.height}", by_size.get(""))
        if listed is None and STANDARD in by_size:
            return by_size[STANDARD] * order.width * order.height / STANDARD_AREA
        return listed


class Estimate(Frozen):
    """What pictures are likely to cost at the first paid account of the chain, each made once."""

    provider: str
    model: str
    pictures: int
    usd: float
    price_known: bool = Field(description="False: the model has no price, and the amount means nothing.")


def cost_microusd(model: str, order: Order, usage: Usage, *, edit: bool = False) -> int:
    """Cost of one picture in millionths of a dollar, by its tokens where they were counted; 0 without a price.

    edit: a picture was sent along; nearly all of its input is that, hence all of it is reckoned as such.
    """
    price = price_of(order.priced_as or model)
    if price is None:
        return 0
    if price.tokens and usage.output_tokens:
        words, made = price.tokens
        sent = words if price.sent_picture_tokens is None or not edit else price.sent_picture_tokens
        return round(usage.input_tokens * sent + usage.output_tokens * made)
    return round((price.of(order) or 0) * MICRO)


def estimate(accounts: Sequence[Account], requests: Sequence[ImageRequest]) -> Estimate:
    """What `requests` cost; those that are one order to the provider are paid for once."""
    account = next((one for one in accounts if makers.get(one.provider).paid), accounts[0])
    maker = makers.get(account.provider)
    return _estimate(account, [maker.order(account, request) for request in requests])


def estimate_edits(accounts: Sequence[Account], requests: Sequence[EditRequest]) -> Estimate:
    """What `requests` cost at the first paid account that makes pictures out of others; free when there is none.

    What the pictures that are sent cost on top, where the provider counts in tokens, isn't in it: some cents each.
    """
    for account in accounts:
        maker = makers.get(account.provider)
        if maker.paid and maker.editor:
            return _estimate(account, [maker.editor.order(account, request) for request in requests])
    return Estimate(provider=accounts[0].name, model=accounts[0].model, pictures=len(requests), usd=0, price_known=True)


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
        price_known=not makers.get(account.provider).paid or None not in each,
    )


def price_of(model: str) -> Price | None:
    """Price of `model`, of which a dated snapshot costs what the model costs; None when it isn't listed."""
    table = _table(settings().price_file)
    return table.get(model) or table.get(family(model))


@lru_cache(maxsize=4)
def _table(own: Path | None) -> dict[str, Price]:
    shipped = files("pressroom.media").joinpath("prices.json").read_text("utf-8")
    table = _prices(json.loads(shipped)["models"])
    if own is not None:
        try:
            table |= _prices(json.loads(text_of(own)).get("images", {}))
        except (OSError, ValueError, TypeError, AttributeError) as error:
            said = f"{error.error_count()} prices are none" if isinstance(error, ValidationError) else error
            raise Misconfigured(
                f"The price file {own} can't be used: {said}.",
                hint='Its images look like {"images": {"name": {"pictures": {"": {"": 0.03}}}}}.',
            ) from None
    return table


def _prices(source: dict[str, object]) -> dict[str, Price]:
    return {name: Price.model_validate(price) for name, price in source.items()}
