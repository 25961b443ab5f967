"""Providers that speak a known dialect in their own way, as data: `profiles.json`.

`http://host:port/deepseek/v1` refuses what DeepSeek refuses, with its status and in its words, wraps an answer as its
model does, and counts as it counts. What they say is recorded from public reports; `reason` marks an endpoint that
can't be used at all, and which error that has to become.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import Field

from pressroom.model import Answer, Finish, Frozen
from sandbox.asks import Ask
from sandbox.outgoing import encoded
from sandbox.usage import tokens
from sandbox.wire import Request, Response


class Refused(Frozen):
    """A kind of request that is refused, and the answer. Without `field` and `role` it is every request."""

    field: str = Field(default="", description="A field of the body, with dots: `response_format.type`.")
    values: tuple[str, ...] = Field(default=(), alias="is", description="Only with these values.")
    above: int | None = Field(default=None, description="Only above that number.")
    role: tuple[str, ...] = Field(default=(), description="Messages of these roles.")
    unless_said: str = Field(default="", description="Not when this word stands in the messages.")
    status: int
    body: Any = None
    page: str = Field(default="", description="HTML in place of a body.")

    def fits(self, body: Mapping[str, Any]) -> bool:
        if self.role:
            return any(message.get("role") in self.role for message in body.get("messages", ()))
        value = _at(body, self.field)
        if self.field and value is None:
            return False
        said = json.dumps(body.get("messages", ())).lower()
        return (
            (not self.values or value in self.values)
            and (self.above is None or value > self.above)
            and not (self.unless_said and self.unless_said in said)
        )

    def response(self) -> Response:
        if self.page:
            return Response(self.status, self.page.encode(), {"content-type": "text/html; charset=UTF-8"})
        return Response(self.status, encoded(self.body))


class Thinking(Frozen):
    """tokens: of output, before a word is said. shown: where the thoughts stand, "" for nowhere."""

    tokens: int
    shown: Literal["", "reasoning", "reasoning_content", "parts"] = ""


class Profile(Frozen):
    """provider, model: how an account for it is configured. wraps: what stands before and after the answer."""

    about: str
    provider: Literal["openai", "compatible", "anthropic", "gemini"]
    model: str
    reason: str = ""
    refuses: tuple[Refused, ...] = ()
    wraps: tuple[str, str] = ("", "")
    thinks: Thinking | None = None
    usage: dict[str, Any] = Field(default={}, description="Its shape, with names of counts.")
    extra: dict[str, Any] = Field(default={}, description="Fields on top of the usual ones.")

    def refusal(self, body: Mapping[str, Any]) -> Response | None:
        return next((refused.response() for refused in self.refuses if refused.fits(body)), None)

    def said(self, ask: Ask, answer: Answer) -> Answer:
        """The answer as this model gives it: wrapped, and cut short where thinking leaves no room for it."""
        text = self.wraps[0] + answer.text + self.wraps[1]
        if self.thinks is None:
            return answer.model_copy(update={"text": text})
        output = self.thinks.tokens + tokens(text)
        finish = answer.finish
        if 0 < ask.max_output_tokens < output:
            text, finish, output = "", Finish.LENGTH, ask.max_output_tokens
        usage = answer.usage.model_copy(update={"output_tokens": output})
        return answer.model_copy(update={"text": text, "finish": finish, "usage": usage})

    def dressed(self, body: dict[str, Any], answer: Answer) -> dict[str, Any]:
        """The response with this provider's own fields in it."""
        if self.usage:
            body["usage"] = _counted(self.usage, self._counts(answer))
        if self.thinks and self.thinks.shown:
            self._show_thoughts(body["choices"][0]["message"])
        return body | self.extra

    def _counts(self, answer: Answer) -> dict[str, int]:
        usage, thought = answer.usage, min(self.thinks.tokens, answer.usage.output_tokens) if self.thinks else 0
        return {
            "input": usage.input_tokens,
            "output": usage.output_tokens,
            "said": usage.output_tokens - thought,
            "thought": thought,
            "cached": usage.cached_tokens,
            "total": usage.input_tokens + usage.output_tokens,
        }

    def _show_thoughts(self, message: dict[str, Any]) -> None:
        thoughts = "The person wants a post. I could begin with {a question}."
        assert self.thinks is not None
        if self.thinks.shown != "parts":
            message[self.thinks.shown] = thoughts
            return
        thinking = {"type": "thinking", "thinking": [{"type": "text", "text": thoughts}]}
        message["content"] = [thinking, {"type": "text", "text": message["content"] or ""}]


def find(request: Request) -> tuple[Profile | None, Request]:
    """The profile that the path begins with, and the request without it."""
    name, slash, rest = request.path.removeprefix("/").partition("/")
    profile = profiles().get(name) if slash else None
    return profile, replace(request, path=f"/{rest}") if profile else request


@lru_cache(maxsize=1)
def profiles() -> dict[str, Profile]:
    source = files("sandbox").joinpath("profiles.json").read_text("utf-8")
    return {name: Profile.model_validate(each) for name, each in json.loads(source)["profiles"].items()}


def _at(body: Any, path: str) -> Any:
    for step in path.split("."):
        body = body.get(step) if isinstance(body, Mapping) else None
    return body


def _counted(shape: Mapping[str, Any], counts: Mapping[str, int]) -> dict[str, Any]:
    """`shape` with the counts in place of their names."""
    return {
        name: _counted(each, counts) if isinstance(each, Mapping) else counts.get(each, each)
        for name, each in shape.items()
    }
