"""Counting what is done too often, shared between processes through the table `allowance`.

Time is cut into windows of equal length, the same for all processes. A process that counts often takes a `lease`
of several permits by one write and spends them on its own; so several processes together may refuse a little
early, and never let more through than the limit. What is refused in a window is refused without a write.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, text

from pressroom.errors import Throttled
from pressroom.store.database import Database
from pressroom.store.tables import UtcDateTime, new_id, utc_now

MOST_REMEMBERED = 50_000
"""Keys a process holds leases of; then it forgets them all, which costs a write each."""

_TAKE = text(
    "INSERT INTO allowance (id, created_at, key, window_start, count) "
    "VALUES (:id, :now, :key, :window_start, :permits) "
    "ON CONFLICT (key, window_start) DO UPDATE SET count = allowance.count + excluded.count RETURNING count"
).bindparams(bindparam("now", type_=UtcDateTime), bindparam("window_start", type_=UtcDateTime))

_GIVE_BACK = text(
    "UPDATE allowance SET count = CASE WHEN count > :permits THEN count - :permits ELSE 0 END "
    "WHERE key = :key AND window_start = :window_start"
).bindparams(bindparam("window_start", type_=UtcDateTime))


@dataclass
class _Lease:
    """Permits left of those taken in a window. `spent`: the shared count has reached the limit too."""

    window_start: datetime
    permits: int = 0
    spent: bool = False


_leases: dict[tuple[str, str, int], _Lease] = {}
_lock = threading.Lock()


def key_of(*parts: str) -> str:
    """A key for `count`: the kind (`sign-in`), then the other parts hashed, so that it reveals no address."""
    kind, *who = parts
    return f"{kind}:{hashlib.sha256(chr(0).join(who).encode()).hexdigest()[:40]}"


def count(database: Database, key: str, *, limit: int, window: timedelta, lease: int = 1) -> None:
    """Count one more of `key`, of which `limit` are allowed in a `window`.

    Raises:
        Throttled: that is one too many; says when the next window begins.
    """
    now = utc_now()
    start = _window_start(now, window)
    name = (database.label, key, int(window.total_seconds()))
    with _lock:
        held = _leases.get(name)
        if held is not None and held.window_start == start:
            if held.permits > 0:
                held.permits -= 1
                return
            if held.spent:
                raise _throttled(start + window - now)
    taken = _take(database, key, start, limit, max(1, min(lease, limit)))
    _remember(name, start, taken - 1, lease)
    if taken == 0:
        raise _throttled(start + window - now)


def give_back(database: Database, key: str, *, window: timedelta, permits: int = 1) -> None:
    """Uncount the last `permits`: what was counted beforehand turned out to be none of what is limited."""
    values = {"key": key, "window_start": _window_start(utc_now(), window), "permits": permits}
    with database.write() as session:
        session.execute(_GIVE_BACK, values)


def _take(database: Database, key: str, start: datetime, limit: int, wanted: int) -> int:
    """Take up to `wanted` permits from the shared count; how many there were."""
    values = {"id": new_id(), "now": utc_now(), "key": key, "window_start": start, "permits": wanted}
    with database.write() as session:
        total = int(session.execute(_TAKE, values).scalar_one())
    return max(0, min(wanted, limit - (total - wanted)))


def _remember(name: tuple[str, str, int], start: datetime, left: int, lease: int) -> None:
    """Keep what is left of a lease. Without leases nothing is kept: another process may give permits back."""
    if lease <= 1:
        return
    with _lock:
        if len(_leases) >= MOST_REMEMBERED:
            _leases.clear()
        held = _leases.get(name)
        if held is None or held.window_start != start:
            held = _leases[name] = _Lease(start)
        held.permits += max(0, left)
        held.spent = left < 0


def _window_start(now: datetime, window: timedelta) -> datetime:
    seconds = window.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)


def _throttled(wait: timedelta) -> Throttled:
    seconds = max(1.0, wait.total_seconds())
    return Throttled("Too many requests.", hint=f"Try again in {_words(seconds)}.", retry_after=seconds)


def _words(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute" if seconds > 50 else f"{round(seconds)} seconds"
