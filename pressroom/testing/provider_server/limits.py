"""The rate limit a provider enforces: so many requests in any minute."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable


class RateLimit:
    """`allowed` requests in any `minute` seconds, each provider by itself; None allows all."""

    def __init__(self, allowed: int | None, minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowed = allowed
        self._minute = minute
        self._clock = clock
        self._taken: defaultdict[str, deque[float]] = defaultdict(deque)

    def wait(self, provider: str) -> float | None:
        """Takes one request; None when it may pass, else the seconds until one may."""
        if self._allowed is None:
            return None
        now, taken = self._clock(), self._taken[provider]
        while taken and taken[0] <= now - self._minute:
            taken.popleft()
        if len(taken) >= self._allowed:
            return taken[0] + self._minute - now
        taken.append(now)
        return None
