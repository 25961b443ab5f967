"""Requests and tokens a minute shared by every worker: each leases a stretch of a common queue at a time.

While the server is away, a process goes on at its own share of the rate.
"""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from types import TracebackType
from typing import Self

from blocks.global_limits import GlobalLimit, limits_of
from blocks.stock import Stock, Stretch
from pressroom.calls.limiter import Line
from pressroom.calls.pace import Pace
from pressroom.calls.providers import Account

AWAY_SECONDS = 5.0
"""A server that didn't answer is left alone for so long, then for twice as long, up to `LONGEST_AWAY`."""
LONGEST_AWAY = 60.0
LEAST_SHARE = 0.25
"""Share of the rate that a process takes without the server, if it used less in the last minute."""

LOGGER = logging.getLogger("pressroom.leases")


class Steady:
    """Leases of a global limit, or while the server is away, of this process's own share."""

    def __init__(self, limit: GlobalLimit) -> None:
        self._limit = limit
        self._alone = Alone(limit.pace)
        self._away_until, self._away = -math.inf, AWAY_SECONDS

    def __enter__(self) -> Self:
        self._limit.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._limit.__exit__(kind, error, at)

    def lease(self, count: int) -> Stretch:
        if time.monotonic() < self._away_until:
            return self._alone.lease(count)
        try:
            stretch = self._limit.lease(count)
        except Exception as error:  # whatever it is: the work goes on
            self._leave_alone(error)
            return self._alone.lease(count)
        self._away_until, self._away = -math.inf, AWAY_SECONDS
        self._alone.note(count)
        return stretch

    def give_back(self, count: int) -> None:
        if self._away_until == -math.inf:
            self._limit.give_back(count)

    def _leave_alone(self, error: Exception) -> None:
        if self._away_until == -math.inf:
            LOGGER.warning(
                "The Prefect server doesn't share out %s (%s): this process goes on at its own share.",
                self._limit.name,
                _what(error),
            )
        self._away_until = time.monotonic() + self._away
        self._away = min(2 * self._away, LONGEST_AWAY)


class Alone:
    """Leases without the server, at this process's own share of the pace."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._free_at = -math.inf
        self._leased: deque[tuple[float, int]] = deque()

    def note(self, count: int) -> None:
        """The server has leased `count` permits to this process."""
        self._leased.append((time.monotonic(), count))
        self._forget()

    def lease(self, count: int) -> Stretch:
        self._forget()
        share = sum(leased for _, leased in self._leased) / self._pace.limit
        interval = self._pace.interval / min(1.0, max(LEAST_SHARE, share))
        at = max(self._free_at, time.monotonic())
        self._free_at = at + count * interval
        return Stretch(at, count, interval)

    def _forget(self) -> None:
        while self._leased and self._leased[0][0] < time.monotonic() - self._pace.window:
            self._leased.popleft()


def _what(error: Exception) -> str:
    """In a word; no text, which may hold an address with a password."""
    answer = getattr(error, "response", None)
    return f"status {answer.status_code}" if answer is not None else type(error).__name__


def shared(account: Account) -> Line:
    """A limiter for every worker that uses `account`, at the Prefect server's rate."""
    return line_of(*limits_of(account))


def line_of(requests: GlobalLimit | None, tokens: GlobalLimit | None) -> Line:
    """A limiter over these two limits; None: no limit."""
    first, second = _stock(requests), _stock(tokens)
    line = Line(first, second)
    for stock in filter(None, (first, second)):
        stock.line = line
    return line


def _stock(limit: GlobalLimit | None) -> Stock | None:
    return Stock(Steady(limit), limit.pace) if limit else None
