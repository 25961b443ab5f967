"""A circuit breaker: what has failed too often in a row is left alone for a while, then tried with one call."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from pressroom import metrics
from pressroom.calls import deadline
from pressroom.errors import Lasting, LeftAlone, Passing

T = TypeVar("T")

TRIAL_POLL_SECONDS = 0.25
"""How soon to ask again how the one call went that tries what was left alone."""

LOGGER = logging.getLogger("pressroom.chain")


class Circuit:
    """One endpoint of one account, watched by all threads of the process.

    failures: passing failures in a row that open it. seconds: how long it then stays open, unless the provider
    itself asked for another while; doubled at each failed trial, up to `cap`.
    """

    def __init__(
        self,
        name: str,
        *,
        failures: int = 5,
        seconds: float = 30.0,
        cap: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._failures, self._seconds, self._cap, self._clock = failures, seconds, cap, clock
        self._lock = Lock()
        self._failed = 0
        self._pause = seconds
        self._open_until: float | None = None
        self._trial: Permit | None = None

    def check(self) -> None:
        """Raises `LeftAlone` while no call may be made."""
        with self._lock:
            self._check()

    @contextmanager
    def enter(self) -> Iterator[Permit]:
        """The permit for one call, which is the trial once the circuit has been open for its while.

        Raises:
            LeftAlone: no call may be made now; `retry_after` says when to ask again.
        """
        permit = Permit(self)
        with self._lock:
            self._check()
            if self._open_until is not None:
                self._trial = permit
        try:
            yield permit
        finally:
            with self._lock:
                if self._trial is permit:
                    self._trial = None

    def _check(self) -> None:
        if self._open_until is None:
            return
        left = self._open_until - self._clock()
        if left > 0:
            raise LeftAlone(f"{self._name} is left alone for another {math.ceil(left)} s.", retry_after=left)
        if self._trial is not None:
            raise LeftAlone(f"{self._name} is left alone while one call tries it.", retry_after=TRIAL_POLL_SECONDS)

    def succeeded(self) -> None:
        """It answered: whatever was before is forgotten."""
        with self._lock:
            self._failed, self._pause, self._open_until, self._trial = 0, self._seconds, None, None

    def failed(self, permit: Permit, asked: float | None) -> None:
        """It failed for a passing reason. `asked`: seconds the provider wants to be left alone, if it said so."""
        with self._lock:
            if self._open_until is None:
                self._failed += 1
                if self._failed >= self._failures:
                    self._open(asked or self._pause)
            elif self._trial is permit:  # others began before it opened, and tell nothing new
                self._pause = min(self._pause * 2, self._cap)
                self._open(max(asked or 0, self._pause))

    def _open(self, seconds: float) -> None:
        length = min(seconds, self._cap)
        self._open_until, self._failed, self._trial = self._clock() + length, 0, None
        metrics.circuit_opened(self._name, length)
        LOGGER.warning("%s keeps failing and is left alone for %.3g s.", self._name, length)


class Permit:
    """Leave to make one call, whose outcome the circuit learns."""

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit

    def call(self, send: Callable[[], T]) -> T:
        """Returns what `send` returns. A call cut short by its task's deadline says nothing of the provider."""
        try:
            answer = send()
        except Passing as error:
            if not deadline.is_over():
                self._circuit.failed(self, error.retry_after)
            raise
        except Lasting:
            self._circuit.succeeded()
            raise
        self._circuit.succeeded()
        return answer
