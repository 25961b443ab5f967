"""The rate limits a provider enforces: so many requests in any minute, so many tokens a minute."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable

Clock = Callable[[], float]


class RequestLimit:
    """`allowed` requests in any `minute` seconds, each provider by itself; None allows all."""

    def __init__(self, allowed: int | None, minute: float, clock: Clock = time.monotonic) -> None:
        self._allowed = allowed
        self._minute = minute
        self._clock = clock
        self._taken: defaultdict[str, deque[float]] = defaultdict(deque)

    def wait(self, provider: str) -> float:
        """Seconds until a request may pass; 0: now. Takes nothing."""
        now, taken = self._clock(), self._taken[provider]
        while taken and taken[0] <= now - self._minute:
            taken.popleft()
        return 0.0 if self._allowed is None or len(taken) < self._allowed else taken[0] + self._minute - now

    def take(self, provider: str) -> None:
        if self._allowed is not None:
            self._taken[provider].append(self._clock())


class TokenLimit:
    """`allowed` tokens a `minute` (seconds), each provider by itself; None allows all.

    A bucket that holds a minute's tokens, is full at first, and fills again evenly. Anthropic says that it counts so
    (https://platform.claude.com/docs/en/api/rate-limits). OpenAI's refusals show it: of 10,000 a minute 8,554 were
    used and 3,082 asked for, 1,636 too many, hence its "try again in 9.816s"
    (https://github.com/FoundationAgents/MetaGPT/issues/523).
    """

    def __init__(self, allowed: int | None, minute: float, clock: Clock = time.monotonic) -> None:
        self._allowed = allowed
        self._minute = minute
        self._clock = clock
        self._taken: defaultdict[str, tuple[float, float]] = defaultdict(lambda: (-math.inf, 0.0))

    def wait(self, provider: str, tokens: int) -> float:
        """Seconds until `tokens` may pass; 0: now, infinite: they are more than there ever are. Takes nothing."""
        if self._allowed is None:
            return 0.0
        missing = tokens + self._used(provider) - self._allowed
        return math.inf if tokens > self._allowed else max(0.0, missing * self._minute / self._allowed)

    def take(self, provider: str, tokens: int) -> None:
        """Also what is not there: an answer that is being written is not broken off."""
        if self._allowed is not None:
            self._taken[provider] = (self._clock(), self._used(provider) + tokens)

    def _used(self, provider: str) -> float:
        """Tokens that the bucket lacks now."""
        at, used = self._taken[provider]
        return max(0.0, used - (self._clock() - at) * (self._allowed or 0) / self._minute)
