"""Scripted replies, and the options of the server."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, Field

from pressroom.model import Frozen
from sandbox.faults import PASSING, Fault, Scope


class Reply(Scope):
    """One scripted answer, for the next request in its scope. Give one of `text`, `data`, `fault`, `body`."""

    text: str | None = Field(default=None, description="What the model says, word for word; of a picture, base64.")
    data: Any = Field(default=None, description="What the model says, as a value to be made JSON.")
    fault: Fault | None = Field(default=None, description="What goes wrong with the answer.")
    body: Any = Field(default=None, description="The whole HTTP body as a JSON value, past any dialect.")
    status: int = Field(default=200, description="Status sent with `body`.")
    headers: dict[str, str] = Field(default={}, description="Sent with `body`.")
    seconds: float | None = Field(
        default=None, ge=0, description="Delay of this answer; Retry-After of a 429; pause of a `trickle`."
    )

    @property
    def said(self) -> str | None:
        """The model's text, when this reply has one."""
        if self.text is None and self.data is not None:
            return json.dumps(self.data, ensure_ascii=False)
        return self.text


def reply(value: Reply | Fault | BaseModel | dict[str, Any] | list[Any] | str) -> Reply:
    """Short forms: a fault, the model's text, or the value (pydantic or plain) the text is the JSON of."""
    match value:
        case Reply():
            return value
        case Fault():
            return Reply(fault=value)
        case BaseModel():
            return Reply(data=value.model_dump(mode="json"))
        case str():
            return Reply(text=value)
        case _:
            return Reply(data=value)


Seconds = Annotated[float, Field(ge=0)]


class Options(Frozen):
    """How the server behaves from the start and after a reset."""

    latency: Seconds | tuple[Seconds, Seconds] = Field(
        default=0.0, description="Seconds from a text request's arrival to its answer, or the range they are in."
    )
    moderation_latency: float = Field(default=0.0, ge=0, description="The same for moderation.")
    image_latency: float = Field(default=0.0, ge=0, description="The same for pictures.")
    job_looks: int = Field(
        default=0, ge=0, description="How often a job that was handed in is asked about before its result is there."
    )
    fault_rate: float = Field(default=0.0, ge=0, le=1, description="Share of text requests something goes wrong with.")
    faults: tuple[Fault, ...] = Field(default=PASSING, description="What the rate picks from.")
    retry_after: float = Field(default=1.0, ge=0, description="Seconds of Retry-After where a fault names none.")
    seed: int = Field(default=0, description="The same requests, the same seed: the same faults and latencies.")
    accepted_keys: tuple[str, ...] | None = Field(
        default=None, description="Other keys get 401; None: any key will do."
    )
    known_models: tuple[str, ...] | None = Field(default=None, description="Others get 404; None: any model will do.")
    requests_a_minute: int | None = Field(default=None, ge=1, description="Text requests per provider; more get 429.")
    tokens_a_minute: int | None = Field(
        default=None, ge=1, description="Tokens of texts per provider, counted as it counts; more get 429."
    )
    minute: float = Field(default=60.0, gt=0, description="Seconds those limits' minute lasts.")
    made_up_ideas: bool = Field(
        default=False, description="Ideas are made up by number: 12,000, no two alike, where the topic bank has 400."
    )
    flagged: dict[str, str] = Field(default={}, description="Words moderation flags, each with its category.")
    history_size: int = Field(default=5000, ge=1, description="Requests remembered; counts go on beyond it.")
