"""Prices: each vendor's `prices.toml`, dated, with a JSON file of the user's own laid over them."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from pressroom.calls import providers, remembered
from pressroom.calls.providers import Order
from pressroom.calls.searching import Searched
from pressroom.errors import Misconfigured
from pressroom.model import Answer, Frozen, Usage
from pressroom.model.calls import MICRO
from pressroom.settings import settings
from pressroom.userfiles import text_of

STANDARD = "1024x1024"
"""The size others are reckoned from, by their area, where they have no price of their own."""
STANDARD_AREA = 1024 * 1024

Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]

_SNAPSHOT = re.compile(r"[-@](latest|\d{8}|\d{4}-\d\d-\d\d|\d{3,4}|preview(-\d\d-\d{2,4})?)$")
"""A date or its like at the end, never a version: `claude-haiku-4-5-20251001` is a snapshot of `claude-haiku-4-5`."""


class Price(Frozen):
    """A model's prices, in US dollars, by the units its vendor counts in.

    tokens: a million of input, cached input, output; sent_picture_tokens: a million of input where a picture is sent
    along, None as of words. pictures: each, by quality and `WIDTHxHEIGHT`, where "" stands for all of them.
    characters: a million, spoken. seconds: each, of sound or film.
    """

    tokens: tuple[Dollars, Dollars, Dollars] | None = None
    sent_picture_tokens: Dollars | None = None
    pictures: dict[str, dict[str, Dollars]] = Field(default={})
    characters: Dollars | None = None
    seconds: Dollars | None = None

    @field_validator("tokens", mode="before")
    @classmethod
    def _without_cache(cls, value: object) -> object:
        """Input and output alone: what is read from a cache costs as much as other input."""
        return (value[0], value[0], value[1]) if isinstance(value, (list, tuple)) and len(value) == 2 else value

    def of(self, order: Order) -> float | None:
        """US dollars for one picture, as the provider lists it; None when it doesn't."""
        by_size = self.pictures.get(order.quality, self.pictures.get("", {}))
        listed = by_size.get(f"{order.width}x{order.height}", by_size.get(""))
        if listed is None and STANDARD in by_size:
            return by_size[STANDARD] * order.width * order.height / STANDARD_AREA
        return listed


class SearchPrice(Frozen):
    """US dollars for a thousand searches, or for a thousand answers that took any, as well as their tokens.

    models: how the names of the models begin that it is for; "": all.
    """

    models: str = ""
    per: Literal["search", "answer"]
    price: Dollars


def price_of(model: str) -> Price | None:
    """Price of `model`, of which a dated snapshot costs what the model costs; None when it isn't listed."""
    table = _table(settings().price_file)
    return table.get(model) or table.get(_SNAPSHOT.sub("", model))


def cost_microusd(model: str, usage: Usage) -> int:
    """Cost of a call's tokens in millionths of a dollar; 0 for a model without a price (see `price_of`)."""
    price = price_of(model)
    if price is None or price.tokens is None:
        return 0
    fresh, cached, output = price.tokens
    return round(
        (usage.input_tokens - usage.cached_tokens) * fresh + usage.cached_tokens * cached + usage.output_tokens * output
    )


def picture_microusd(model: str, order: Order, usage: Usage, *, edit: bool = False) -> int:
    """Cost of one picture in millionths of a dollar, by its tokens where they were counted; 0 without a price.

    edit: a picture was sent along; nearly all of its input is that, hence all of it is reckoned as such.
    """
    price = price_of(order.priced_as or model)
    if price is None:
        return 0
    if price.tokens and usage.output_tokens:
        words, _, made = price.tokens
        sent = words if price.sent_picture_tokens is None or not edit else price.sent_picture_tokens
        return round(usage.input_tokens * sent + usage.output_tokens * made)
    return round((price.of(order) or 0) * MICRO)


def search_microusd(provider: str, model: str, answer: Answer) -> int:
    """Cost of a search's answer in millionths of a dollar; a provider or model without a price costs nothing known."""
    price = next((one for one in _searches(provider) if model.startswith(one.models)), None)
    try:
        made = Searched.model_validate_json(answer.text).searches
    except ValidationError:  # a refusal
        made = 0
    counted = min(made, 1) if price and price.per == "answer" else made
    tokens = cost_microusd(answer.model or model, answer.usage)
    return tokens + round(counted * (price.price if price else 0) * 1000)


def priced(model: str, *, characters: int = 0, seconds: float = 0) -> int:
    """Cost of speech or film in millionths of a dollar, by its characters and seconds; 0 without a price."""
    price = price_of(model)
    if price is None:
        return 0
    return round(characters * (price.characters or 0) + seconds * (price.seconds or 0) * MICRO)


@lru_cache(maxsize=4)
def _table(own: Path | None) -> Mapping[str, Price]:
    table = {name: price for declared in _shipped().values() for name, price in _prices(declared.get("models", {}))}
    if own is not None:
        try:
            table |= dict(_own(json.loads(text_of(own))))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            said = f"{error.error_count()} prices are invalid" if isinstance(error, ValidationError) else error
            raise Misconfigured(
                f"The price file {own} can't be used: {said}.",
                hint='It looks like {"models": {"name": [1.0, 0.1, 4.0]}, "images": {"name": {"pictures": {"": {"": '
                "0.03}}}}}.",
            ) from None
    return table


def _own(source: dict[str, Any]) -> Iterator[tuple[str, Price]]:
    """The user's: `models` with their three prices of tokens, `images` with all they have."""
    if not {"models", "images"} & set(source):
        raise ValueError("it has neither models nor images")
    for name, parts in source.get("models", {}).items():
        fresh, cached, output = (float(part) for part in parts)
        if not all(0 <= part < math.inf for part in (fresh, cached, output)):
            raise ValueError(f"{name} has a price that is not an amount of money")
        yield name, Price(tokens=(fresh, cached, output))
    yield from _prices(source.get("images", {}))


def _prices(source: Mapping[str, object]) -> Iterator[tuple[str, Price]]:
    return ((name, Price.model_validate(price)) for name, price in source.items())


@lru_cache(maxsize=32)
def _searches(provider: str) -> tuple[SearchPrice, ...]:
    declared = _shipped().get(provider, {}).get("searches", ())
    return tuple(SearchPrice.model_validate(one) for one in declared)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, dict[str, Any]]:
    """Each vendor's `prices.toml`, by the vendor's name."""
    found = ((one.name, files(one.package).joinpath("prices.toml")) for one in providers.REGISTRY)
    return {name: tomllib.loads(file.read_text("utf-8")) for name, file in found if file.is_file()}


def stale(on: date, *, days: int = 180) -> list[str]:
    """The lists of models and prices that were checked more than `days` before `on`: `openai/prices (2026-11-01)`."""
    return [f"{name} ({as_of})" for name, as_of in dated().items() if (on - as_of).days > days]


@lru_cache(maxsize=1)
def dated() -> dict[str, date]:
    """When each list of models or prices was checked: that of the documented models, and each paid vendor's own."""
    vendors = {one.package: one.package.rpartition(".")[2] for one in providers.REGISTRY if one.paid}
    files_of = ((name, file) for package, name in vendors.items() for file in files(package).iterdir())
    found = {"models": remembered.models()["as_of"]}
    for name, file in sorted(files_of, key=lambda one: (one[0], one[1].name)):
        stem, _, kind = file.name.rpartition(".")
        if parse := {"json": json.loads, "toml": tomllib.loads}.get(kind):
            found[f"{name}/{stem}"] = parse(file.read_text("utf-8")).get("as_of")
    return {name: date.fromisoformat(str(as_of)) for name, as_of in found.items() if as_of}
