"""`pressroom` commands as processes of their own that start in 20 ms: forks of one that has everything imported.

A fork has an id, connections and a life of its own, so it can be killed like any other process. As a script
this is the parent of the forks: one JSON document a line, each way, over its stdin and stdout.
    asked:    {"words": ["daily", ...], "environment": {...}, "folder": "..."}
    answered: {"pid": 4711}
    asked:    {"ended": 4711}
    answered: {"code": 0} once it has; -9 is a kill
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from sandbox import ProviderServer
from tests.fixtures.light_gate import LIGHT
from tests.fixtures.running import ROOT, Said

EVERYTHING = (
    "alembic.command",
    "anyio._backends._asyncio",
    "apps.cli.main",
    "apps.cli.progress",
    "apps.cli.running",
    "fastapi",
    "flows.daily",
    "httpcore2",
    "openai.resources.chat.completions",
    "openai.resources.moderations",
    "opentelemetry.metrics",
    "prefect.engine",
    "prefect.flow_engine",
    "prefect.task_engine",
    "prefect.utilities.visualization",
    "pressroom.providers.openai",
    "pressroom.calls.deadline_client",
    "pressroom.store.artifacts.folder",
    "pressroom.store.migrations",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "sqlite3",
    "structlog.stdlib",
    "truststore",
)


class Nursery:
    """The parent of the forks, as its user sees it. Prefect's server must be known."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PRESSROOM_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forking"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**environment, "PYTHONPATH": str(ROOT)},
        )

    def start(self, *words: str, folder: Path) -> Fork:
        """`pressroom WORDS` under way with this process's environment; what it says is kept in `folder`."""
        asked = {"words": words, "environment": dict(os.environ), "folder": str(folder)}
        return Fork(self, self.ask(asked)["pid"], folder)

    def ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "The parent of the forks has ended."
        return dict(json.loads(line))

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


@cache
def nursery() -> Nursery:
    """The one that lasts as long as the test process: 4 s to start."""
    made = Nursery()
    atexit.register(made.end)
    return made


@dataclass(frozen=True)
class Fork:
    nursery: Nursery
    pid: int
    folder: Path

    def finished(self, seconds: float = 60) -> Said:
        """What it said, once it has ended; one that hasn't after `seconds` is killed."""
        late = threading.Timer(seconds, os.kill, (self.pid, 9))
        late.start()
        code = self.nursery.ask({"ended": self.pid})["code"]
        late.cancel()
        return Said(code, (self.folder / "out").read_text(), (self.folder / "err").read_text())


def came(sign: str, provider: ProviderServer, folder: Path) -> bool:
    """Whether a run in `folder`, whose TMPDIR and home are there, has come as far as `request 3`, `gate`, `docs`..."""
    kind, _, number = sign.partition(" ")
    match kind:
        case "started":
            return True
        case "request":
            return provider.counts["total"] >= int(number)
        case "answer":
            return provider.counts.get("outcome", {}).get("answered", 0) >= int(number)
        case "gate":
            return any(folder.glob("pressroom-gate-*"))
        case _:
            return any(folder.glob(".pressroom/artifacts/**/data_docs/index.html"))


def wait_for(happened: Callable[[], bool], fork: Fork, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.kill(fork.pid, signal.SIGKILL)
            raise AssertionError(f"It did not come to that within {seconds} s: {fork.finished()}")
        time.sleep(0.003)


def main() -> None:
    _import_everything()
    assert threading.active_count() == 1, "A thread's locks would be copied without the thread."
    for line in sys.stdin:
        asked = json.loads(line)
        if "ended" in asked:
            _say(code=os.waitstatus_to_exitcode(os.waitpid(asked["ended"], 0)[1]))
            continue
        pid = os.fork()
        if pid == 0:
            _become(asked)
        _say(pid=pid)


def _import_everything() -> None:
    """All that a run of `flows.daily` with OpenAI imports or compiles on its way; it takes 4 s."""
    from blocks import prefect_server

    prefect_server.prepare()
    for module in EVERYTHING:
        import_module(module)
    from pressroom import formats
    from pressroom.gates.batch_gate import BatchGate
    from pressroom.gates.moderation import moderate_text
    from pressroom.model import Part
    from pressroom.platforms import counting
    from pressroom.reports import html
    from pressroom.settings import settings

    moderate_text([Part(label="post", text="Its word lists are read and compiled.")])
    counting.x_length("")
    for name in formats.names():
        formats.get(name)
    html._template()
    BatchGate.__init__.__kwdefaults__["command"] = LIGHT
    settings.cache_clear()


def _say(**said: int) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def _become(asked: dict[str, Any]) -> NoReturn:
    """The command itself, in a session of its own, ending as an interpreter would: without a step back into `main`."""
    code, known = 1, os.environ["PREFECT_API_URL"]
    try:
        os.environ.clear()
        os.environ.update(asked["environment"])
        if os.environ["PREFECT_API_URL"] != known:
            _refresh_prefect()
        _move_to(Path(asked["folder"]))
        code = _run(asked["words"])
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _refresh_prefect() -> None:
    """Prefect has read its settings when it was imported."""
    from prefect.context import refresh_global_settings_context

    refresh_global_settings_context()


def _move_to(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    tempfile.tempdir = None  # as TMPDIR says now
    os.setsid()
    for stream, name in ((sys.stdin, os.devnull), (sys.stdout, "out"), (sys.stderr, "err")):
        opened = os.open(name, os.O_RDONLY if stream is sys.stdin else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, stream.fileno())


def _run(words: list[str]) -> int:
    from apps.cli.main import main

    sys.argv = ["pressroom", *words]
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


if __name__ == "__main__":
    main()
