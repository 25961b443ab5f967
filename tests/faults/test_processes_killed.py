"""`kill -9` at any moment of a run, then the same command: what had arrived is not asked for again, nothing is lost.

Six moments as a rule; all twenty with TESTS_ALL_FAULTS=1.
"""

from __future__ import annotations

import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox import ProviderServer
from tests.faults.forking import came, nursery, wait_for
from tests.faults.question import THOROUGH, Question, calls_in_flight
from tests.fixtures.running import DAY, every_row

WORDS = ("daily", "--date", DAY, "--ideas", "2", "--format", "linkedin_post", "--format", "x_thread")
COMMAND = (*WORDS, "--chain", "openai", "--json")
LATENCY = 0.3
IDEAS, DRAFTS = 1, 4
SEED = 20261120


@dataclass(frozen=True)
class Moment:
    """`seconds` after `sign`; the calls before it are answered."""

    phase: str
    sign: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.phase}+{round(self.seconds * 1000)}ms"


def _moments() -> list[Moment]:
    """Spread over the whole run by chance, the same every time; the first six have each phase in them."""
    chance = random.Random(SEED)
    phases = (
        ("before-ideas", "started", 0.7),
        ("ideas", "request 1", LATENCY),
        ("drafts", "request 3", LATENCY),
        ("drafts-answered", "answer 3", 0.15),
        ("gate", "gate", 0.2),
        ("brief", "docs", 0.25),
    )
    rounds = (Moment(phase, sign, chance.uniform(0, within)) for _ in range(4) for phase, sign, within in phases)
    return list(rounds)[:20]


MOMENTS = _moments() if THOROUGH else _moments()[:6]


@pytest.mark.usefixtures("nothing_known")
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_killed_run_is_completed_by_the_same_command_without_paying_again(
    moment: Moment, provider: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("TESTS_GATE_SECONDS", "0.2")
    provider.configure(latency=LATENCY)
    fork = nursery().start(*COMMAND, folder=tmp_path)
    wait_for(lambda: came(moment.sign, provider, tmp_path), fork)
    time.sleep(moment.seconds)
    os.kill(fork.pid, signal.SIGKILL)
    killed = fork.finished()
    assert killed.code == -signal.SIGKILL, f"it was to be killed before its end: {killed}"
    lost, stored = (calls_in_flight(), every_row()) if (tmp_path / ".pressroom/pressroom.db").exists() else (0, {})

    provider.configure(latency=0)
    said = nursery().start(*COMMAND, folder=tmp_path).finished()

    assert (said.code, said.json["status"] if said.out else said.err) == (0, "completed")
    question = Question(provider, ideas=2, formats=2, lost=lost)
    question.answer()
    for table in ("subject", "content", "revision"):
        before = stored.get(table, [])
        assert question.rows[table][: len(before)] == before, "what was stored before the kill is as it was"
