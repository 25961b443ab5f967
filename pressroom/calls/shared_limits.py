"""Requests and tokens a minute shared by all workers: permits leased from the table `allowance`, several at a time.

The row of an account counts permits since the hour began, used and due, as a queue that drains at the allowed pace:
a worker that takes some learns its turn from the count. So workers are let go in order, none asks twice, and what a
killed worker held drains like the rest. While the database is away no call can be recorded, hence none is made.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, text
from sqlmodel import Session

from pressroom.calls.limiter import Line
from pressroom.calls.pace import MINUTE, Pace
from pressroom.calls.providers import Account
from pressroom.store.database import Database
from pressroom.store.tables import UtcDateTime, new_id, utc_now

LEASE = 1 / 40
"""Share of a minute that is leased at once where many calls wait: one write for so many of them."""

HOUR = 3600.0
MOST = 2**31 - 1
"""Largest count of the column."""

_TAKE = text(
    "INSERT INTO allowance (id, created_at, key, window_start, count) "
    "VALUES (:id, :now, :key, :window_start, :due + :permits) "
    "ON CONFLICT (key, window_start) DO UPDATE SET count = "
    "CASE WHEN allowance.count > :due THEN allowance.count ELSE :due END + :permits RETURNING count"
).bindparams(bindparam("now", type_=UtcDateTime), bindparam("window_start", type_=UtcDateTime))

_COUNT = text("SELECT count FROM allowance WHERE key = :key AND window_start = :window_start").bindparams(
    bindparam("window_start", type_=UtcDateTime)
)


@dataclass
class _Stretch:
    """`count` permits: the first is good from `at` on, in seconds of the line's clock, the others one after another."""

    at: float
    count: int


class Leased:
    """A `Supply` of permits that all processes with this database share. key: of the account and the unit."""

    def __init__(
        self, database: Database, key: str, pace: Pace, *, time_of_day: Callable[[], datetime] = utc_now
    ) -> None:
        self._database, self._key, self._pace, self._time_of_day = database, key, pace, time_of_day
        self._held: deque[_Stretch] = deque()
        self._waiting = 0

    def ready_at(self, units: int, now: float, ahead: int = 0) -> float:
        needed = self._pace.charge(units) + ahead
        self._forget(now)
        missing = needed - self._count()
        if missing > 0 and not ahead:
            self._lease(missing, now)
            missing = 0
        at = now
        for stretch in self._held:
            used = min(needed, stretch.count)
            at, needed = max(at, stretch.at), needed - used
            if needed <= 0:
                break
        return at + missing * self._pace.interval

    def take(self, units: int, now: float) -> None:
        left = self._pace.charge(units)
        if (missing := left - self._count()) > 0:
            self._lease(missing, now)
        self._use(left)

    def settle(self, estimated: int, used: int, now: float) -> None:
        unused = self._pace.charge(estimated) - self._pace.charge(used)
        if unused > 0:
            self._held.appendleft(_Stretch(now, unused))
        elif unused < 0 and (missing := -unused - self._use(-unused)) > 0:
            self._take(missing)  # what was used beyond the estimate others wait for

    def expect(self, first: int, all_waiting: int, now: float) -> None:
        self._waiting = all_waiting

    def _count(self) -> int:
        return sum(stretch.count for stretch in self._held)

    def _use(self, units: int) -> int:
        """Take up to `units` of those held, the oldest first; how many there were."""
        left = units
        while left and self._held:
            stretch = self._held[0]
            used = min(left, stretch.count)
            stretch.count, stretch.at, left = stretch.count - used, stretch.at + used * self._pace.interval, left - used
            if not stretch.count:
                self._held.popleft()
        return units - left

    def _forget(self, now: float) -> None:
        """Permits whose turn is long past are not used late: others would be let go at the same time."""
        good_for = max(self._pace.burst, LEASE * self._pace.window)
        while self._held and (late := now - good_for - self._held[0].at) > 0:
            if self._use(min(self._held[0].count, math.ceil(late / self._pace.interval))) == 0:
                return

    def _lease(self, missing: int, now: float) -> None:
        many = max(1, int(LEASE * self._pace.window / self._pace.interval))
        count = max(missing, min(many, self._waiting))
        self._held.append(_Stretch(now + self._take(count) - self._pace.burst, count))

    def _take(self, count: int) -> float:
        """Take `count` permits of the shared queue; seconds until the turn of the first, less than 0 once it was."""
        now = self._time_of_day()
        seconds = now.timestamp() % HOUR
        start = datetime.fromtimestamp(now.timestamp() - seconds, UTC)
        values = {"key": self._key, "window_start": start}
        with self._database.write() as session:
            due = max(int(seconds / self._pace.interval), self._carried(session, start))
            row = {**values, "id": new_id(), "now": now, "due": min(due, MOST - count), "permits": count}
            total = int(session.execute(_TAKE, row).scalar_one())
        return (total - count) * self._pace.interval - seconds

    def _carried(self, session: Session, start: datetime) -> int:
        """How far the queue of the hour before reaches into this one, in permits."""
        before = {"key": self._key, "window_start": datetime.fromtimestamp(start.timestamp() - HOUR, UTC)}
        count = session.execute(_COUNT, before).scalar_one_or_none()
        return max(0, int(count or 0) - int(HOUR / self._pace.interval))


def shared(database: Database, account: Account, kind: str) -> Line:
    """A limiter for every worker that uses `account` for texts or for pictures, at the database's pace."""
    return Line(
        _leased(database, f"{account.name}:{kind}:requests", account.requests_a_minute),
        _leased(database, f"{account.name}:{kind}:tokens", account.tokens_a_minute),
    )


def _leased(database: Database, key: str, limit: int) -> Leased | None:
    return Leased(database, f"calls:{key}", Pace(limit, MINUTE)) if limit else None
