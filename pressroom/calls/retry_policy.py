"""How long a provider is given, and for how long one that keeps failing is left alone."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from pressroom.calls.circuit import Circuit
from pressroom.errors import DeadlinePassed, LeftAlone, Passing


@dataclass(frozen=True)
class RetryPolicy:
    """Attempts at one provider, seconds before the second one, longest Retry-After heeded, seconds for a whole task.

    circuit_*: failures in a row after which an account is left alone, for how many seconds, and for how many at most.
    """

    attempts: int = 3
    backoff: float = 1.0
    retry_after_cap: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    deadline: float = 180.0
    circuit_failures: int = 5
    circuit_seconds: float = 30.0
    circuit_cap: float = 300.0
    clock: Callable[[], float] = time.monotonic

    def circuit(self, name: str) -> Circuit:
        return Circuit(
            name,
            failures=self.circuit_failures,
            seconds=self.circuit_seconds,
            cap=self.circuit_cap,
            clock=self.clock,
        )

    def is_worth_another(self, error: BaseException) -> bool:
        """True when the same request is worth repeating after `error` and a pause."""
        return (
            isinstance(error, Passing)
            and not isinstance(error, LeftAlone | DeadlinePassed)
            and (error.retry_after or 0) <= self.retry_after_cap
        )

    def pause(self, error: BaseException | None, attempt: int) -> float:
        """Seconds to wait after that attempt, counted from 1; spread, so that threads don't come back as one."""
        pause = self.backoff * 2.0 ** (attempt - 1) * random.uniform(1, 1.25)  # noqa: S311 (jitter)
        asked = error.retry_after if isinstance(error, Passing) else None
        return pause if asked is None else asked + max(asked, pause) * random.uniform(0, 0.1)  # noqa: S311
