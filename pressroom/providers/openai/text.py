"""OpenAI: texts by chat completions, put as each endpoint that speaks them takes it, and its moderation endpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from pressroom.calls import accepted
from pressroom.calls.accepted import OBJECT, OLD_TOKENS, SCHEMA, TOKENS, Accepted
from pressroom.calls.clients import is_listed, tokens
from pressroom.calls.failures import failure_of, paid, unknown_model
from pressroom.calls.pictures import in_base64, label, pictures_of
from pressroom.calls.providers import Account, Kind
from pressroom.calls.reading import objects_in
from pressroom.calls.refusals import Refusal, error_in, error_of
from pressroom.calls.requests import ModerationRequest
from pressroom.errors import BrokenAnswer
from pressroom.model import Answer, Finish, TextRequest, Usage
from pressroom.providers.openai.client import client_of, sent, tried

MODERATION_MODEL = "omni-moderation-latest"


class ChatCompletions:
    """A client for any server that speaks OpenAI's chat completions.

    tokens_field: what the server usually calls the limit of output tokens.
    """

    def __init__(self, account: Account, *, tokens_field: str) -> None:
        self.account = account
        self._tokens_field = tokens_field
        self._client = client_of(account)

    def send(self, request: TextRequest) -> Answer:
        model = self.account.model_for(request.purpose)
        raw = accepted.adapted(
            self.account,
            model,
            lambda known: self._tried(request, model, known),
            asked=request.max_output_tokens,
            usual=self._tokens_field,
        )
        completion = _completion(self.account, raw.text)
        answer = _answer(self.account, completion, model, raw.request_id)
        accepted.learn(self.account, model, answer, request.schema, thought=_thought(completion))
        return answer

    def _tried(self, request: TextRequest, model: str, known: Accepted) -> Any:
        # The raw response, since the SDK's parsed one is lost when the model broke off or broke the schema; all that
        # may be left out in the extra body, since the SDK walks through a schema that is a parameter: 2 ms a call.
        outcome = tried(
            self.account,
            lambda: self._client.chat.completions.with_raw_response.create(
                model=model,
                messages=_messages(request, known),
                extra_body=_options(request, known, self._tokens_field),
            ),
        )
        return outcome if isinstance(outcome, Refusal) else _refusal_in(outcome, known) or outcome

    def probe(self) -> None:
        """Raises what is wrong with the account: its key, its address, or its model."""
        model = self.account.model
        known = sent(self.account, lambda: [listed.id for listed in self._client.models.list()], model)
        if not is_listed(model, known):
            raise unknown_model(self.account, model)


class Moderations:
    """The moderation endpoint of one account. An answer's text is the JSON list of its result objects, one a text."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client = client_of(account)

    def send(self, request: ModerationRequest) -> Answer:
        result = sent(
            self.account,
            lambda: self._client.moderations.create(model=MODERATION_MODEL, input=list(request.texts)),
            MODERATION_MODEL,
        )
        return Answer(
            text=json.dumps([item.model_dump(mode="json", by_alias=True) for item in result.results]),
            model=result.model,
        )


def _messages(request: TextRequest, known: Accepted) -> Any:
    """The instructions and the words; in one message where the endpoint takes no instructions."""
    system, role = known.system(request), known.role
    if role == "user":
        return [{"role": "user", "content": _content(request, known, f"{system}\n\n{request.prompt}".strip())}]
    user = {"role": "user", "content": _content(request, known, request.prompt)}
    return [{"role": role, "content": _text(system, known)}, user]


def _text(words: str, known: Accepted) -> Any:
    return words if known.takes("text") else [{"type": "text", "text": words}]


def _content(request: TextRequest, known: Accepted, words: str) -> Any:
    """Builds the user's message: the pictures, each with its number, then the words."""
    parts: list[dict[str, Any]] = []
    for number, image in enumerate(pictures_of(request), 1):
        url = f"data:{image.media_type};base64,{in_base64(image)}"
        parts += [{"type": "text", "text": label(number)}, {"type": "image_url", "image_url": {"url": url}}]
    return [*parts, {"type": "text", "text": words}] if parts else _text(words, known)


def _options(request: TextRequest, known: Accepted, tokens_field: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if limit := known.tokens_field(tokens_field):
        options[limit] = known.output(request.max_output_tokens)
    if known.takes("temperature"):
        options["temperature"] = request.temperature
    if known.format:
        options["response_format"] = _schema(request.schema) if known.format == SCHEMA else {"type": OBJECT}
    return options


@lru_cache(maxsize=64)
def _schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The schema as structured output wants it: strict, which the SDK makes of it for tools as well."""
    from openai import pydantic_function_tool

    strict = pydantic_function_tool(schema)["function"]["parameters"]
    return {"type": SCHEMA, "json_schema": {"schema": strict, "name": schema.__name__, "strict": True}}


def _refusal_in(raw: Any, known: Accepted) -> Refusal | None:
    """Finds what has a good status and is not an answer: an error, a web page, or `choices` of null."""
    refusal = error_in(raw.text, raw.headers)
    if refusal is not None and refusal.page:
        return refusal
    try:
        body = json.loads(raw.text)
    except ValueError:
        return None
    if not isinstance(body, dict) or body.get("choices") or _spent(body):
        return refusal if isinstance(body, list) else None
    if refusal is None and known.format and body.get("choices", ()) is None:
        return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "It answers with nothing.", fields=("response_format",))
    return refusal


def _completion(account: Account, body: str) -> dict[str, Any]:
    try:
        completion = json.loads(body)
    except ValueError:
        completion = None
    if not isinstance(completion, dict):
        raise BrokenAnswer(f"{account.name} answered something that is not a chat completion.")
    return completion


def _answer(account: Account, completion: dict[str, Any], model: str, request_id: str | None) -> Answer:
    """A completion with a usage is a paid answer, even without a choice."""
    try:
        usage = _usage(completion.get("usage"))
        choices = completion.get("choices") or []
        choice = choices[0] if choices or not _spent(completion) else {}
        message = choice["message"] if choices else {}
        answer = Answer(
            text=message.get("refusal") or _said(message.get("content")) or _misplaced(choice, message),
            finish=_finish(choice.get("finish_reason"), message.get("refusal")),
            usage=usage,
            model=completion.get("model") or "",
            request_id=request_id or "",
        )
    except (ValueError, LookupError, TypeError, AttributeError):  # pydantic's ValidationError is a ValueError
        raise BrokenAnswer(f"{account.name} answered something that is not a chat completion.") from None
    error = choice.get("error") or (None if choices else completion.get("error"))
    if error and not answer.text:
        raise paid(failure_of(account, error_of(error), model), answer)
    return answer


def _said(content: Any) -> str:
    """The text of a message; of one in parts, those that are not its thinking."""
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content if part.get("type") in {"text", "output_text"})
    return json.dumps(content) if isinstance(content, dict) else content or ""


def _misplaced(choice: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    """An answer among the thoughts, where a server takes a model that did not think for one that did nothing else."""
    thoughts = message.get("reasoning_content") or message.get("reasoning")
    ended = _finish(choice.get("finish_reason"), None) is Finish.STOP
    is_one = isinstance(thoughts, str) and thoughts.lstrip().startswith(("{", "```")) and objects_in(thoughts)
    return str(thoughts) if ended and is_one else ""


def _spent(completion: Mapping[str, Any]) -> bool:
    usage = _usage(completion.get("usage"))
    return bool(usage.input_tokens or usage.output_tokens)


def _usage(usage: Any) -> Usage:
    """Thinking is output: some count it in it, some (Gemini's door, xAI) only in the total."""
    details = usage.get("prompt_tokens_details") if isinstance(usage, dict) else None
    read, written = tokens(usage, "prompt_tokens"), tokens(usage, "completion_tokens")
    return Usage(
        input_tokens=read,
        output_tokens=max(written, tokens(usage, "total_tokens") - read),
        cached_tokens=min(read, tokens(details, "cached_tokens") or tokens(usage, "prompt_cache_hit_tokens")),
    )


def _thought(completion: dict[str, Any]) -> int:
    """Output tokens that the model thought for; 1 where it did and isn't said to have; 0 where it did not."""
    usage = completion.get("usage")
    details = usage.get("completion_tokens_details") if isinstance(usage, dict) else None
    if counted := tokens(details, "reasoning_tokens"):
        return counted
    choices = completion.get("choices") or [{}]
    message = choices[0].get("message") or {}
    content = message.get("content")
    in_parts = isinstance(content, list) and any(part.get("type") == "thinking" for part in content)
    shown = message.get("reasoning_content") or message.get("reasoning")
    return int(bool(shown or in_parts or (isinstance(content, str) and "<think" in content[:200])))


def _finish(reason: str | None, refusal: str | None) -> Finish:
    if refusal or (reason or "").startswith("content_filter"):  # Gemini's door says what for behind it
        return Finish.REFUSAL
    return Finish.LENGTH if reason in {"length", "model_length", "max_tokens"} else Finish.STOP


def _build(account: Account) -> ChatCompletions:
    return ChatCompletions(account, tokens_field=TOKENS)


def _compatible(account: Account) -> ChatCompletions:
    return ChatCompletions(account, tokens_field=OLD_TOKENS)


TEXT = Kind(client=_build, probe=lambda account: _build(account).probe())
COMPATIBLE = Kind(client=_compatible, probe=lambda account: _compatible(account).probe())
MODERATION = Kind(client=Moderations)
