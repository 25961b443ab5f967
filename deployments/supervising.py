"""What `pressroom up` started is kept running: a process that ends is started again, after growing pauses."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

LOOK_SECONDS = 0.5
PAUSES = (1, 2, 5, 10, 30, 60)
"""Seconds before each further start; the last is repeated."""

STEADY_SECONDS = 300.0
"""A process that lived as long begins with the first pause again."""


class Child(Protocol):
    """A process that can be started again."""

    @property
    def process(self) -> subprocess.Popen[bytes] | None: ...

    def restart(self) -> None: ...


class Supervisor:
    """Looks after children in a thread of its own, until it is told to stop.

    children: by the name that people know them by. say: prints a line.
    """

    def __init__(self, children: Mapping[str, Child], say: Callable[[str], None]) -> None:
        self._children, self._say = children, say
        self._ended = threading.Event()
        self._begun = dict.fromkeys(children, time.monotonic())
        self._starts = dict.fromkeys(children, 0)
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Start nothing any more."""
        self._ended.set()
        self._thread.join(5)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            for name, child in self._children.items():
                if child.process is not None and child.process.poll() is not None:
                    self._start_again(name, child, child.process.returncode)

    def _start_again(self, name: str, child: Child, status: int) -> None:
        if time.monotonic() - self._begun[name] > STEADY_SECONDS:
            self._starts[name] = 0
        pause = PAUSES[min(self._starts[name], len(PAUSES) - 1)]
        self._say(f"{name} ended (status {status}). It is started again in {pause} s.")
        if self._ended.wait(pause):
            return
        self._starts[name] += 1
        self._begun[name] = time.monotonic()
        child.restart()
        self._say(f"{name} is started again.")
