"""The server as a thing one can hold: in a background thread, or as the whole process."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from sandbox import dialects
from sandbox.control import PREFIX, control
from sandbox.faults import Fault, FaultRule
from sandbox.handler import Handler
from sandbox.hosting import LocalServer
from sandbox.records import Record
from sandbox.replies import Options, Reply, reply
from sandbox.wire import Request, Response

DEFAULT_KEY = "sandbox-key"


class ProviderServer(LocalServer):
    """A provider of text that costs nothing, over real HTTP.

    `options` are the fields of `Options`; `port` 0 takes a free one. Use it as a context manager: it is ready
    inside, and gone (with whatever still hung) outside.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, **options: Any) -> None:
        super().__init__(host=host, port=port)
        self._options = Options(**options)
        self._handler = Handler(self._options)

    # Where it is

    @property
    def openai_url(self) -> str:
        return f"{self.url}/v1"

    @property
    def anthropic_url(self) -> str:
        return self.url

    @property
    def gemini_url(self) -> str:
        return self.url

    @property
    def stability_url(self) -> str:
        return self.url

    @property
    def elevenlabs_url(self) -> str:
        return self.url

    @property
    def azure_url(self) -> str:
        return self.url

    @property
    def google_url(self) -> str:
        return self.url

    @property
    def key(self) -> str:
        """A key it accepts."""
        accepted = self._options.accepted_keys
        return accepted[0] if accepted else DEFAULT_KEY

    @property
    def env(self) -> dict[str, str]:
        """The variables that point the SDKs, and Pressroom, here."""
        return {
            "OPENAI_BASE_URL": self.openai_url,
            "OPENAI_API_KEY": self.key,
            "ANTHROPIC_BASE_URL": self.anthropic_url,
            "ANTHROPIC_API_KEY": self.key,
            "GEMINI_BASE_URL": self.gemini_url,
            "GEMINI_API_KEY": self.key,
            "STABILITY_BASE_URL": self.stability_url,
            "STABILITY_API_KEY": self.key,
            "ELEVENLABS_BASE_URL": self.elevenlabs_url,
            "ELEVENLABS_API_KEY": self.key,
            "AZURE_BASE_URL": self.azure_url,
            "AZURE_API_KEY": self.key,
            "GOOGLE_BASE_URL": self.google_url,
            "GOOGLE_API_KEY": self.key,
        }

    # What it is told

    def enqueue(self, *replies: Reply | Fault | BaseModel | dict[str, Any] | list[Any] | str) -> None:
        """Answers for the next requests, one each: a reply, a fault, the model's text or value."""
        self._handler.plan.enqueue(*map(reply, replies))

    def fail(self, fault: Fault, **rule: Any) -> None:
        """`fault` for every request in scope until reset; `rule`: the other fields of `FaultRule`."""
        self.fail_by(FaultRule(fault=fault, **rule))

    def fail_by(self, *rules: FaultRule) -> None:
        self._handler.plan.stand(*rules)

    def configure(self, **changes: Any) -> None:
        """Other options from now on; history and script stay."""
        self._options = Options(**{**self._options.model_dump(), **changes})
        self._handler.adopt(self._options)

    def reset(self) -> None:
        """Forgets history, counts, script and standing faults; the options stay."""
        self._handler = Handler(self._options)

    # What it was asked

    @property
    def history(self) -> list[Record]:
        return self._handler.log.history()

    @property
    def counts(self) -> dict[str, Any]:
        """See `Log.counts`; `waiting` counts the scripted replies that no request has used yet."""
        return {**self._handler.log.counts(), "waiting": self.waiting}

    @property
    def waiting(self) -> int:
        return self._handler.plan.waiting

    def before_serving(self) -> None:
        dialects.find("GET", "/")  # imports them all

    async def respond(self, request: Request) -> Response:
        if request.path.startswith(PREFIX):
            return control(self, request)
        return await self._handler.respond(request)
