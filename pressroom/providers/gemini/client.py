"""Google Gemini over its REST API, https://ai.google.dev/api/generate-content: one client an account, its failures.

`gemini.json` says how a model is kept from thinking for longer than our output limits allow, and what a schema may say.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pressroom.calls.clients import address_of, key_of, late, tokens
from pressroom.calls.failures import failure_of
from pressroom.calls.providers import Account
from pressroom.calls.refusals import Refusal, error_in, refusal_of
from pressroom.errors import BrokenAnswer, ConnectionBroken
from pressroom.model import Answer, Finish, Usage

if TYPE_CHECKING:
    from pressroom.calls.deadline_client import TotalTimeout

VERSION = "/v1beta"


def call(account: Account, method: str, path: str, model: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The JSON object that `path` below the version answers with.

    Raises:
        Passing, Lasting: what the failure means.
    """
    outcome = tried(account, method, path, body)
    if isinstance(outcome, Refusal):
        raise failure_of(account, outcome, model)
    return outcome


def tried(account: Account, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any] | Refusal:
    """The JSON object, or what the endpoint says instead of an answer.

    Raises:
        ProviderTimeout, ConnectionBroken, BrokenAnswer: it said nothing that can be read.
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
        return refusal_of(answer.status_code, answer.text, answer.headers)
    if (refusal := error_in(answer.text, answer.headers)) is not None:
        return refusal
    try:
        value = answer.json()
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise broken(account)
    return value


def generate(account: Account, model: str, body: dict[str, Any]) -> dict[str, Any]:
    """Sends `body` to `model`; see `call`."""
    return call(account, "POST", generating(model), model, body)


def generating(model: str) -> str:
    return f"/models/{model.removeprefix('models/')}:generateContent"


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
    """Returns the model's words, not its thoughts."""
    parts = (candidate.get("content") or {}).get("parts") or ()
    return "".join(part.get("text") or "" for part in parts if not part.get("thought"))


def broken(account: Account) -> BrokenAnswer:
    return BrokenAnswer(f"{account.name} answered something that is not generated content.")


def _said(body: dict[str, Any]) -> tuple[str, Finish]:
    blocked = (body.get("promptFeedback") or {}).get("blockReason")
    if blocked:
        return f"blocked: {blocked}", Finish.REFUSAL
    if not body.get("candidates") and _usage(body.get("usageMetadata")).input_tokens:
        return "", Finish.STOP  # paid for, and nothing in it
    candidate = body["candidates"][0]
    reason, text = candidate.get("finishReason"), text_of(candidate)
    if reason in declared()["refusals"]:
        return text or candidate.get("finishMessage") or f"blocked: {reason}", Finish.REFUSAL
    return text, Finish.LENGTH if reason == "MAX_TOKENS" else Finish.STOP


def _usage(usage: Any) -> Usage:
    """Thoughts are paid for as output; what a tool brought in, as input."""
    return Usage(
        input_tokens=tokens(usage, "promptTokenCount") + tokens(usage, "toolUsePromptTokenCount"),
        output_tokens=tokens(usage, "candidatesTokenCount") + tokens(usage, "thoughtsTokenCount"),
        cached_tokens=tokens(usage, "cachedContentTokenCount"),
    )


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
