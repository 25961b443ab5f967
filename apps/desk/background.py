"""A thread of a desk's process that goes on from `start` to `stop`."""

from __future__ import annotations

import threading

STOPPING_SECONDS = 3
"""How long the end of a desk waits for what a thread is at."""


class Background:
    """Runs `_work` in a thread of its own, which ends soon after `_ended` is set."""

    def __init__(self, name: str) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(STOPPING_SECONDS)

    def _work(self) -> None:
        raise NotImplementedError
