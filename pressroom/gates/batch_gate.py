"""The gate a run's whole batch of drafts passes through, judged by Great Expectations in a process of its own.

Its import costs 3 to 5 s and 190 MB, so this side never imports it: `BatchGate.start()` launches the child while
the drafts are being written, `judge()` hands it the rows and waits for the verdict.

One JSON document a line, each way, over the child's stdin and stdout:
    asked:    {"rows": [...], "expected": 15, "failed": 0, "lengths": {"x_thread": [1, 2800]}, "out_dir": "..."}
    answered: {"success": true, "expectations": 18, "failed": [], "docs": "...", "seconds": {...}}  or  {"error": "..."}
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from pressroom.errors import GateFailed
from pressroom.model import BatchRow, GateVerdict

COMMAND = (sys.executable, "-m", "pressroom.gates.batch_gate_child")
_QUIET = {"GX_ANALYTICS_ENABLED": "false", "TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore", "PYTHONIOENCODING": "utf-8"}
_TAIL = 600  # characters of the child's last words shown in an error


def batch_hash(rows: Sequence[BatchRow], expected: int) -> str:
    """SHA-256 in hex of the rows in the order of idea and format: same batch, same hash, in any order of completion."""
    ordered = sorted((row.model_dump(mode="json") for row in rows), key=_canonical)
    return hashlib.sha256(_canonical({"expected": expected, "rows": ordered}).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


class BatchGate:
    """Handle on the child process; a context manager. `timeout`: seconds `judge` may take, start-up included."""

    def __init__(self, *, timeout: float = 120, command: Sequence[str] = COMMAND) -> None:
        self.timeout = timeout
        self._command = tuple(command)
        self._child: subprocess.Popen[str] | None = None
        self._errors: IO[str] | None = None

    def start(self) -> BatchGate:
        """Launches the child unless it runs; returns at once."""
        if self._child is None:
            self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
            try:
                self._child = subprocess.Popen(  # noqa: S603
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._errors,
                    encoding="utf-8",
                    env={**os.environ, **_QUIET},
                )
            except OSError as error:
                self.close()
                raise GateFailed(f"The batch gate could not be started: {error}.") from error
        return self

    def judge(
        self,
        rows: Sequence[BatchRow],
        expected: int,
        lengths: Mapping[str, tuple[int, int]],
        out_dir: Path,
        *,
        failed: int = 0,
    ) -> GateVerdict:
        """The verdict on `rows`; its Data Docs are written to `out_dir/data_docs`.

        `expected`: ideas x formats; `failed`: those that are accounted for but have no row. `lengths`: least and
        most characters by format.

        Raises:
            GateFailed: the child crashed, took longer than the time-out, or answered nonsense.
        """
        question = {
            "rows": [row.model_dump(mode="json") for row in rows],
            "expected": expected,
            "failed": failed,
            "lengths": {name: list(bounds) for name, bounds in lengths.items()},
            "out_dir": str(Path(out_dir).absolute()),
        }
        answer = self._ask(json.dumps(question))
        try:
            return GateVerdict(
                success=answer["success"],
                expectations=answer["expectations"],
                failed=tuple(answer["failed"]),
                batch_hash=batch_hash(rows, expected),
                docs=answer["docs"],
            )
        except (KeyError, ValueError, TypeError) as error:
            raise self._failure("The batch gate's answer lacks something") from error

    def _ask(self, question: str) -> dict[str, Any]:
        self.start()
        answers: list[str] = []
        talk = threading.Thread(target=self._exchange, args=(question, answers), daemon=True)
        talk.start()
        talk.join(self.timeout)
        if talk.is_alive():
            hint = "Raise PRESSROOM_GATE_TIMEOUT, or look whether the machine is out of memory or processor time."
            raise self._failure(f"The batch gate did not answer within {self.timeout:g} s", hint)
        return self._parsed(answers[0] if answers else "")

    def _exchange(self, question: str, answers: list[str]) -> None:
        """Blocking talk with the child, in a thread so that a silent child can be left behind."""
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            return
        with contextlib.suppress(OSError, ValueError):  # a dead child is noticed by its empty answer
            child.stdin.write(question + "\n")
            child.stdin.flush()
            answers.append(child.stdout.readline())

    def _parsed(self, line: str) -> dict[str, Any]:
        if not line:
            raise self._failure("The batch gate's process ended without an answer")
        try:
            answer = json.loads(line)
        except ValueError:
            raise self._failure(f"The batch gate answered something else than JSON: {line[:80]!r}") from None
        if not isinstance(answer, dict):
            raise self._failure("The batch gate's answer is not a JSON object")
        if "error" in answer:
            raise self._failure(f"The batch gate broke down: {answer['error']}")
        return answer

    def _failure(self, message: str, hint: str = "") -> GateFailed:
        """The error to raise, with the child's last words; the child is of no further use."""
        child, errors = self._child, self._errors
        self._stop(child)
        last = ""
        if errors is not None:
            errors.seek(0)
            last = errors.read().strip()[-_TAIL:]
        self.close()
        said = f"Its last words: {last}" if last else "It left no message; run it again to see whether it lasts."
        return GateFailed(f"{message.rstrip('.')}.", hint=hint or said)

    @staticmethod
    def _stop(child: subprocess.Popen[str] | None) -> None:
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what it never read can't be flushed
                    pipe.close()

    def close(self) -> None:
        """Ends the child process; does nothing when it is not running."""
        self._stop(self._child)
        if self._errors is not None:
            self._errors.close()
        self._child = self._errors = None

    def __enter__(self) -> BatchGate:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
