"""ffmpeg as a program: which one is used, how it is run, and what its failures mean."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO

from pressroom.errors import Cancelled, Misconfigured, ProcessingTimeout, RenderFailed, StoreUnusable

NEEDED = ("--enable-libass", "--enable-libx264")
"""How ffmpeg must be built: captions are drawn by libass, the picture is encoded by x264."""

QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error", "-y")
FULL = ("No space left on device", "File too large", "Disk quota exceeded")
WATCHED = 0.1
"""Seconds between two looks at a running program."""

FONTCONFIG = "fontconfig.xml"
"""A configuration without a font of the machine: a caption is set in the fonts of its folder, or not at all."""

Cancelling = Callable[[], bool]


@cache
def ffmpeg() -> str:
    """The program: the machine's where it can do all that is needed, else that of the package imageio-ffmpeg.

    Raises:
        Misconfigured: neither is here.
    """
    own = shutil.which("ffmpeg")
    if own and _suits(own):
        return own
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        raise Misconfigured(
            "No ffmpeg with libass and x264 is on this machine.", hint="Install it: `pip install imageio-ffmpeg`."
        ) from None


def _suits(program: str) -> bool:
    try:
        said = subprocess.run(  # noqa: S603 - a program of the machine, with words of our own
            [program, "-hide_banner", "-buildconf"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return all(flag in said for flag in NEEDED)


class Running:
    """ffmpeg at work in `folder`. process: its pipes are read or written by the caller."""

    def __init__(self, arguments: Sequence[str], folder: Path, seconds: float, cancelled: Cancelling | None) -> None:
        self.seconds = seconds
        self.ended_by: str = ""
        self._errors: IO[bytes] = (folder / f"errors-{time.monotonic_ns()}.txt").open("w+b")
        self._cancelled, self._until = cancelled, time.monotonic() + seconds
        try:
            self.process = subprocess.Popen(  # noqa: S603 - no word of a user's is among them
                [ffmpeg(), *QUIET, *arguments],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                start_new_session=True,
                env={**os.environ, "FONTCONFIG_FILE": str(folder / FONTCONFIG)},
            )
        except OSError as error:
            self._errors.close()
            raise Misconfigured(
                f"ffmpeg can't be started ({error.strerror}).", hint="Install it again: `pip install imageio-ffmpeg`."
            ) from error
        self._watch = threading.Thread(target=self._watched, daemon=True)
        self._watch.start()

    def messages(self) -> str:
        """The lines it wrote to its error output so far."""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")

    def finish(self) -> None:
        """Wait for its end.

        Raises:
            Cancelled, ProcessingTimeout, StoreUnusable: the disk is full. RenderFailed: anything else.
        """
        if self.process.stdin and not self.process.stdin.closed:
            with suppress(BrokenPipeError):
                self.process.stdin.close()
        code = self.process.wait()
        self._watch.join()
        self._raise(code)

    def stop(self) -> None:
        """End it, with all that it started."""
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                if pipe:
                    pipe.close()
            except BrokenPipeError:
                pass
        self._watch.join()
        self._errors.close()

    def _watched(self) -> None:
        while self.process.poll() is None:
            if time.monotonic() > self._until:
                self.ended_by = "time"
            elif self._cancelled is not None and self._cancelled():
                self.ended_by = "user"
            if self.ended_by:
                os.killpg(self.process.pid, signal.SIGKILL)
                return
            time.sleep(WATCHED)

    def _raise(self, code: int) -> None:
        if self.ended_by == "user":
            raise Cancelled("The film was cancelled; nothing of it is left.")
        if self.ended_by == "time":
            raise ProcessingTimeout(
                f"The film took longer than {self.seconds:.0f} seconds to make.", hint="Make it shorter, or try again."
            )
        if code == 0:
            return
        said = self.messages()
        if any(word in said for word in FULL):
            raise disk_full()
        ended = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        last = " ".join(said.split())[-300:]
        raise RenderFailed(f"ffmpeg {ended}{f': {last}' if last else ''}.", hint="Try again.")


def disk_full() -> StoreUnusable:
    """The error for a film that found no room; nothing of it is left."""
    error = StoreUnusable("The disk is full: the film was not written.", hint="Free some space, and try again.")
    error.may_pass = False
    return error


@contextmanager
def running(
    arguments: Sequence[str], folder: Path, *, seconds: float, cancelled: Cancelling | None = None
) -> Iterator[Running]:
    """ffmpeg with these arguments, ended when the block is left; `seconds`: the longest it may take."""
    started = Running(arguments, folder, seconds, cancelled)
    try:
        yield started
    finally:
        started.stop()


def run(arguments: Sequence[str], folder: Path, *, seconds: float, cancelled: Cancelling | None = None) -> str:
    """Run ffmpeg to its end; returns the lines of its error output. Raises as `Running.finish` does."""
    with running(arguments, folder, seconds=seconds, cancelled=cancelled) as program:
        program.finish()
        return program.messages()
