"""`pressroom up` keeps its processes running: it starts one that ends, or no longer answers, again."""

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


PROBE_SECONDS = 10.0
"""Between two questions whether a process answers."""
FAILURES = 6
"""Questions in a row without an answer, after which a process hangs: a minute, since a loaded machine is slow."""
START_SECONDS = 120.0
"""Time to answer for the first time."""


class Child(Protocol):
    """A process that can be asked whether it answers, ended, and started again."""

    @property
    def process(self) -> subprocess.Popen[bytes] | None: ...

    def answers(self) -> bool: ...

    def stop(self) -> None: ...

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
        self._silent = dict.fromkeys(children, 0)
        self._has_answered = dict.fromkeys(children, False)
        self._asked = time.monotonic()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Start nothing any more."""
        self._ended.set()
        self._thread.join(5)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            is_due = time.monotonic() - self._asked >= PROBE_SECONDS
            for name, child in self._children.items():
                if child.process is None or self._ended.is_set():
                    continue
                if child.process.poll() is not None:
                    self._start_again(name, child, f"ended (status {child.process.returncode})")
                elif is_due and self._hangs(name, child):
                    child.stop()
                    self._start_again(name, child, f"does not answer ({FAILURES} times asked)")
            if is_due:
                self._asked = time.monotonic()

    def _hangs(self, name: str, child: Child) -> bool:
        """Asks a child; whether it has been silent for as long as no slow one is."""
        if child.answers():
            self._silent[name], self._has_answered[name] = 0, True
        elif self._has_answered[name] or time.monotonic() - self._begun[name] > START_SECONDS:
            self._silent[name] += 1
        return self._silent[name] >= FAILURES

    def _start_again(self, name: str, child: Child, reason: str) -> None:
        self._silent[name], self._has_answered[name] = 0, False
        if time.monotonic() - self._begun[name] > STEADY_SECONDS:
            self._starts[name] = 0
        pause = PAUSES[min(self._starts[name], len(PAUSES) - 1)]
        self._say(f"{name} {reason}. It is started again in {pause} s.")
        if self._ended.wait(pause):
            return
        self._starts[name] += 1
        self._begun[name] = time.monotonic()
        child.restart()
        self._say(f"{name} is started again.")
