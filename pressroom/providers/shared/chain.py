"""A chain: providers in order. One that fails for a passing reason is tried again, then the next takes over."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from pressroom import providers
from pressroom.errors import BrokenAnswer, ChainExhausted, ContentRefused, Lasting, Passing
from pressroom.model import Answer, Finish, TextRequest
from pressroom.providers.shared.declare import Account, Moderator, TextProvider
from pressroom.providers.shared.prices import cost_microusd, price_of
from pressroom.store.ledger import CallRecord, Entry, Ledger


@dataclass(frozen=True)
class Patience:
    """How long one provider is given: attempts, seconds before the second one, longest Retry-After heeded."""

    attempts: int = 3
    backoff: float = 1.0
    retry_after_cap: float = 30.0
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Completion:
    """What a chain answered. `call_ids`: every answer it was read from, paid-for broken ones included, in order."""

    body: BaseModel
    account: str
    model: str
    call_ids: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """One account of a chain and the client that speaks for it, built when it is first asked."""

    account: Account
    build: Callable[[Account], TextProvider]

    @cached_property
    def client(self) -> TextProvider:
        return self.build(self.account)

    @cached_property
    def moderator(self) -> Moderator | None:
        """What judges texts at this account's provider, where it has such an endpoint."""
        build = providers.get(self.account.provider).moderation
        return build(self.account) if build else None


@dataclass(frozen=True)
class TextChain:
    """Safe to share between threads."""

    links: tuple[Link, ...]
    patience: Patience = field(default_factory=Patience)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(link.account.name for link in self.links)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the accounts, addresses and models, never with a key: part of cache keys."""
        accounts = [link.account.model_dump(mode="json", exclude={"api_key", "timeout"}) for link in self.links]
        return hashlib.sha256(json.dumps(accounts, sort_keys=True).encode()).hexdigest()[:16]

    def complete(self, request: TextRequest, ledger: Ledger, *, task: str = "") -> Completion:
        """The first usable answer of the chain; every call is in the ledger.

        Raises:
            ChainExhausted: no link gave one; names what each said.
        """
        found = self._received(request, ledger, task)
        if found is not None:
            return found
        said: list[str] = []
        call_ids: list[str] = []
        for link in self.links:
            try:
                body, model = _ask_link(link, request, ledger, task, self.patience, call_ids)
            except (Passing, Lasting) as error:
                said.append(f"{link.account.name}: {error.code}: {error}")
            else:
                return Completion(body=body, account=link.account.name, model=model, call_ids=tuple(call_ids))
        raise ChainExhausted(said, hint="`pressroom doctor` checks each provider.")

    def _received(self, request: TextRequest, ledger: Ledger, task: str) -> Completion | None:
        """The usable answer that an earlier try came to, whichever link gave it and however many failed before it."""
        call_ids: list[str] = []
        for link in self.links:
            broken: list[Finish] = []
            with suppress(ContentRefused):
                while entry := ledger.find(_record(link, _after(broken, request), len(broken), task)):
                    call_ids.append(entry.call_id)
                    try:
                        body = read(entry.answer, request.schema)
                    except BrokenAnswer:
                        broken.append(entry.answer.finish)
                        continue
                    model = entry.answer.model or _model(link, request)
                    return Completion(body=body, account=link.account.name, model=model, call_ids=tuple(call_ids))
        return None


def chain_of(accounts: Sequence[Account], patience: Patience) -> TextChain:
    """The chain over `accounts`, in their order; each one's plug-in is loaded when it is first asked."""
    return TextChain(
        links=tuple(Link(account, lambda chosen: providers.get(chosen.provider).text(chosen)) for account in accounts),
        patience=patience,
    )


def _ask_link(
    link: Link, request: TextRequest, ledger: Ledger, task: str, patience: Patience, call_ids: list[str]
) -> tuple[BaseModel, str]:
    broken: list[Finish] = []
    for attempt in _retrying(patience):
        with attempt:
            return _ask_past_broken(link, request, ledger, task, broken, call_ids)
    raise AssertionError("tenacity raises the last error")


def _ask_past_broken(
    link: Link, request: TextRequest, ledger: Ledger, task: str, broken: list[Finish], call_ids: list[str]
) -> tuple[BaseModel, str]:
    """One attempt. Broken answers received earlier are passed over: only a call made now counts as an attempt."""
    while True:
        entry = _ask_once(link, _after(broken, request), len(broken), ledger, task)
        call_ids.append(entry.call_id)
        try:
            return read(entry.answer, request.schema), entry.answer.model or _model(link, request)
        except BrokenAnswer:
            broken.append(entry.answer.finish)
            if not entry.reused:
                raise


def _ask_once(link: Link, request: TextRequest, again: int, ledger: Ledger, task: str) -> Entry:
    model = _model(link, request)
    price_of(model)  # a price file that can't be used is reported before money is spent
    return ledger.ask(
        _record(link, request, again, task),
        lambda: link.client.complete(request),
        lambda answer: cost_microusd(answer.model or model, answer.usage),
    )


def _record(link: Link, request: TextRequest, again: int, task: str) -> CallRecord:
    return CallRecord(
        kind="text",
        purpose=request.purpose,
        provider=link.account.name,
        model=_model(link, request),
        identity=_identity(request, again, link.account.base_url),
        prompt_hash=request.prompt_hash,
        task=task,
        timeout=link.account.timeout,
    )


def read(answer: Answer, schema: type[BaseModel]) -> BaseModel:
    """The answer as a value of `schema`.

    Raises:
        ContentRefused: the model declined. BrokenAnswer: it broke off, or wrote something else.
    """
    if answer.finish is Finish.REFUSAL:
        raise ContentRefused(f"The model declined: {answer.text[:200] or 'without a reason'}.")
    if answer.finish is Finish.LENGTH:
        raise _broken(f"The answer broke off at {answer.usage.output_tokens} output tokens.")
    if "\\u0000" in answer.text:  # PostgreSQL can't keep it
        raise _broken("The answer holds a NUL character, which no post has.")
    try:
        return schema.model_validate_json(answer.text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise _broken(f"The answer is not the JSON that was asked for: {where}: {first['msg']}.") from None


def _broken(message: str) -> BrokenAnswer:
    return BrokenAnswer(message, retry_after=0)  # the provider is well: nothing to wait for


def _after(broken: Sequence[Finish], request: TextRequest) -> TextRequest:
    """The request once more: with twice the room for every answer that broke off for want of it."""
    return replace(request, max_output_tokens=request.max_output_tokens * 2 ** list(broken).count(Finish.LENGTH))


def _identity(request: TextRequest, again: int, base_url: str | None) -> dict[str, Any]:
    return {
        "system": request.system,
        "prompt": request.prompt,
        "schema": _schema(request.schema),
        "temperature": request.temperature,
        "max_output_tokens": request.max_output_tokens,
        "variant": request.variant,
        "round": request.round,
        "again": again,
        "base_url": base_url,
    }


@lru_cache(maxsize=256)
def _schema(schema: type[BaseModel]) -> str:
    return json.dumps(schema.model_json_schema(), sort_keys=True)


def _model(link: Link, request: TextRequest) -> str:
    return link.account.model_for(request.purpose)


def _retrying(patience: Patience) -> Retrying:
    def worth_waiting(error: BaseException) -> bool:
        return isinstance(error, Passing) and (error.retry_after or 0) <= patience.retry_after_cap

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, Passing) else None
        pause = patience.backoff * 2.0 ** (state.attempt_number - 1) * random.uniform(1, 1.25)  # noqa: S311 (jitter)
        return pause if asked is None else asked + pause * 0.1

    return Retrying(
        stop=stop_after_attempt(patience.attempts),
        retry=retry_if_exception(worth_waiting),
        wait=wait,
        sleep=patience.sleep,
        reraise=True,
    )
