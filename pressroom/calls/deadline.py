"""Until when a task may go on, and how whoever is below it in the same thread learns of that."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pressroom.errors import DeadlinePassed

_ENDS: ContextVar[float] = ContextVar("task_ends", default=math.inf)


@dataclass(frozen=True)
class Deadline:
    """`at`: seconds on `clock`; infinity for none."""

    at: float = math.inf
    clock: Callable[[], float] = time.monotonic

    @property
    def left(self) -> float:
        """Seconds, never less than none."""
        return max(0.0, self.at - self.clock())

    def check(self) -> None:
        """Raises `DeadlinePassed` when no time is left."""
        if self.left <= 0:
            raise DeadlinePassed("The task's time was up before another attempt.", hint="See PRESSROOM_TASK_DEADLINE.")

    @contextmanager
    def bounding(self) -> Iterator[None]:
        """Makes `ends` of this thread this deadline, inside."""
        token = _ENDS.set(min(_ENDS.get(), time.monotonic() + self.left))
        try:
            yield
        finally:
            _ENDS.reset(token)


NEVER = Deadline()


def ends() -> float:
    """When the task under way in this thread must be over, in seconds of `time.monotonic`; infinity for never."""
    return _ENDS.get()


def is_over() -> bool:
    return time.monotonic() >= _ENDS.get()
