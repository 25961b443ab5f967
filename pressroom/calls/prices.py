"""What tokens cost: `prices.json`, dated, with a file of the user's own laid over it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from pressroom.errors import Misconfigured
from pressroom.model import Usage
from pressroom.settings import settings
from pressroom.userfiles import text_of

Price = tuple[float, float, float]
"""US dollars per million tokens: input, cached input, output."""

_SNAPSHOT = re.compile(r"[-@](latest|\d{8}|\d{4}-\d\d-\d\d|\d{3,4}|preview(-\d\d-\d{2,4})?)$")
"""A date or its like at the end, never a version: `claude-haiku-4-5-20251001` is a snapshot of `claude-haiku-4-5`."""


def cost_microusd(model: str, usage: Usage) -> int:
    """Cost of a call in millionths of a dollar; 0 for a model without a price (see `price_of`)."""
    price = price_of(model)
    if price is None:
        return 0
    fresh = usage.input_tokens - usage.cached_tokens
    return round(fresh * price[0] + usage.cached_tokens * price[1] + usage.output_tokens * price[2])


def price_of(model: str) -> Price | None:
    """Price of `model`, of which a dated snapshot costs what the model costs; None when it isn't listed."""
    return _table(settings().price_file).get(model) or _table(settings().price_file).get(_SNAPSHOT.sub("", model))


@lru_cache(maxsize=4)
def _table(own: Path | None) -> Mapping[str, Price]:
    shipped = files("pressroom.calls").joinpath("prices.json").read_text("utf-8")
    table = _models(shipped)
    if own is not None:
        try:
            table |= _models(text_of(own))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise Misconfigured(
                f"The price file {own} can't be used: {error}.",
                hint='It looks like {"models": {"name": [1.0, 0.1, 4.0]}}.',
            ) from None
    return table


def _models(source: str) -> dict[str, Price]:
    return {name: _price(name, *parts) for name, parts in json.loads(source)["models"].items()}


def _price(name: str, fresh: float, cached: float, output: float) -> Price:
    price = (float(fresh), float(cached), float(output))
    if not all(0 <= part < math.inf for part in price):
        raise ValueError(f"{name} has a price that is no amount of money")
    return price
