"""A task has a deadline, which the code it calls in the same thread can read."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pressroom.errors import DeadlinePassed

_ENDS: ContextVar[float] = ContextVar("task_ends", default=math.inf)


@dataclass
class Deadline:
    """How long providers may take for a task, all calls and the pauses they ask for together; safe for one thread.

    What we wait for among ourselves (a turn at the processor, a limiter's permit, the database, another thread with the
    same request) is no time of theirs, and ends no task whose providers answer at once.

    seconds: of theirs; at: when the task ends in any case, in seconds of `clock`. Infinity for none.
    """

    seconds: float = math.inf
    at: float = math.inf
    clock: Callable[[], float] = time.monotonic
    used: float = 0.0

    @property
    def left(self) -> float:
        """Seconds, never less than none."""
        return max(0.0, min(self.seconds - self.used, self.at - self.clock()))

    @property
    def latest(self) -> float | None:
        """When it is over if all time from now on is the providers', in seconds of `clock`; None for never."""
        return None if math.isinf(self.left) else self.clock() + self.left

    def check(self) -> None:
        """Raises `DeadlinePassed` when no time is left."""
        if self.left <= 0:
            raise DeadlinePassed("The task's time was up before another attempt.", hint="See PRESSROOM_TASK_DEADLINE.")

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Counts the time inside as the providers'."""
        began = self.clock()
        try:
            yield
        finally:
            self.used += self.clock() - began

    @contextmanager
    def bounding(self) -> Iterator[None]:
        """Makes `ends` of this thread this deadline, inside, where time is the providers'."""
        token = _ENDS.set(min(_ENDS.get(), time.monotonic() + self.left))
        try:
            with self.counting():
                yield
        finally:
            _ENDS.reset(token)


def ends() -> float:
    """When the task under way in this thread must be over, in seconds of `time.monotonic`; infinity for never."""
    return _ENDS.get()


def is_over() -> bool:
    return time.monotonic() >= _ENDS.get()
