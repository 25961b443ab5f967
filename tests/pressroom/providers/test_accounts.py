"""The accounts of a chain, from the settings; and what is checked of them before use."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from pressroom.calls.accounts import account_from_settings
from pressroom.calls.clients import address_of, is_listed, key_of, tokens
from pressroom.calls.providers import Account
from pressroom.errors import Misconfigured
from pressroom.settings import Endpoint, Settings

FULL = Settings(
    providers={
        "openai": {"api_key": "sk-one", "base_url": "http://localhost/v1", "ideas_model": "bigger"},
        "anthropic": {"api_key": "sk-two"},
    },
    endpoints={"groq": Endpoint(base_url="https://groq/v1", api_key=SecretStr("gsk"), model="llama")},
    timeout=7,
)


@pytest.mark.parametrize(
    ("name", "plug_in", "key", "model", "ideas_model"),
    [
        ("openai", "openai", "sk-one", "gpt-4.1-mini", "bigger"),
        ("anthropic", "anthropic", "sk-two", "claude-haiku-4-5", "claude-haiku-4-5"),
        ("groq", "compatible", "gsk", "llama", "llama"),
        ("offline", "offline", "", "offline-1", "offline-1"),
    ],
)
def test_an_account_is_made_of_settings(name: str, plug_in: str, key: str, model: str, ideas_model: str) -> None:
    account = account_from_settings(name, FULL)
    assert (account.name, account.provider, account.timeout) == (name, plug_in, 7)
    assert account.api_key.get_secret_value() == key
    assert (account.model_for("draft"), account.model_for("ideas")) == (model, ideas_model)
    assert not key or key not in repr(account)


@pytest.mark.parametrize("name", ["openai", "anthropic", "groq"])
def test_an_account_s_limits_are_made_of_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where = {"groq": "PRESSROOM_ENDPOINTS__GROQ_"}.get(name, f"PRESSROOM_{name.upper()}")
    monkeypatch.setenv(f"{where}_REQUESTS_PER_MINUTE", "500")
    monkeypatch.setenv(f"{where}_TOKENS_PER_MINUTE", "200000")
    monkeypatch.setenv("PRESSROOM_ENDPOINTS__GROQ__BASE_URL", "https://groq/v1")
    monkeypatch.setenv("PRESSROOM_ENDPOINTS__GROQ__MODEL", "llama")

    account = account_from_settings(
        name, Settings(providers={"openai": {"api_key": "sk-one"}, "anthropic": {"api_key": "sk-two"}})
    )

    assert (account.requests_a_minute, account.tokens_a_minute) == (500, 200_000)


@pytest.mark.parametrize(("name", "variable"), [("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY")])
@pytest.mark.parametrize("given", [{}, {"api_key": ""}])
def test_an_account_without_its_key(name: str, variable: str, given: dict[str, str]) -> None:
    with pytest.raises(Misconfigured) as caught:
        account_from_settings(name, Settings(providers={name: given}))
    assert variable in caught.value.hint


def test_an_account_nobody_knows() -> None:
    with pytest.raises(Misconfigured, match="'grok'") as caught:
        account_from_settings("grok", FULL)
    assert "openai, anthropic, gemini, offline, groq" in caught.value.hint
    assert "PRESSROOM_ENDPOINTS__GROK__BASE_URL" in caught.value.hint


def test_a_key_without_its_line_break() -> None:
    assert key_of(Account(name="a", provider="openai", api_key=SecretStr(" sk-one\r\n"))) == "sk-one"


def test_the_account_that_lacks_a_key_is_named() -> None:
    with pytest.raises(Misconfigured, match="GROQ_API_KEY"):
        key_of(Account(name="groq", provider="compatible"))


def test_an_address_may_be_left_out() -> None:
    assert address_of(Account(name="a", provider="openai")) is None


def test_a_wrong_address_is_not_shown() -> None:
    with pytest.raises(Misconfigured) as caught:
        address_of(Account(name="a", provider="openai", base_url="user:sesame@host/v1"))
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize(
    ("model", "listed", "there"),
    [
        ("claude-haiku-4-5", "claude-haiku-4-5-20251001", True),
        ("gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", True),
        ("gemini-2.5-flash", "models/gemini-2.5-flash", True),
        ("llama3.2", "llama3.2:latest", True),
        ("gpt-4.1", "gpt-4.1-mini", False),
        ("claude-haiku-4", "claude-haiku-4-5-20251001", False),
    ],
)
def test_a_model_is_listed_by_whichever_of_its_names(model: str, listed: str, there: bool) -> None:
    assert is_listed(model, ["another", listed]) is there


@pytest.mark.parametrize("usage", [None, [], "many", {}, {"in": None}, {"in": "12"}, {"in": 1.5}, {"in": -3}])
def test_a_usage_report_that_says_nothing_costs_no_answer(usage: Any) -> None:
    assert tokens(usage, "in") == 0
