"""One request on its way through a chain: who was asked, what they said, who is left."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import Generic, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception

from pressroom.calls.books import Books
from pressroom.calls.calling import Call, ask
from pressroom.calls.deadline import Deadline
from pressroom.calls.ledger import CallRecord, Entry
from pressroom.calls.links import Link
from pressroom.calls.reading import ended
from pressroom.calls.requests import Request
from pressroom.calls.retry_policy import RetryPolicy
from pressroom.errors import BrokenAnswer, ChainExhausted, ContentRefused, DeadlinePassed, Lasting, LeftAlone, Passing
from pressroom.model import Finish

T = TypeVar("T")


@dataclass(frozen=True)
class Received(Generic[T]):
    """A chain's answer. `call_ids`: every answer it was read from, paid-for broken ones included, in order."""

    body: T
    account: str
    model: str
    call_ids: tuple[str, ...]


@dataclass
class Turn:
    """How far a link has got: attempts `left`, and how each `broken` answer it gave had ended."""

    link: Link
    left: int
    broken: list[Finish] = field(default_factory=list)


@dataclass
class Asking(Generic[T]):
    """`said`: (account, code, sentence) of each attempt, in order. `call_ids`: of every answer, in order."""

    policy: RetryPolicy
    request: Request[T]
    books: Books
    deadline: Deadline
    said: list[tuple[str, str, str]] = field(default_factory=list)
    call_ids: list[str] = field(default_factory=list)

    def received(self, links: tuple[Link, ...]) -> Received[T] | None:
        """The usable answer that an earlier try came to, whichever link gave it and however many failed before it."""
        for link in links:
            broken: list[Finish] = []
            with suppress(ContentRefused):
                while entry := self._found(record := self.request.record(link, broken, self.books.task)):
                    self.call_ids.append(entry.call_id)
                    try:
                        return self._received(link, record, entry)
                    except BrokenAnswer:
                        broken.append(ended(entry.answer))
        return None

    def _found(self, record: CallRecord) -> Entry | None:
        """The earlier answer, refusals included: one of another day is no answer, yet it belongs to what came of it."""
        return self.books.ledger.find(record, outdated=True)

    def complete(self, links: tuple[Link, ...]) -> Received[T]:
        """The first usable answer. A link that is left alone is passed over, and waited for when no other answers.

        Raises:
            ChainExhausted: no link gave one.
        """
        turns = [Turn(link, self.policy.attempts) for link in links]
        while turns:
            alone: list[tuple[Turn, LeftAlone]] = []
            for turn in turns:
                try:
                    return self._take(turn)
                except LeftAlone as error:
                    alone.append((turn, error))
                except DeadlinePassed:
                    raise self._exhausted() from None
                except (Passing, Lasting):
                    continue
            turns = [turn for turn, _ in alone]
            if not alone or not self._wait(*min(alone, key=lambda one: one[1].retry_after or 0)):
                break
        raise self._exhausted()

    def _take(self, turn: Turn) -> Received[T]:
        """A link's turn, until it answers or its attempts are used up."""
        for attempt in self._retrying(turn):
            with attempt:
                return self._attempt(turn)
        raise AssertionError("tenacity raises the last error")

    def _attempt(self, turn: Turn) -> Received[T]:
        try:
            return self._past_broken(turn)
        except (Passing, Lasting) as error:
            self._note(turn, error)
            turn.left -= not isinstance(error, LeftAlone)
            raise

    def _past_broken(self, turn: Turn) -> Received[T]:
        """One attempt. Broken answers received earlier are passed over: only a call made now counts as an attempt."""
        while True:
            call = Call(turn.link, self.request, self.books, tuple(turn.broken), self.deadline)
            entry = ask(call)
            self.call_ids.append(entry.call_id)
            try:
                return self._received(turn.link, call.record, entry)
            except BrokenAnswer:
                turn.broken.append(ended(entry.answer))
                if not entry.reused:
                    raise

    def _received(self, link: Link, record: CallRecord, entry: Entry) -> Received[T]:
        body = self.request.read(entry.answer)
        model = entry.answer.model or record.model
        return Received(body=body, account=link.account.name, model=model, call_ids=tuple(self.call_ids))

    def _retrying(self, turn: Turn) -> Retrying:
        return Retrying(
            retry=retry_if_exception(self.policy.is_worth_another),
            wait=lambda state: self.policy.pause(_error(state), state.attempt_number),
            stop=lambda state: turn.left <= 0 or self._too_late(turn, state.upcoming_sleep),
            sleep=self._sleep,
            reraise=True,
        )

    def _wait(self, turn: Turn, error: LeftAlone) -> bool:
        """Wait until a link that is left alone may be tried; False when that is too late."""
        seconds = error.retry_after or 0
        if self._too_late(turn, seconds):
            return False
        self._sleep(seconds)
        return True

    def _sleep(self, seconds: float) -> None:
        """A pause that a provider asks for, or that it is given to recover: its time, not ours."""
        with self.deadline.counting():
            self.policy.sleep(seconds)

    def _too_late(self, turn: Turn, seconds: float) -> bool:
        if seconds < self.deadline.left:
            return False
        message = f"The task's deadline comes before another attempt could be made ({seconds:.3g} s)."
        self._note(turn, DeadlinePassed(message))
        return True

    def _note(self, turn: Turn, error: Passing | Lasting) -> None:
        """Adds `error` to `said`; an account's new `LeftAlone` replaces its earlier one."""
        name = turn.link.account.name
        if isinstance(error, LeftAlone):
            self.said = [one for one in self.said if one[:2] != (name, error.code)]
        self.said.append((name, error.code, str(error)))

    def _exhausted(self) -> ChainExhausted:
        return ChainExhausted(
            [_line(*said, times=len(list(same))) for said, same in groupby(self.said)],
            hint="`pressroom doctor` checks each provider.",
        )


_ONE_STOP = re.compile(r"(?<!\.)\.{2}(?!\.)")
"""A provider's own sentence ends with one too."""


def _line(account: str, code: str, sentence: str, *, times: int) -> str:
    return f"{account}: {f'{times} x ' if times > 1 else ''}{code}: {_ONE_STOP.sub('.', sentence)}"


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
