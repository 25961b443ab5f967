"""A working command shows a moving line on a terminal, plain lines in a pipe, and nothing when quiet."""

from __future__ import annotations

import sys
import time
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Narrator:
    """Speaks on standard error, so that standard output stays the command's answer."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._console = Console(stderr=True)
        self._started = time.monotonic()
        self._said = ""
        self._following = False
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
        if self._following:
            from tasks import progress

            progress.dismiss(self.say)

    def follow(self) -> None:
        """Say what the flow of this process does."""
        from tasks import progress

        progress.listen(self.say)
        self._following = True

    def say(self, what: str, done: int = 0, total: int = 0) -> None:
        self._bar.update(self._task, description=what, completed=done, total=total or None)
        if self._quiet or self._console.is_terminal or (what == self._said and done < total):
            return
        self._said = what
        count = f" {done} of {total}" if total else ""
        sys.stderr.write(f"[{time.monotonic() - self._started:5.1f} s] {what}{count}\n")
