"""Permits that a process has leased, and the thread that gets more of them ahead of need."""

from __future__ import annotations

import math
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread
from types import TracebackType
from typing import Protocol, Self

from pressroom.calls.limiter import Line
from pressroom.calls.pace import Pace

LEASE = 1 / 40
"""Most of a window that is leased at once; permits that nobody waits for are good for as long after their turn."""
LONGEST_LEASE = 1 / 15
"""The same where leases are slow to come: one lasts `ROUND_TRIPS` times as long as getting it takes."""
ROUND_TRIPS = 4
IDLE_SECONDS = 30.0
"""A thread without work ends after so long."""


@dataclass
class Stretch:
    """`count` permits: the first is good from `at` on (`time.monotonic`), the next `interval` seconds later."""

    at: float
    count: int
    interval: float


class Source(Protocol):
    """Where leases come from. For one thread at a time, inside its `with`."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def lease(self, count: int) -> Stretch:
        """The next `count` permits. Never fails."""
        ...

    def give_back(self, count: int) -> None:
        """Let others have `count` permits whose turn is still to come."""
        ...


class Stock:
    """A `Supply` of leased permits. `line`: whose callers wait for them; set before the first is expected."""

    line: Line

    def __init__(self, source: Source, pace: Pace) -> None:
        self._source, self._pace = source, pace
        self._changed = Condition()
        self._held: deque[Stretch] = deque()
        self._first = self._waiting = 0
        self._debt = self._unwanted = self._taken = 0
        self._leased_at = time.monotonic()
        self._round_trip = 0.0
        self._thread: Thread | None = None

    def ready_at(self, units: int, now: float, ahead: int = 0) -> float:
        with self._changed:
            needed, at = self._pace.charge(units) + ahead, -math.inf
            for stretch in self._held:
                if needed <= 0:
                    break
                at, needed = max(at, stretch.at), needed - stretch.count
            return at if needed <= 0 else math.inf

    def take(self, units: int, now: float) -> None:
        with self._changed:
            self._debt += self._use(self._pace.charge(units))
            self._taken += units

    def settle(self, estimated: int, used: int, now: float) -> None:
        with self._changed:
            unused = self._pace.charge(estimated) - self._pace.charge(used)
            if unused > 0:
                self._held.appendleft(Stretch(now, unused, 0.0))
            self._debt = self._use(self._debt + max(0, -unused))

    def expect(self, first: int, all_waiting: int, now: float) -> None:
        with self._changed:
            if not (self._waiting and all_waiting):
                self._clear(now)
            self._first, self._waiting = self._pace.charge(first), all_waiting
            if self._wanted() or self._unwanted:
                self._set_to_work()

    def _use(self, units: int) -> int:
        """Take `units` of what is held, the oldest first; how many were not there."""
        while units and self._held:
            stretch = self._held[0]
            used = min(units, stretch.count)
            stretch.count, stretch.at, units = stretch.count - used, stretch.at + used * stretch.interval, units - used
            if not stretch.count:
                self._held.popleft()
        return units

    def _clear(self, now: float) -> None:
        """When nobody waits: forget permits whose turn is long past; those whose turn is far are for others."""
        good_for = LEASE * self._pace.window
        while self._held and self._held[0].at < now - good_for:
            first = self._held[0]
            late = math.ceil((now - good_for - first.at) / first.interval) if first.interval else first.count
            self._use(min(late, first.count))
        while self._held and self._held[-1].at > now + good_for:
            self._unwanted += self._held.pop().count

    def _wanted(self) -> int:
        """How many permits to lease now; 0 for none."""
        held = sum(stretch.count for stretch in self._held) - self._debt
        missing = max(self._first, self._waiting) - held
        most = self._most()
        if not self._waiting or missing <= 0 or held >= max(self._first, most // 2):
            return 0
        lately = int(self._taken / max(0.01, time.monotonic() - self._leased_at) * LEASE * self._pace.window)
        return max(min(max(missing, lately), most), self._first - held)

    def _most(self) -> int:
        longest = LONGEST_LEASE * self._pace.window
        seconds = max(LEASE * self._pace.window, min(ROUND_TRIPS * self._round_trip, longest))
        return max(1, int(seconds / self._pace.interval))

    # The thread that gets leases

    def _set_to_work(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._work, name="leases", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _work(self) -> None:
        with self._source:
            while (order := self._next_order()) is not None:
                wanted, unwanted = order
                if unwanted:
                    with suppress(Exception):  # it will drain by itself
                        self._source.give_back(unwanted)
                if wanted:
                    asked = time.monotonic()
                    self._receive(self._source.lease(wanted), time.monotonic() - asked)

    def _next_order(self) -> tuple[int, int] | None:
        """How many to lease and how many to give back; None when there has been nothing to do for long."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._wanted() or self._unwanted, IDLE_SECONDS):
                self._thread = None
                return None
            wanted, unwanted, self._unwanted = self._wanted(), self._unwanted, 0
            return wanted, unwanted

    def _receive(self, stretch: Stretch, round_trip: float) -> None:
        with self._changed:
            self._round_trip = round_trip
            self._held.append(stretch)
            self._debt = self._use(self._debt)
            self._taken, self._leased_at = 0, time.monotonic()
        self.line.wake()
