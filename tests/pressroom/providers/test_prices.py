"""What tokens cost."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from pressroom.calls import providers
from pressroom.calls.prices import cost_microusd, price_of
from pressroom.errors import Misconfigured
from pressroom.model import Usage
from pressroom.settings import settings

SHIPPED = {
    model: tuple(price["tokens"])
    for vendor in providers.REGISTRY
    if (file := files(vendor.package).joinpath("prices.toml")).is_file()
    for model, price in tomllib.loads(file.read_text("utf-8"))["models"].items()
    if len(price.get("tokens", ())) == 3
}
"""Of models of texts: input, cached input, output."""


def tokens_of(model: str) -> tuple[float, ...] | None:
    price = price_of(model)
    return price and price.tokens


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "prices.json"
    monkeypatch.setenv("PRESSROOM_PRICE_FILE", str(path))
    settings.cache_clear()
    return path


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        (Usage(), 0),
        (Usage(input_tokens=1_000_000), 400_000),
        (Usage(output_tokens=1_000_000), 1_600_000),
        (Usage(input_tokens=1_000_000, cached_tokens=1_000_000), 100_000),
        (Usage(input_tokens=1000, cached_tokens=400, output_tokens=500), 240 + 40 + 800),
        (Usage(input_tokens=1), 0),
        (Usage(input_tokens=2), 1),
    ],
)
def test_cost_is_fresh_cached_and_output(usage: Usage, cost: int) -> None:
    assert cost_microusd("gpt-4.1-mini", usage) == cost


@pytest.mark.parametrize(
    ("snapshot", "model"),
    [
        ("gpt-4.1-mini-2025-04-14", "gpt-4.1-mini"),
        ("gpt-5-2025-08-07", "gpt-5"),
        ("gpt-5-mini-2025-08-07", "gpt-5-mini"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("claude-opus-4-5-latest", "claude-opus-4-5"),
        ("omni-moderation-latest", "omni-moderation"),
        ("gpt-4o-preview", "gpt-4o"),
    ],
)
def test_a_snapshot_costs_what_its_model_costs(snapshot: str, model: str) -> None:
    assert tokens_of(snapshot) == tokens_of(model) == SHIPPED[model]


@pytest.mark.parametrize("model", SHIPPED)
def test_every_price_is_found_for_the_model_and_its_snapshots(model: str) -> None:
    assert all(tokens_of(model + end) == SHIPPED[model] for end in ("", "-2026-01-31", "-20260131", "-latest"))


@pytest.mark.parametrize("model", ["gpt-5-pro", "gpt-5.4-nano", "claude-haiku", "claude-haiku-4", "gpt", "", "llama"])
def test_a_model_without_a_price_is_not_taken_for_another(model: str) -> None:
    assert price_of(model) is None
    assert cost_microusd(model, Usage(input_tokens=10**6)) == 0


def test_the_default_models_have_prices() -> None:
    declared = [one.settings.model_fields for one in providers.REGISTRY if one.settings]
    models = [fields[name].default for fields in declared for name in ("model", "image_model") if name in fields]
    assert len(models) >= 5 and all(price_of(model) for model in models)


def test_ones_own_prices_are_laid_over(own: Path) -> None:
    own.write_text(json.dumps({"models": {"gpt-4.1-mini": [1, 0.5, 2], "llama-2026-01-31": [0.1, 0, 0.2]}}))
    assert tokens_of("gpt-4.1-mini-2025-04-14") == (1, 0.5, 2)
    assert tokens_of("llama-2026-01-31") == (0.1, 0, 0.2)
    assert tokens_of("gpt-4.1") == SHIPPED["gpt-4.1"]


@pytest.mark.parametrize(
    "content",
    [
        "nonsense",
        "[]",
        "3",
        "{}",
        '{"models": []}',
        '{"models": {"m": 3}}',
        '{"models": {"m": [1, 2]}}',
        '{"models": {"m": [1, 2, 3, 4]}}',
        '{"models": {"m": ["a", 2, 3]}}',
        '{"models": {"m": [null, 2, 3]}}',
        '{"models": {"m": [-1, 2, 3]}}',
        '{"models": {"m": [NaN, 2, 3]}}',
        '{"models": {"m": [Infinity, 2, 3]}}',
    ],
)
def test_a_price_file_that_is_none(own: Path, content: str) -> None:
    own.write_text(content)
    with pytest.raises(Misconfigured, match="price file") as caught:
        price_of("gpt-4.1-mini")
    assert str(own) in caught.value.message
    assert "models" in caught.value.hint


def test_a_price_file_that_is_not_there(own: Path) -> None:
    with pytest.raises(Misconfigured, match="price file"):
        price_of("gpt-4.1-mini")
