"""One thread of the process at a time for the same request: the others wait, and find in the ledger what it brought."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

_LOCKS: WeakValueDictionary[Hashable, threading.Lock] = WeakValueDictionary()
"""Each lock lives as long as a thread holds it or waits for it."""

_LOOKING_UP = threading.Lock()


@contextmanager
def alone(key: Hashable, seconds: float) -> Iterator[bool]:
    """Keeps other threads out that come with an equal `key`; waits at most `seconds` for the one that is inside.

    Gives whether the others are kept out: False when the one inside took longer.
    """
    with _LOOKING_UP:
        lock = _LOCKS.setdefault(key, threading.Lock())
    held = lock.acquire(timeout=min(seconds, threading.TIMEOUT_MAX))
    try:
        yield held
    finally:
        if held:
            lock.release()
