"""What an HTTP failure means, and what is told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import SecretStr

from pressroom import errors
from pressroom.calls.failures import from_status, retry_after
from pressroom.calls.vendors import Account

KEY = "sk-very-secret-0123456789"
ACCOUNT = Account(name="openai", provider="openai", api_key=SecretStr(KEY))


def failure(status: int, message: str = "", **headers: str) -> errors.Passing | errors.Lasting:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return from_status(ACCOUNT, status, message, named, "some-model")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.RequestRejected),
        (401, errors.KeyRefused),
        (402, errors.CreditsExhausted),
        (403, errors.KeyRefused),
        (404, errors.UnknownModel),
        (405, errors.RequestRejected),
        (408, errors.ProviderBusy),
        (409, errors.ProviderBusy),
        (413, errors.RequestRejected),
        (422, errors.RequestRejected),
        (429, errors.RateLimited),
        (500, errors.ProviderBusy),
        (502, errors.ProviderBusy),
        (503, errors.ProviderBusy),
        (504, errors.ProviderBusy),
        (529, errors.ProviderBusy),
    ],
)
def test_a_status_is_an_error(status: int, kind: type[errors.PressroomError]) -> None:
    error = failure(status)
    assert type(error) is kind
    assert "openai" in error.message


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (429, "insufficient_quota You exceeded your current quota.", errors.CreditsExhausted),
        (429, "billing_not_active Your account is not active.", errors.CreditsExhausted),
        (400, "Your credit balance is too low. Please go to Plans & Billing.", errors.CreditsExhausted),
        (403, "Billing is disabled for this project.", errors.CreditsExhausted),
        (500, "Our billing service is down.", errors.ProviderBusy),
        # What OpenAI says to an account that is in good standing, but new:
        (
            429,
            "rate_limit_exceeded Rate limit reached for gpt-4.1-mini on requests per min (RPM): Limit 3, Used 3. "
            "You can increase your rate limit by adding a payment method at https://host/account/billing.",
            errors.RateLimited,
        ),
        # What Gemini says when it has too many requests in a minute:
        (429, "You exceeded your current quota, please check your plan and billing details.", errors.RateLimited),
    ],
)
def test_an_empty_account_is_told_from_a_busy_one(status: int, message: str, kind: type[errors.PressroomError]) -> None:
    assert type(failure(status, message)) is kind


def test_what_to_wait_for_is_carried() -> None:
    for status in (408, 429, 503):
        error = failure(status, retry_after="7")
        assert isinstance(error, errors.Passing) and error.retry_after == 7


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), ("0", 0), ("1.5", 1.5), (" 3 ", 3), ("-4", 0), ("", None), ("soon", None), ("7 s", None), ("1e9", 1e9)],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}) == seconds


def test_retry_after_as_a_date() -> None:
    now = datetime.now(UTC)
    later = retry_after({"retry-after": format_datetime(now + timedelta(seconds=60), usegmt=True)})
    assert later is not None and 57 < later <= 60
    assert retry_after({"retry-after": format_datetime(now - timedelta(seconds=60), usegmt=True)}) == 0


@pytest.mark.parametrize(
    "value", ["Fri, 99 Nov 2026 06:00:00 GMT", "2026-11-20", "Fri, 20 Nov 99999 06:00:00 GMT", "nan"]
)
def test_retry_after_that_makes_no_sense(value: str) -> None:
    assert retry_after({"retry-after": value}) in {None, 0.0}


def test_without_retry_after() -> None:
    assert retry_after({}) is None


def test_what_the_provider_said_is_told_in_one_line() -> None:
    assert failure(400, "max_tokens:\n  is\ttoo large\0").message == (
        "openai rejected the request (400): max_tokens: is too large"
    )
    assert len(failure(400, "long " * 500).message) < 400


@pytest.mark.parametrize("before", [0, 280, 290, 299])
def test_the_key_is_in_no_message(before: int) -> None:
    """Not even a part of it, where the message is cut."""
    error = failure(400, "x" * before + f" {KEY} is not welcome")
    assert KEY[:8] not in str(error)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 429, 500])
def test_the_key_is_in_no_error(status: int) -> None:
    assert KEY not in repr(failure(status, f"Incorrect API key provided: {KEY}", retry_after=KEY))


def test_without_a_key_nothing_is_masked() -> None:
    error = from_status(Account(name="ollama", provider="compatible"), 400, "no such thing", {}, "m")
    assert error.message.endswith("no such thing")
