"""What searches cost: `prices.json`, dated; the tokens of an answer cost what they cost of any text."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from pressroom.calls.prices import cost_microusd as tokens_microusd
from pressroom.calls.searching import Searched
from pressroom.model import Answer


def cost_microusd(provider: str, model: str, answer: Answer) -> int:
    """Cost of an answer in millionths of a dollar; a provider or model without a price costs nothing known."""
    price = next((one for one in _declared() if one["provider"] == provider and model.startswith(one["models"])), None)
    searches = _searches(answer)
    counted = min(searches, 1) if price and price["per"] == "answer" else searches
    return tokens_microusd(answer.model or model, answer.usage) + round(
        counted * (price["price"] if price else 0) * 1000
    )


def _searches(answer: Answer) -> int:
    try:
        return Searched.model_validate_json(answer.text).searches
    except ValidationError:  # a refusal
        return 0


@lru_cache(maxsize=1)
def _declared() -> list[dict[str, Any]]:
    source = json.loads(files("pressroom.calls").joinpath("search_prices.json").read_text("utf-8"))
    return list(source["searches"])
