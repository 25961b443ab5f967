"""One request on its way through a chain: who was asked, what they said, who is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from pydantic import BaseModel
from tenacity import RetryCallState, Retrying, retry_if_exception

from pressroom.errors import BrokenAnswer, ChainExhausted, DeadlinePassed, Lasting, LeftAlone, Passing
from pressroom.model import Finish, TextRequest
from pressroom.providers.shared.calling import Call, ask
from pressroom.providers.shared.deadline import Deadline
from pressroom.providers.shared.declare import Purse
from pressroom.providers.shared.links import Link
from pressroom.providers.shared.patience import Patience
from pressroom.providers.shared.prices import cost_microusd, price_of
from pressroom.providers.shared.reading import after, read
from pressroom.store.ledger import Entry, Ledger

CHARACTERS_A_TOKEN = 4
"""As a rule of thumb, for what a call takes of its account's tokens a minute."""


@dataclass(frozen=True)
class Completion:
    """What a chain answered. `call_ids`: every answer it was read from, paid-for broken ones included, in order."""

    body: BaseModel
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
class Asking:
    """`said`: (account, code, sentence) of each attempt, in order. `call_ids`: of every answer, in order."""

    patience: Patience
    request: TextRequest
    ledger: Ledger
    task: str
    purse: Purse | None
    deadline: Deadline
    said: list[tuple[str, str, str]] = field(default_factory=list)
    call_ids: list[str] = field(default_factory=list)

    def complete(self, links: tuple[Link, ...]) -> Completion:
        """The first usable answer. A link that is left alone is passed over, and waited for when no other answers.

        Raises:
            ChainExhausted: no link gave one.
        """
        turns = [Turn(link, self.patience.attempts) for link in links]
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

    def _take(self, turn: Turn) -> Completion:
        """A link's turn, until it answers or its attempts are used up."""
        for attempt in self._retrying(turn):
            with attempt:
                return self._attempt(turn)
        raise AssertionError("tenacity raises the last error")

    def _attempt(self, turn: Turn) -> Completion:
        try:
            return self._past_broken(turn)
        except (Passing, Lasting) as error:
            self._note(turn, error)
            turn.left -= not isinstance(error, LeftAlone)
            raise

    def _past_broken(self, turn: Turn) -> Completion:
        """One attempt. Broken answers received earlier are passed over: only a call made now counts as an attempt."""
        while True:
            entry = self._ask(turn)
            self.call_ids.append(entry.call_id)
            try:
                body = read(entry.answer, self.request.schema)
            except BrokenAnswer:
                turn.broken.append(entry.answer.finish)
                if not entry.reused:
                    raise
            else:
                return self.completion(turn.link, entry, body)

    def _ask(self, turn: Turn) -> Entry:
        link, request = turn.link, after(turn.broken, self.request)
        model = link.model(request)
        price_of(model)  # a price file that can't be used is reported before money is spent
        call = Call(
            record=link.record(self.request, turn.broken, self.task),
            send=lambda: link.client.complete(request),
            cost=lambda answer: cost_microusd(answer.model or model, answer.usage),
            tokens=_tokens(request),
            limiter=link.limiter,
            purse=self.purse,
            deadline=self.deadline,
        )
        return ask(link, call, self.ledger)

    def completion(self, link: Link, entry: Entry, body: BaseModel) -> Completion:
        model = entry.answer.model or link.model(self.request)
        return Completion(body=body, account=link.account.name, model=model, call_ids=tuple(self.call_ids))

    def _retrying(self, turn: Turn) -> Retrying:
        return Retrying(
            retry=retry_if_exception(self.patience.is_worth_another),
            wait=lambda state: self.patience.pause(_error(state), state.attempt_number),
            stop=lambda state: turn.left <= 0 or self._too_late(turn, state.upcoming_sleep),
            sleep=self.patience.sleep,
            reraise=True,
        )

    def _wait(self, turn: Turn, error: LeftAlone) -> bool:
        """Wait until a link that is left alone may be tried; False when that is too late."""
        seconds = error.retry_after or 0
        if self._too_late(turn, seconds):
            return False
        self.patience.sleep(seconds)
        return True

    def _too_late(self, turn: Turn, seconds: float) -> bool:
        if seconds < self.deadline.left:
            return False
        message = f"The task's deadline comes before another attempt could be made ({seconds:.3g} s)."
        self._note(turn, DeadlinePassed(message))
        return True

    def _note(self, turn: Turn, error: Passing | Lasting) -> None:
        """What was said last of being left alone takes the place of what was said of it before."""
        name = turn.link.account.name
        if isinstance(error, LeftAlone):
            self.said = [one for one in self.said if one[:2] != (name, error.code)]
        self.said.append((name, error.code, str(error)))

    def _exhausted(self) -> ChainExhausted:
        return ChainExhausted(
            [_line(*said, times=len(list(same))) for said, same in groupby(self.said)],
            hint="`pressroom doctor` checks each provider.",
        )


def _line(account: str, code: str, sentence: str, *, times: int) -> str:
    return f"{account}: {f'{times} x ' if times > 1 else ''}{code}: {sentence}"


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _tokens(request: TextRequest) -> int:
    return (len(request.system) + len(request.prompt)) // CHARACTERS_A_TOKEN + request.max_output_tokens
