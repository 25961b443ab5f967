"""What an HTTP failure means, and what is told of it."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import SecretStr

from pressroom import errors
from pressroom.calls.failures import from_status, retry_after
from pressroom.calls.providers import Account

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
        (404, errors.WrongAddress),
        (405, errors.WrongAddress),
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


def test_milliseconds_are_heeded_before_seconds() -> None:
    assert retry_after({"retry-after-ms": "350", "retry-after": "1"}) == 0.35
    error = failure(429, retry_after_ms="350")
    assert isinstance(error, errors.RateLimited) and error.retry_after == 0.35


def test_a_limit_says_by_itself_when_it_is_full_again() -> None:
    """By a header of the limit that is used up, or in words; one of the day is not waited for."""
    soon = str(datetime.now(UTC).timestamp() * 1000 + 5000)
    for headers, message, least, most in (
        ({"x_ratelimit_reset_requests": "6m0s", "x_ratelimit_remaining_requests": "0"}, "", 360, 360),
        ({"x_ratelimit_reset_tokens": "17ms", "x_ratelimit_remaining_tokens": "0"}, "", 0.017, 0.017),
        ({"x_ratelimit_reset_tokens": "9s", "x_ratelimit_remaining_tokens": "400"}, "", None, None),
        ({"x_ratelimit_reset": soon}, "", 3, 5),
        ({}, "Rate limit reached for gpt-x. Please try again in 9.816s. Visit ...", 9.816, 9.816),
        ({}, "Please try again in 8m38.4s.", 518.4, 518.4),
        ({}, "Please retry in 350ms.", 0.35, 0.35),
        ({}, "Limit of 14400 requests per day reached.", math.inf, math.inf),
        ({}, json.dumps({"error": {"details": [{"retryDelay": "7s"}]}}), 7, 7),
        ({}, json.dumps({"error": {"details": [{"quotaId": "PerDayFree"}, {"retryDelay": "7s"}]}}), math.inf, math.inf),
    ):
        error = failure(429, message, **headers)
        assert isinstance(error, errors.RateLimited), message
        if least is None or most is None:
            assert error.retry_after is None
        else:
            assert error.retry_after is not None and least - 1e-6 <= error.retry_after <= most + 1e-6, message


SAID = [
    # Refused content is that draft's failure.
    (403, 'Your input was flagged for "violence".', errors.ContentRefused),
    (400, "Content Exists Risk", errors.ContentRefused),
    (400, "Invalid prompt: your prompt was flagged as potentially violating our usage policy.", errors.ContentRefused),
    (
        400,
        '{"error":{"code":"data_inspection_failed","message":"Input data may be inappropriate"}}',
        errors.ContentRefused,
    ),
    (400, '{"error":{"code":"content_filter","innererror":{"code":"X"},"message":"filtered"}}', errors.ContentRefused),
    # An account, a place and a proxy are not.
    (401, "Your account has been deactivated due to violation of our usage policies.", errors.KeyRefused),
    (403, "Your organization was suspended for content policy violations.", errors.KeyRefused),
    (403, "Country, region, or territory not supported", errors.RegionRefused),
    (400, "User location is not supported for the API use.", errors.RegionRefused),
    (403, "This model is not available in your region.", errors.RegionRefused),
    (403, "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title>", errors.BlockedOnTheWay),
    (403, "<html><title>Access denied | error 1009</title>", errors.RegionRefused),
    (503, "<html><head><title>503 Service Temporarily Unavailable</title></head>", errors.ProviderBusy),
    (524, "<html><title>524: A timeout occurred</title>", errors.ProviderBusy),
    (404, "<html><title>404 Not Found</title>", errors.WrongAddress),
    (407, "Proxy Authentication Required", errors.BlockedOnTheWay),
    (403, "Your request was blocked.", errors.RequestRejected),
    (403, "Project proj_1 does not have access to model gpt-9", errors.UnknownModel),
    (403, '{"error":{"message":"You have insufficient permissions for this operation."}}', errors.KeyRefused),
    (400, '{"error":{"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}', errors.KeyRefused),
    (400, "Incorrect API key provided: x. You can obtain an API key from the console.", errors.KeyRefused),
    # A model is told from an address.
    (404, '{"error":{"message":"model \\"llama9\\" not found, try pulling it first"}}', errors.UnknownModel),
    (
        404,
        '{"error":{"code":"DeploymentNotFound","message":"No such deployment."}}',
        errors.UnknownModel,
    ),
    (404, '{"object":"error","message":"The model `m` does not exist.","code":404}', errors.UnknownModel),
    (400, "vendor/nothing is not a valid model ID", errors.UnknownModel),
    (400, '{"error":{"code":"model_decommissioned","message":"gone"}}', errors.UnknownModel),
    (404, '{"detail":"Not Found"}', errors.WrongAddress),
    (404, '{"error":{"code":"404","message":"Resource not found"}}', errors.WrongAddress),
    # An empty account from a busy one, and a broken answer from a rejected request.
    (402, "Insufficient Balance", errors.CreditsExhausted),
    (429, "You have run out of credits: insufficient_quota", errors.CreditsExhausted),
    (400, '{"error":{"code":"Arrearage","message":"Access denied, account in arrears."}}', errors.CreditsExhausted),
    (400, '{"error":{"code":"json_validate_failed","message":"Failed to generate JSON."}}', errors.BrokenAnswer),
    (400, "context_length_exceeded: reduce the length of the messages", errors.RequestRejected),
    (503, '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}', errors.ProviderBusy),
    (498, "Flex tier capacity exceeded", errors.ProviderBusy),
]


def test_the_body_says_what_a_refusal_means() -> None:
    for status, body, kind in SAID:
        assert type(failure(status, body)) is kind, (status, body, failure(status, body))


def test_the_provider_s_own_words_reach_the_person() -> None:
    for status in (200, 400, 401, 402, 403, 404, 405, 407, 408, 409, 429, 451, 500, 502, 503, 529):
        assert "ticket 4711" in failure(status, '{"error":{"message":"See ticket 4711"}}').message, status
        assert "ticket 4711" in failure(status, "<html><title>See ticket 4711</title>").message, status


def test_what_is_said_is_found_in_any_shape() -> None:
    for body in (
        '{"error":{"message":"See 4711"}}',
        '[{"error":{"code":400,"message":"See 4711"}}]',
        '{"error":"See 4711"}',
        '{"detail":"See 4711"}',
        '{"detail":[{"loc":["body","temperature"],"msg":"See 4711","type":"value_error"}]}',
        '{"object":"error","message":"{\\"detail\\":[{\\"msg\\":\\"See 4711\\"}]}"}',
        '{"error":{"message":"Provider returned error","metadata":{"raw":"{\\"message\\":\\"See 4711\\"}"}}}',
        '\ufeff{"statusCode":401,"message":"See 4711"}',
        "See 4711",
        '{"message": ' * 5 + '"See 4711"' + "}" * 5,
    ):
        assert "See 4711" in failure(400, body).message, body
    assert failure(400, "[" * 100_000).message.startswith("openai rejected the request (400)")


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
        "openai rejected the request (400): max_tokens: is too large."
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
    assert error.message.endswith("no such thing.")


UNFIT = [
    (400, "request (2031 tokens) exceeds the available context size (512 tokens)", "with a longer context"),
    (400, "prompt is too long: 210000 tokens > 200000 maximum", "with a longer context"),
    (400, "This model's maximum context length is 8192 tokens.", "with a longer context"),
    (500, "image input is not supported - hint: you may need to provide the mmproj", "PRESSROOM_VISION_CHAIN"),
    (404, "No endpoints found that support image input", "PRESSROOM_VISION_CHAIN"),
    (400, "This model does not support image inputs.", "PRESSROOM_VISION_CHAIN"),
    (413, "", "Set another model"),
]


def test_a_request_that_a_model_can_not_take_is_not_tried_again_and_says_what_to_change() -> None:
    """As llama.cpp, Anthropic, OpenAI and OpenRouter say it; some of them with a status of 500."""
    for status, words, step in UNFIT:
        error = failure(status, json.dumps({"error": {"message": words, "type": "server_error"}}))
        assert isinstance(error, errors.RequestRejected), words
        assert words in error.message, words
        assert step in error.hint, words
