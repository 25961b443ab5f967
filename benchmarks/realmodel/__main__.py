"""`python -m benchmarks.realmodel`: a day's ideas and three formats of each by a real small model, end to end."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.realmodel import model
from benchmarks.realmodel.outcomes import Outcomes, outcomes_of
from benchmarks.shared import figures, machine
from benchmarks.shared.figures import Figure
from benchmarks.shared.processes import environment

FORMATS = ("linkedin_post", "x_thread", "instagram_reel")
WAYS = {"schema": (), "words": ("json_schema", "json_object")}
"""How JSON is asked for: by a schema that the server enforces, or in the words of the prompt alone."""

PASSED = ("passed at once", "passed after feedback")
LONGEST_SECONDS = 2400
SHOWN = 12


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.realmodel", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one idea, and with a schema alone")
    parser.add_argument("--only", choices=sorted(WAYS), help="one way to ask for JSON")
    parser.add_argument("--ideas", type=int, help="ideas of a run; default 2")
    given = parser.parse_args()
    python = model.model_python()
    if python is None:
        return 0
    print(machine.describe(("prefect", "openai")))
    ways = [given.only] if given.only else ["schema"] if given.quick else list(WAYS)
    with model.served(python) as base_url:
        print(figures.HEADER)
        for way in ways:
            _show(way, *_ran(base_url, way, given.ideas or (1 if given.quick else 2)))
    print(machine.load())
    return 0


def _ran(base_url: str, way: str, ideas: int) -> tuple[Outcomes, float, str]:
    """Runs `pressroom daily` in a fresh home; returns its outcomes, its seconds and its standard error."""
    with tempfile.TemporaryDirectory(prefix="pressroom-realmodel-") as folder:
        home = Path(folder) / "home"
        env = model.environment_for(base_url, home)
        if WAYS[way]:
            _refuse(env, base_url, WAYS[way], Path(folder))
        formats = [part for name in FORMATS for part in ("--format", name)]
        line = [sys.executable, "-m", "apps.cli.main", "daily", "--json", "--ideas", str(ideas), *formats]
        started = time.perf_counter()
        done = subprocess.run(
            line,
            env=environment(env),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        seconds = time.perf_counter() - started
        report: dict[str, Any] = json.loads(done.stdout) if done.stdout.strip() else {}
        return outcomes_of(home, report, ideas * len(FORMATS)), seconds, done.stderr


def _refuse(env: dict[str, str], base_url: str, things: tuple[str, ...], folder: Path) -> None:
    """Have the run know that the endpoint does not take `things`, as it learns from a refusal."""
    known = (
        "from pressroom.calls import accepted; from pressroom.calls.providers import Account;"
        f"accepted.keep(Account(name={model.NAME!r}, provider='compatible', base_url={base_url!r}), {model.MODEL!r},"
        f" accepted.Accepted(refused=frozenset({set(things)!r}), proven=True))"
    )
    subprocess.run([sys.executable, "-c", known], env=environment(env), cwd=folder, check=True)


def _show(way: str, ran: Outcomes, seconds: float, said: str) -> None:
    figures.show(list(_figures(way, ran, seconds)))
    for reason in ran.reasons[:SHOWN]:
        print(f"    {reason[:200]}")
    if "Traceback" in said:
        print(f"    It broke off: {said[-1500:]}")


def _figures(way: str, ran: Outcomes, seconds: float) -> Iterator[Figure]:
    for name in (*PASSED, *sorted(set(ran.drafts) - set(PASSED))):
        yield Figure(f"{way}: {name}, of {ran.wanted} drafts", 100 * ran.drafts[name] / ran.wanted, "%", digits=0)
    missing = max(0, ran.wanted - ran.drafts.total())
    yield Figure(f"{way}: drafts of ideas that did not pass", missing, "", digits=0)
    silent = 0 if ran.reasons or ran.drafts else ran.wanted
    yield Figure(f"{way}: drafts without an end and a reason", silent, "", 0, digits=0, note=f"run {ran.ended}")
    yield Figure(f"{way}: calls", ran.calls, "", digits=0, note=f"{ran.failed_calls} failed")
    yield Figure(f"{way}: seconds in calls", ran.seconds, digits=0)
    yield Figure(f"{way}: seconds of the whole command", seconds, digits=0)
    yield Figure(f"{way}: output tokens a second", ran.tokens_a_second, "", digits=1, note=_tokens(ran))


def _tokens(ran: Outcomes) -> str:
    return f"{ran.input_tokens} tokens in, {ran.output_tokens} out"


if __name__ == "__main__":
    sys.exit(main())
