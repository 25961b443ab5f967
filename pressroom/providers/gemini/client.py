"""Google Gemini over its REST API, https://ai.google.dev/api/generate-content: one client an account, its failures.

`gemini.json` says how a model is kept from thinking for longer than our output limits allow, and what a schema may say.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pressroom.calls.clients import address_of, key_of, late, tokens
from pressroom.calls.declare import Account
from pressroom.calls.failures import from_status
from pressroom.errors import BrokenAnswer, ConnectionBroken, KeyRefused, Lasting, Passing, RateLimited
from pressroom.model import Answer, Finish, Usage

if TYPE_CHECKING:
    from httpx2 import Response

    from pressroom.calls.deadline_client import TotalTimeout

VERSION = "/v1beta"


def call(account: Account, method: str, path: str, model: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The JSON object that `path` below the version answers with.

    Raises:
        Passing, Lasting: what the failure means.
    """
    import httpx2

    content = None if body is None else json.dumps(body)  # in ASCII: whatever stands in a text can be sent
    try:
        answer = client_of(account).request(method, VERSION + path, content=content)
    except httpx2.TimeoutException:
        raise late(account) from None
    except (httpx2.HTTPError, httpx2.InvalidURL):
        raise ConnectionBroken(f"The connection to {account.name} broke.") from None
    if not answer.is_success:
        raise _failure(account, answer, model)
    try:
        value = answer.json()
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise broken(account)
    return value


def generate(account: Account, model: str, body: dict[str, Any]) -> dict[str, Any]:
    """What `model` answers to `body`; see `call`."""
    return call(account, "POST", f"/models/{model.removeprefix('models/')}:generateContent", model, body)


def system_instruction(words: str) -> dict[str, Any]:
    """The field for it; an empty one would be rejected."""
    return {"systemInstruction": {"parts": [{"text": words}]}} if words else {}


def generation_config(model: str, max_output_tokens: int) -> dict[str, Any]:
    """Limits of an answer. What a model thinks counts as output: room is made for it, or it is kept from thinking."""
    name = model.removeprefix("models/")
    thinking = next((one for one in declared()["thinking"] if name.startswith(one["models"])), None)
    if thinking is None:
        return {"maxOutputTokens": max_output_tokens}
    return {"maxOutputTokens": max_output_tokens + thinking["room"], "thinkingConfig": thinking["config"]}


def answer_of(account: Account, body: dict[str, Any], text: str | None = None) -> Answer:
    """The answer in a response. text: what it comes to, where that isn't what the model said."""
    try:
        said, finish = _said(body)
        return Answer(
            text=said if text is None or finish is Finish.REFUSAL else text,
            finish=finish,
            usage=_usage(body.get("usageMetadata")),
            model=body.get("modelVersion") or "",
            request_id=body.get("responseId") or "",
        )
    except (ValueError, LookupError, TypeError, AttributeError):  # pydantic's ValidationError is a ValueError
        raise broken(account) from None


def text_of(candidate: dict[str, Any]) -> str:
    """What the model said, without what it thought."""
    parts = (candidate.get("content") or {}).get("parts") or ()
    return "".join(part.get("text") or "" for part in parts if not part.get("thought"))


def broken(account: Account) -> BrokenAnswer:
    return BrokenAnswer(f"{account.name} answered something that is not generated content.")


def _said(body: dict[str, Any]) -> tuple[str, Finish]:
    blocked = (body.get("promptFeedback") or {}).get("blockReason")
    if blocked:
        return f"blocked: {blocked}", Finish.REFUSAL
    candidate = body["candidates"][0]
    reason, text = candidate.get("finishReason"), text_of(candidate)
    if reason in declared()["refusals"]:
        return text or candidate.get("finishMessage") or f"blocked: {reason}", Finish.REFUSAL
    return text, Finish.LENGTH if reason == "MAX_TOKENS" else Finish.STOP


def _usage(usage: Any) -> Usage:
    """What it thought is paid for as output; what a tool brought in, as input."""
    return Usage(
        input_tokens=tokens(usage, "promptTokenCount") + tokens(usage, "toolUsePromptTokenCount"),
        output_tokens=tokens(usage, "candidatesTokenCount") + tokens(usage, "thoughtsTokenCount"),
        cached_tokens=tokens(usage, "cachedContentTokenCount"),
    )


def _failure(account: Account, answer: Response, model: str) -> Passing | Lasting:
    try:
        error = answer.json()["error"]
        message, details = str(error.get("message", "")), list(error.get("details") or ())
    except (ValueError, LookupError, TypeError, AttributeError):
        message, details = answer.text, []
    if "API_KEY_INVALID" in str(details):  # said with a 400
        return KeyRefused(
            f"{account.name} refused the key.", hint=f"Check the key of {account.name}: `pressroom doctor`."
        )
    failure = from_status(account, answer.status_code, message, answer.headers, model)
    if isinstance(failure, RateLimited) and failure.retry_after is None:
        return RateLimited(failure.message, hint=failure.hint, retry_after=_delay(details))
    return failure


def _delay(details: list[Any]) -> float | None:
    """Seconds until another try, which Gemini says in the body; infinite for a quota of the day."""
    if "PerDay" in str(details):
        return math.inf
    for detail in details:
        try:
            return max(0.0, float(str(detail["retryDelay"]).removesuffix("s")))
        except (ValueError, LookupError, TypeError):
            continue
    return None


@lru_cache(maxsize=1)
def declared() -> dict[str, Any]:
    source = files("pressroom.providers.gemini").joinpath("gemini.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(source)
    return data


@lru_cache(maxsize=32)
def client_of(account: Account) -> TotalTimeout:
    """One client an account: it holds the connections."""
    from pressroom.calls.deadline_client import TotalTimeout

    address = declared()["address"] if account.base_url is None else address_of(account)
    return TotalTimeout(
        base_url=address or "",
        headers={"x-goog-api-key": key_of(account), "content-type": "application/json"},
        timeout=account.timeout,
    )
