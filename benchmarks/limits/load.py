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

from benchmarks.limits.calls import HEADERS, KINDS, answers
from benchmarks.shared.processes import Broken, environment

LATENCY = (0.1, 0.3)
"""Seconds the provider takes for an answer."""
DRAINED = 0.8
"""Share of the window's tokens that are gone when a case begins, so that what is taken too fast is refused in it."""
THREADS = 32
"""Threads in all processes together: three times what the allowed rate keeps busy."""
_numbers = count(1)


@dataclass(frozen=True)
class Load:
    """The provider allows `limit` requests or tokens in `window` seconds; called for `seconds`. kind: of `KINDS`."""

    limit: int
    window: float
    seconds: float
    kind: str = "requests"

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
    _prepare(load, f"{env['ANTHROPIC_BASE_URL']}/__sandbox")
    name = f"bench-{next(_numbers)}"
    if way == "rate_limit":
        made = {"name": name, "limit": load.limit, "slot_decay_per_second": load.limit / load.window}
        _post(f"{api_url}/v2/concurrency_limits/", made)
    words = [sys.executable, "-m", "benchmarks.limits.client", "--way", way, "--kind", load.kind, "--name", name]
    words += ["--limit", str(load.limit), "--window", str(load.window), "--seconds", str(load.seconds)]
    words += ["--threads", str(load.threads(processes)), "--url", env["OPENAI_BASE_URL"]]
    started = [_start(words, api_url) for _ in range(processes)]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    if KINDS[load.kind].unit == "tokens":
        _drain(load, env["ANTHROPIC_BASE_URL"])
    return _counted(load, started)


def _prepare(load: Load, sandbox: str) -> None:
    unit = KINDS[load.kind].unit
    limits = {"requests_a_minute": None, "tokens_a_minute": None, f"{unit}_a_minute": load.limit}
    _post(f"{sandbox}/reset", {})
    options = {**limits, "minute": load.window, "latency": LATENCY}
    _post(f"{sandbox}/script", {"options": options})


def _drain(load: Load, url: str) -> None:
    """One call takes most of the tokens that a minute begins with; the answers of the others are ready behind it."""
    tokens = int(load.limit * DRAINED)
    _post(f"{url}/__sandbox/script", {"replies": [{"text": "word" * tokens}, *answers()]})
    _post(f"{url}{KINDS[load.kind].path}", {"model": "m", "messages": [], "max_tokens": tokens})


def _start(words: list[str], api_url: str) -> subprocess.Popen[str]:
    env = environment({"PREFECT_API_URL": api_url, "PREFECT_LOGGING_LEVEL": "ERROR"})
    return subprocess.Popen(words, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _counted(load: Load, started: list[subprocess.Popen[str]]) -> Case:
    begins = time.time() + load.window
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [_last_line(process) for process in started]
    ends = begins + load.seconds - load.window
    answered, refused = ([call for each in said for call in each[kind]] for kind in ("answered", "refused"))
    steady = sum(units for at, units in answered if begins <= at < ends)
    return Case(100 * steady / (load.limit * (ends - begins) / load.window), len(answered), len(refused))


def _last_line(process: subprocess.Popen[str]) -> dict[str, list[tuple[float, int]]]:
    said, _ = process.communicate(timeout=600)
    if process.returncode:
        raise Broken(f"a client ended with {process.returncode}")
    found: dict[str, list[tuple[float, int]]] = json.loads(said.strip().splitlines()[-1])
    return found


def _post(url: str, value: object) -> None:
    request = urllib.request.Request(url, json.dumps(value).encode(), HEADERS)
    with urllib.request.urlopen(request, timeout=10) as answer:
        answer.read()
