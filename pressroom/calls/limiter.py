"""Callers of an account wait for permits in the order they came.

The libraries there are (limits, pyrate-limiter) leave the order of waiting threads to chance and take nothing back.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Lock
from typing import Protocol

from pressroom.calls.pace import MINUTE, Flow, Pace, Supply
from pressroom.errors import RateLimited


class Limiter(Protocol):
    """Shares out the requests and tokens an account may use a minute. Safe to use from many threads at once."""

    def acquire(self, tokens: int, deadline: float | None) -> None:
        """Wait for the permit for one request of about `tokens` tokens; `deadline`: seconds of `time.monotonic`.

        Raises:
            RateLimited: no permit before the deadline; nothing was taken.
        """
        ...

    def pause(self, seconds: float) -> None:
        """Let no request go for so long: the provider has said so."""
        ...

    def settle(self, estimated: int, used: int) -> None:
        """After each `acquire`, once: the call took `used` tokens of the limit where `estimated` had been taken."""
        ...


@dataclass(eq=False)
class _Waiting:
    tokens: int
    turn: Condition


class Line:
    """A `Limiter`: callers wait in the order they came. Waiting costs a thread two wake-ups."""

    def __init__(
        self, requests: Supply | None, tokens: Supply | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._requests, self._tokens, self._clock = requests, tokens, clock
        self._lock = Lock()
        self._line: deque[_Waiting] = deque()
        self._tokens_ahead = 0
        self._paused_until = -math.inf

    def acquire(self, tokens: int, deadline: float | None) -> None:
        """Wait for a request's turn. See `Limiter`."""
        with self._lock:
            self._refuse_if_late(self._ready_at(tokens, len(self._line), self._tokens_ahead), deadline)
            me = _Waiting(tokens, Condition(self._lock))
            self._enter(me)
            try:
                self._wait(me, deadline)
                self._take(tokens)
            finally:
                self._leave(me)

    def settle(self, estimated: int, used: int) -> None:
        """Give back tokens that were not used, or take those that were used beyond the estimate."""
        if self._tokens is None or estimated == used:
            return
        with self._lock:
            self._tokens.settle(estimated, used, self._clock())
            self._wake_first()

    def pause(self, seconds: float) -> None:
        """Let no call go for `seconds`: the provider asked, as others may use the account too."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def wake(self) -> None:
        """New permits are there."""
        with self._lock:
            self._wake_first()

    def _wait(self, me: _Waiting, deadline: float | None) -> None:
        while True:
            ready = self._ready_at(me.tokens) if self._line[0] is me else math.inf
            now = self._clock()
            if ready <= now:
                return
            self._refuse_if_late(ready, deadline)
            until = min(ready, math.inf if deadline is None else deadline)
            me.turn.wait(None if until == math.inf else until - now)

    def _ready_at(self, tokens: int, requests_ahead: int = 0, tokens_ahead: int = 0) -> float:
        now, ready = self._clock(), self._paused_until
        if self._requests is not None:
            ready = max(ready, self._requests.ready_at(1, now, requests_ahead))
        if self._tokens is not None:
            ready = max(ready, self._tokens.ready_at(tokens, now, tokens_ahead))
        return ready

    def _refuse_if_late(self, ready: float, deadline: float | None) -> None:
        now = self._clock()
        if deadline is not None and ready > deadline and (ready < math.inf or now >= deadline):
            wait = f"{ready - now:.1f} s away" if now < ready < math.inf else "not in sight"
            raise RateLimited(
                f"The account's own limit is reached: the next call is {wait}.",
                hint="Raise it where the provider allows more.",
                retry_after=max(0.0, ready - now) if ready < math.inf else None,
            )

    def _take(self, tokens: int) -> None:
        now = self._clock()
        if self._requests is not None:
            self._requests.take(1, now)
        if self._tokens is not None:
            self._tokens.take(tokens, now)

    def _enter(self, me: _Waiting) -> None:
        self._line.append(me)
        self._tokens_ahead += me.tokens
        self._expect()

    def _leave(self, me: _Waiting) -> None:
        self._line.remove(me)
        self._tokens_ahead -= me.tokens
        self._expect()
        self._wake_first()

    def _expect(self) -> None:
        now = self._clock()
        if self._requests is not None:
            self._requests.expect(min(1, len(self._line)), len(self._line), now)
        if self._tokens is not None:
            self._tokens.expect(self._line[0].tokens if self._line else 0, self._tokens_ahead, now)

    def _wake_first(self) -> None:
        if self._line:
            self._line[0].turn.notify()


def in_process(requests: int, tokens: int, window: float = MINUTE) -> Line:
    """A limiter for one process alone. `requests`, `tokens`: at most so many in `window` seconds; 0: no limit."""
    return Line(
        Flow(Pace(requests, window)) if requests else None,
        Flow(Pace(tokens, window)) if tokens else None,
    )
