"""A provider that holds to its limit, and processes that want more than it allows."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from benchmarks.shared.processes import Broken, environment

LATENCY = (0.1, 0.3)
"""Seconds the provider takes for an answer."""
THREADS = 32
"""Threads in all processes together: three times what the allowed rate keeps busy."""
_numbers = count(1)


@dataclass(frozen=True)
class Load:
    """The provider allows `limit` requests in any `window` seconds; called for `seconds`."""

    limit: int
    window: float
    seconds: float

    def threads(self, processes: int) -> int:
        return THREADS // processes


@dataclass(frozen=True)
class Case:
    """`used`: percent of the allowed rate, after the first window. `answered`, `refused`: calls, from the beginning."""

    used: float
    answered: int
    refused: int

    @property
    def refused_share(self) -> float:
        """Percent of the calls."""
        return 100 * self.refused / max(1, self.answered + self.refused)


def measure(load: Load, way: str, processes: int, env: Mapping[str, str], api_url: str) -> Case:
    """Let `processes` call by the same `way`, and count.

    Raises:
        Broken: one of them failed.
    """
    options = {"requests_a_minute": load.limit, "minute": load.window, "latency": LATENCY}
    _post(f"{env['ANTHROPIC_BASE_URL']}/__sandbox/script", {"options": options})
    name = f"bench-{next(_numbers)}"
    if way == "rate_limit":
        made = {"name": name, "limit": load.limit, "slot_decay_per_second": load.limit / load.window}
        _post(f"{api_url}/v2/concurrency_limits/", made)
    words = [sys.executable, "-m", "benchmarks.limits.client", "--way", way, "--name", name]
    words += ["--limit", str(load.limit), "--window", str(load.window), "--seconds", str(load.seconds)]
    words += ["--threads", str(load.threads(processes)), "--url", env["OPENAI_BASE_URL"]]
    started = [_start(words, api_url) for _ in range(processes)]
    return _counted(load, started)


def _start(words: list[str], api_url: str) -> subprocess.Popen[str]:
    env = environment({"PREFECT_API_URL": api_url, "PREFECT_LOGGING_LEVEL": "ERROR"})
    return subprocess.Popen(words, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _counted(load: Load, started: list[subprocess.Popen[str]]) -> Case:
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    begins = time.time() + load.window
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [_last_line(process) for process in started]
    ends = begins + load.seconds - load.window
    answered, refused = ([at for each in said for at in each[kind]] for kind in ("answered", "refused"))
    steady = sum(begins <= at < ends for at in answered)
    return Case(100 * steady / (load.limit * (ends - begins) / load.window), len(answered), len(refused))


def _last_line(process: subprocess.Popen[str]) -> dict[str, list[float]]:
    said, _ = process.communicate(timeout=600)
    if process.returncode:
        raise Broken(f"a client ended with {process.returncode}")
    found: dict[str, list[float]] = json.loads(said.strip().splitlines()[-1])
    return found


def _post(url: str, value: object) -> None:
    request = urllib.request.Request(url, json.dumps(value).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        answer.read()
