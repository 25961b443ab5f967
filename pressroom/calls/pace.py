"""How fast an account may be used: an even flow with a small burst.

Providers count over a sliding minute, a fixed one, or a leaking bucket, and they count arrivals. An even flow
suits all three, and it stays right when a process ends and the next one knows nothing of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

MINUTE = 60.0
BURST = 0.025
"""Share of the window that may be called for at once, after a silence."""
JITTER = 0.025
"""Share of the window by which a call may arrive later than it was let go."""


@dataclass(frozen=True)
class Pace:
    """An even flow of which no `window` seconds hold more than `limit` units: 95 % of the allowed rate."""

    limit: int
    window: float = MINUTE

    @property
    def burst(self) -> float:
        """Seconds by which a unit may come before its turn."""
        return self.window * BURST

    @property
    def interval(self) -> float:
        """Seconds a unit takes. In a window lie fewer than (window + jitter + burst) / interval of them."""
        return self.window * (1 + BURST + JITTER) / self.limit

    def charge(self, units: int) -> int:
        """Returns the charge of a call of `units`: more where a window has no room for a whole number of them.

        Three calls of 3,000 tokens fit into 10,000 a minute; at the plain price a fourth one would follow too soon.
        Where sizes differ, a window may hold more than the limit, by less than the largest call: OpenAI and Anthropic
        count tokens by a bucket that fills evenly, which doesn't notice.
        """
        return math.ceil(self.limit / (self.limit // units)) if 0 < units < self.limit else min(units, self.limit)


class Supply(Protocol):
    """Where permits of one kind come from. Called under the line's lock."""

    def ready_at(self, units: int, now: float, ahead: int = 0) -> float:
        """When `units` may be used, once `ahead` others are; infinite while it is unknown."""
        ...

    def take(self, units: int, now: float) -> None: ...

    def settle(self, estimated: int, used: int, now: float) -> None: ...

    def expect(self, first: int, all_waiting: int, now: float) -> None:
        """The line has changed: units the first in it waits for, and all in it together."""
        ...


class Flow:
    """A supply that is this process's alone.

    What calls give back may be more than the flow is ahead: of a long answer that was asked for, little came. That is
    good for as long as a burst, for waiting calls; else a small account would be used by half where most is given back.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._free_at = self._settled_at = -math.inf
        self._returned = 0.0

    def ready_at(self, units: int, now: float, ahead: int = 0) -> float:
        return self._turn(now) + ahead * self._pace.interval - self._pace.burst

    def take(self, units: int, now: float) -> None:
        self._move(self._pace.charge(units), now)

    def settle(self, estimated: int, used: int, now: float) -> None:
        self._move(self._pace.charge(used) - self._pace.charge(estimated), now)
        self._settled_at = now

    def _turn(self, now: float) -> float:
        """When the next unit's turn is; before `now` only by what was given back."""
        returned = self._returned if now <= self._settled_at + self._pace.burst else 0.0
        return max(self._free_at, now) - returned

    def _move(self, units: int, now: float) -> None:
        turn = self._turn(now) + units * self._pace.interval
        self._free_at, self._returned = max(turn, now), max(0.0, now - turn)

    def expect(self, first: int, all_waiting: int, now: float) -> None:
        """Nothing to prepare."""
