"""A working command shows a moving line on a terminal, plain lines in a pipe, and nothing when quiet."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from apps.cli.running import wall_seconds

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Narrator:
    """Speaks on standard error, so that standard output stays the command's answer."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._said = ""
        self._following = False
        self._moving: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._moving:
            self._moving[0].stop()
        if self._following:
            from tasks import progress

            progress.dismiss(self.say)

    def follow(self) -> None:
        """Say what the flow of this process does."""
        from tasks import progress

        progress.listen(self.say)
        self._following = True

    def say(self, what: str, done: int = 0, total: int = 0) -> None:
        if self._quiet or (what == self._said and 0 < done < total and not sys.stderr.isatty()):
            return
        if sys.stderr.isatty():
            self._move(what, done, total)
            return
        self._said = what
        count = f" {done} of {total}" if total else ""
        sys.stderr.write(f"[{wall_seconds():5.1f} s] {what}{count}\n")

    def _move(self, what: str, done: int, total: int) -> None:
        """The moving line; it begins when a run does, and costs 0.1 s to import."""
        if self._moving is None:
            self._moving = _line()
        bar, task = self._moving
        bar.update(task, description=what, completed=done, total=total or None)


def _line() -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.start()
    return bar, bar.add_task("", total=None)
