"""Pressroom learns from a model's refusals which parts of a request its endpoint accepts.

"OpenAI-compatible" is many things. A request is first made in full; what a refusal names is left out or said in
another way, until the endpoint answers. What went well is kept for the next request and the next run (`remembered`).
The ledger knows nothing of it: a request is the same request, however it had to be put.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel

from pressroom.calls import remembered
from pressroom.calls.failures import failure_of
from pressroom.calls.providers import Account
from pressroom.calls.reading import objects_in
from pressroom.calls.refusals import Refusal
from pressroom.errors import ProviderBusy, RequestRejected, UnknownModel
from pressroom.formats import prompts
from pressroom.model import Answer, Finish, TextRequest

T = TypeVar("T")

SCHEMA, OBJECT = "json_schema", "json_object"
TOKENS, OLD_TOKENS = "max_completion_tokens", "max_tokens"
ROOM, MOST_ROOM = 4096, 32_768
"""Output tokens for thinking that a model gets when it is first seen to think, and at most."""

_PLAIN = "plain"
_LEARNABLE = frozenset({400, 404, 415, 422, 500, 501})
"""Statuses with which something in a request is refused. A bare 404 or 500 tells of something else."""
_BLIND = frozenset({400, 415, 422, 501})

_TOPICS = {
    "tokens": r"max_?(completion|output|new)?_?tokens",
    "temperature": r"\btemperature\b|\btop_p\b|sampling param",
    "system": r"(system|developer)['\"`]? ?(role|message|instruction|prompt)|role.{0,40}\b(system|developer)\b"
    r"|messages?[.\[]*0\]?\.role|roles must alternate|system_?instruction|does not support ['\"`]?(system|developer)",
    "text": r"content.{0,160}(valid (list|array)|expected an? (list|array|sequence)|must be an? (list|array)"
    r"|want array|should be an? (list|array))",
    "format": r"response_?(format|schema|json_?schema|mime_?type)|json_?(schema|object)|json[_ -]?mode"
    r"|structured.?output|output_(format|config)|grammar|guided|invalid schema|schema for response"
    r"|requested parameters",
    "thinking": r"think|reasoning|\bbudget\b",
}
"""A pattern finds a refusal's topic, in this order: words of others' sentences come last."""

_CONTEXT = re.compile(r"context|prompt (is )?too|input (is )?too|too many (input )?tokens|reduce the length")
_TOO_MANY = re.compile(r"too (large|many|high|big)|at most|less than|greater than|exceed|maximum|range|<=|limit")


@dataclass(frozen=True)
class Accepted:
    """refused: what the model does not take. in_words: the schema stands in the prompt, too.

    most: output tokens it gives at most, 0 while that isn't known. room: output tokens for its thinking.
    proven: it has answered to a request that was put so.
    """

    refused: frozenset[str] = frozenset()
    in_words: bool = False
    most: int = 0
    room: int = 0
    proven: bool = False

    def takes(self, thing: str) -> bool:
        return thing not in self.refused

    @property
    def format(self) -> str:
        """How JSON is asked for: `json_schema`, `json_object`, or "" in words alone."""
        return next((form for form in (SCHEMA, OBJECT) if self.takes(form)), "")

    @property
    def role(self) -> str:
        """The instructions' role."""
        return next((role for role in ("system", "developer") if self.takes(role)), "user")

    def tokens_field(self, usual: str) -> str:
        """The field that limits the output; "" when the endpoint has none."""
        return next((name for name in (usual, TOKENS, OLD_TOKENS) if self.takes(name)), "")

    def output(self, asked: int) -> int:
        """Output tokens to ask for: room for thinking on top, within what the model gives."""
        wanted = asked + self.room
        return min(wanted, self.most) if self.most else wanted

    def system(self, request: TextRequest) -> str:
        """The instructions, with the schema where the endpoint is not given it otherwise."""
        if self.format == SCHEMA and not self.in_words:
            return request.system
        return f"{request.system}\n\n{in_words(request.schema)}".strip()

    def without(self, refusal: Refusal, asked: int, usual: str) -> Accepted | None:
        """Returns what to try after `refusal`; None when it names nothing to leave out or put otherwise.

        asked: output tokens of the request. usual: the field that limits them, if nothing is known.
        """
        if refusal.status not in _LEARNABLE:
            return None
        if (fewer := self._fewer(refusal, asked)) is not None:
            return fewer
        things = {
            "tokens": self.tokens_field(usual),
            "temperature": "temperature",
            "system": "" if self.role == "user" else self.role,
            "text": "text",
            "format": self.format,
            "thinking": "thinking",
        }
        for said in (" ".join(refusal.fields).lower(), refusal.text):
            for topic, signs in _TOPICS.items():
                if (thing := things[topic]) and self.takes(thing) and re.search(signs, said):
                    return replace(self, refused=self.refused | {thing, *_with(thing, said)})
        return None

    def plainest(self, refusal: Refusal) -> Accepted | None:
        """A request of words alone, for a refusal that names nothing; None when that was tried, or others went well."""
        if self.proven or refusal.status not in _BLIND or _CONTEXT.search(refusal.text) or not self.takes(_PLAIN):
            return None
        return replace(self, refused=self.refused | {_PLAIN, SCHEMA, OBJECT, "temperature", "system", "developer"})

    def _fewer(self, refusal: Refusal, asked: int) -> Accepted | None:
        """With fewer output tokens, where the refusal says how many there may be."""
        sent, said = self.output(asked), refusal.text
        if not (_TOO_MANY.search(said) and re.search(_TOPICS["tokens"] + "|output tokens|completion tokens", said)):
            return None
        numbers = [int(number) for number in re.findall(r"\d{2,7}", said.replace(",", ""))]
        below = sorted({number for number in numbers if number < sent}, reverse=True)
        if not below:
            return None
        if not _CONTEXT.search(said):
            return replace(self, most=below[0])
        left = max((n for n in numbers if n != sent), default=0) - max(below[1:], default=below[0])
        return replace(self, most=left) if 0 < left < sent else None


def _with(thing: str, said: str) -> set[str]:
    """Returns `developer` for `system` unless `said` suggests it: a model rarely takes only one of them."""
    if thing == "system" and not re.search(r"(use|try|instead)\W+['\"`]?developer", said):
        return {"developer"}
    return set()


def adapted(
    account: Account, model: str, send: Callable[[Accepted], T | Refusal], *, asked: int = 0, usual: str = TOKENS
) -> T:
    """Returns what `send` brings once `model` accepts the request.

    Raises:
        Passing, Lasting: what the refusal means that nothing could be learnt from.
    """
    known = accepted = of(account, model)
    refusals: list[Refusal] = []
    while isinstance(outcome := send(accepted), Refusal):
        refusals.append(outcome)
        failure = failure_of(account, outcome, model)
        better = None
        if isinstance(failure, RequestRejected | UnknownModel | ProviderBusy):
            better = accepted.without(outcome, asked, usual)
        if better is None and isinstance(failure, RequestRejected):
            better = accepted.plainest(outcome)
        if better is None:
            given_up = isinstance(failure, RequestRejected) and not accepted.takes(_PLAIN)
            raise failure_of(account, refusals[0], model) if given_up else failure
        accepted = better
    if accepted != known or not known.proven:
        short = any(_CONTEXT.search(refusal.text) for refusal in refusals)  # true of this request alone
        keep(account, model, replace(accepted, most=known.most if short else accepted.most, proven=True))
    return outcome


def learn(account: Account, model: str, answer: Answer, schema: type[BaseModel], *, thought: int = 0) -> None:
    """Learns from an answer that its model thinks, or that it breaks a schema that it isn't told in words.

    thought: output tokens that it thought for, 1 where that isn't said.
    """
    known = of(account, model)
    better = known
    if thought:
        doubled = known.room * 2 if answer.finish is Finish.LENGTH else known.room
        better = replace(better, room=min(max(ROOM, doubled, 2 * thought), MOST_ROOM))
    if answer.finish is Finish.STOP and not _keeps_to(answer.text, schema):
        better = replace(better, in_words=True)
    if better != known:
        keep(account, model, better)


def _keeps_to(text: str, schema: type[BaseModel]) -> bool:
    """True when an object in `text` has the schema's required fields, with any values."""
    needed = {name for name, field in schema.model_fields.items() if field.is_required()}
    return any(needed <= set(value) for value in objects_in(text))


def of(account: Account, model: str) -> Accepted:
    """Returns the facts known of `model` at the endpoint."""
    facts = remembered.facts(_address(account), model)
    thinks = account.provider != "gemini" and _thinks(model)  # Gemini's own door says how long it may think
    return Accepted(
        refused=frozenset(facts.get("refused", ())),
        in_words=bool(facts.get("in_words")),
        most=int(facts.get("most", 0)),
        room=int(facts.get("room", ROOM if thinks else 0)),
        proven=bool(facts.get("proven")),
    )


def keep(account: Account, model: str, accepted: Accepted) -> None:
    remembered.remember(_address(account), model, {**asdict(accepted), "refused": sorted(accepted.refused)})


def in_words(schema: type[BaseModel]) -> str:
    """Renders `schema` as words, for models that need them."""
    return _in_words(schema)


@lru_cache(maxsize=64)
def _in_words(schema: type[BaseModel]) -> str:
    return prompts.load("json").render(schema=json.dumps(schema.model_json_schema(), ensure_ascii=False))


def _address(account: Account) -> str:
    return f"{account.provider} {account.base_url or ''}"


@lru_cache(maxsize=256)
def _thinks(model: str) -> bool:
    """True when `models.json` says that a model thinks before it answers."""
    return re.search(remembered.models()["thinking"], model.lower()) is not None
