"""What pictures cost, and in which sizes they are ordered."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from pressroom import platforms
from pressroom.calls import providers
from pressroom.calls.prices import picture_microusd, price_of
from pressroom.calls.providers import Account, Order
from pressroom.errors import Misconfigured
from pressroom.media.pictures.estimate import estimate
from pressroom.media.pictures.wanting import wanted
from pressroom.model import Usage
from pressroom.settings import settings
from tests.pressroom.media.picture_desk import MODELS, REQUEST

PAID = ("openai", "stability")
SIZES = [(width, height) for _, width, height in wanted(platforms.names())]


def account(name: str, model: str = "") -> Account:
    return Account(name=name, provider=name, model=model or MODELS[name])


def order(width: int = 1024, height: int = 1024, quality: str = "medium") -> Order:
    return Order({}, width, height, quality)


def ordered(name: str, model: str = "", **size: int) -> Order:
    order = providers.get(name).kind("image").order
    assert order is not None
    return order(account(name, model), replace(REQUEST, **size))


# Sizes


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_any_size_is_covered_in_steps_of_16(width: int, height: int) -> None:
    asked = ordered("openai", width=width, height=height)
    assert asked.width >= width and asked.height >= height
    assert asked.width % 16 == asked.height % 16 == 0
    assert 655_360 <= asked.width * asked.height <= 1.4 * max(width * height, 655_360)


@pytest.mark.parametrize(("width", "height"), [(100, 4000), (9000, 3000), (5000, 5000), (16, 16)])
def test_any_size_stays_within_what_the_model_makes(width: int, height: int) -> None:
    asked = ordered("openai", width=width, height=height)
    long, short = max(asked.width, asked.height), min(asked.width, asked.height)
    assert long <= 3840 and long / short <= 3.1 and 600_000 <= long * short <= 8_294_400


@pytest.mark.parametrize("model", ["gpt-image-1.5", "gpt-image-1-mini", "gpt-image-9"])
def test_a_model_of_few_sizes_gets_the_nearest_shape(model: str) -> None:
    made = {
        purpose: providers.get("openai")
        .kind("image")
        .order(account("openai", model), replace(REQUEST, width=w, height=h))
        .identity
        for purpose, w, h in wanted(["instagram", "tiktok", "facebook"])
    }
    sizes = [str(identity["size"]) for identity in made.values()]
    assert sizes == ["1536x1024", "1024x1024", "1024x1536", "1536x1024"]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_ratio_is_the_nearest_there_is(width: int, height: int) -> None:
    asked = (
        providers.get("stability")
        .kind("image")
        .order(account("stability"), replace(REQUEST, width=width, height=height))
    )
    assert abs(math.log(asked.width / asked.height) - math.log(width / height)) < 0.15
    assert asked.identity["style_preset"] == "photographic"


# Prices


@pytest.mark.parametrize("name", PAID)
def test_every_declared_model_has_a_price(name: str) -> None:
    declared = json.loads(files(providers.get(name).package).joinpath("image.json").read_text("utf-8"))
    models = {
        *declared.get("listed", ()),
        *declared.get("any_size", {}).get("models", ()),
        *declared.get("endpoints", ()),
    }
    assert models and not [model for model in models if price_of(model) is None]


def test_listed_by_area_and_by_tokens() -> None:
    assert picture_microusd("gpt-image-1.5", order(1536, 1024, "high"), Usage()) == 200_000
    assert picture_microusd("gpt-image-2", order(), Usage()) == 53_000
    assert picture_microusd("gpt-image-2", order(2048, 1024), Usage()) == 106_000
    assert picture_microusd("gpt-image-2-2026-04-21", order(), Usage(input_tokens=100, output_tokens=1000)) == 30_500
    assert picture_microusd("core", order(1344, 768, ""), Usage()) == 30_000
    assert picture_microusd("unheard-of", order(), Usage(output_tokens=5)) == 0


def test_an_estimate_counts_equal_orders_once() -> None:
    requests = [replace(REQUEST, width=w, height=h) for _, w, h in wanted(["facebook", "linkedin", "x", "youtube"])]
    told = estimate([account("offline"), account("stability")], requests)
    assert (told.provider, told.pictures, told.usd, told.price_known) == ("stability", 1, pytest.approx(0.03), True)
    free = estimate([account("offline")], requests)
    assert (free.usd, free.price_known) == (0, True)
    assert not estimate([account("openai", "gpt-image-9")], requests).price_known


def test_prices_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "prices.json"
    own.write_text(json.dumps({"models": {}, "images": {"core": {"pictures": {"": {"": 0.5}}}}}))
    monkeypatch.setenv("PRESSROOM_PRICE_FILE", str(own))
    settings.cache_clear()
    assert picture_microusd("core", order(), Usage()) == 500_000
    assert picture_microusd("ultra", order(), Usage()) == 80_000


@pytest.mark.parametrize("text", ["{", "[]", '{"images": 3}', '{"images": {"core": {"pictures": {"": {"": -1}}}}}'])
def test_prices_that_are_none(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "prices.json"
    own.write_text(text)
    monkeypatch.setenv("PRESSROOM_PRICE_FILE", str(own))
    settings.cache_clear()
    with pytest.raises(Misconfigured, match="price file"):
        price_of("core")
