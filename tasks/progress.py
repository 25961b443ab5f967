"""A run shows its progress to listeners in this process and as a progress artifact in Prefect."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from pressroom import logs

PAUSE_SECONDS = 1.0
"""Least time between two updates of the artifact: each is a request to the server of 30 ms."""

Listener = Callable[[str, int, int], None]
"""Told what is going on, how many of it are done, and of how many (0: unknown)."""

_LISTENERS: list[Listener] = []

_log = logs.get_logger("pressroom.run")


def listen(listener: Listener) -> None:
    """Have `listener` told of everything that runs in this process, until it is dismissed."""
    _LISTENERS.append(listener)


def dismiss(listener: Listener) -> None:
    _LISTENERS.remove(listener)


def announce(what: str, done: int = 0, total: int = 0) -> None:
    for listener in _LISTENERS:
        listener(what, done, total)


@contextmanager
def only_to_be_looked_at() -> Iterator[None]:
    """Around what is but shown in Prefect: a server that can't take it now must not cost the run."""
    try:
        yield
    except Exception as error:
        _log.warning("prefect.not_shown", reason=f"{type(error).__name__}: {error}"[:300])


class Progress:
    """Counts what is done of `total`; in Prefect it shows once a second at most, and at the end."""

    def __init__(self, total: int, what: str) -> None:
        self._total, self._what = total, what
        self._done = 0
        self._began_at = self._shown_at = time.monotonic()
        self._artifact: UUID | None = None
        announce(what, 0, total)

    @property
    def seconds_left(self) -> float:
        """About how long the rest takes, if it goes on as it did so far; 0 before the first step."""
        spent = time.monotonic() - self._began_at
        return spent / self._done * (self._total - self._done) if self._done else 0.0

    def step(self, doing: str = "") -> None:
        """One more is done. doing: what is going on, where that changes on the way."""
        self._done += 1
        announce(doing or self._what, self._done, self._total)
        if self._done == self._total or time.monotonic() - self._shown_at >= PAUSE_SECONDS:
            with only_to_be_looked_at():
                self._show(100.0 * self._done / self._total)
            self._shown_at = time.monotonic()

    def _show(self, percent: float) -> None:
        if self._artifact is None:
            self._artifact = create_progress_artifact(percent, description=self._what, _sync=True)  # type: ignore
        else:
            update_progress_artifact(self._artifact, progress=percent, _sync=True)  # type: ignore
