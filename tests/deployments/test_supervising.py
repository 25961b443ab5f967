"""A process that ends or hangs is started again, after a pause that grows, and people are told."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

from deployments import supervising
from deployments.supervising import Supervisor


@dataclass
class Short:
    """A child that ends at once with status 3; after `lives` starts it stays."""

    lives: int
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    silent: int = 0
    """Questions without an answer after the first."""
    asked: int = 0

    def answers(self) -> bool:
        self.asked += 1
        return not 1 < self.asked <= 1 + self.silent

    def stop(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        self.starts += 1
        code = "raise SystemExit(3)" if self.starts < self.lives else "import time; time.sleep(60)"
        self.process = subprocess.Popen([sys.executable, "-S", "-c", code])


def test_a_process_that_ends_is_started_again_with_growing_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "PAUSES", (0.01, 0.02))
    monkeypatch.setattr(supervising, "LOOK_SECONDS", 0.01)
    said: list[str] = []
    child = Short(lives=3)
    child.restart()
    supervisor = Supervisor({"The desk": child}, said.append)
    supervisor.start()
    until = time.monotonic() + 30
    while len(said) < 4 and time.monotonic() < until:
        time.sleep(0.01)
    supervisor.stop()
    assert child.process
    child.process.kill()
    child.process.wait()
    again = "The desk is started again."
    told = [f"The desk ended (status 3). It is started again in {pause} s." for pause in (0.01, 0.02)]
    assert (said, child.starts) == ([told[0], again, told[1], again], 3)


@pytest.mark.parametrize(("silent", "starts"), [(2, 1), (3, 2)])
def test_a_process_that_no_longer_answers_is_ended_and_started_again(
    monkeypatch: pytest.MonkeyPatch, silent: int, starts: int
) -> None:
    for name, value in (("PAUSES", (0.01,)), ("LOOK_SECONDS", 0.005), ("PROBE_SECONDS", 0.005), ("FAILURES", 3)):
        monkeypatch.setattr(supervising, name, value)
    said: list[str] = []
    child = Short(lives=0, silent=silent)
    child.restart()
    supervisor = Supervisor({"The desk": child}, said.append)
    supervisor.start()
    until = time.monotonic() + 30
    while child.asked < 8 and time.monotonic() < until:
        time.sleep(0.01)
    supervisor.stop()
    child.stop()
    assert child.starts == starts
    assert bool(said) == (starts > 1)
    if said:
        assert said[0] == "The desk does not answer (3 times asked). It is started again in 0.01 s."
