"""`python -m deployments.up`: a Prefect server with everything of `prefect.yaml` on it, and the review desk beside it,
running until Ctrl-C.

Served from this process by default: a run starts about 4 s after it is asked for. With `--worker` a process
worker takes them from the work pool, as in production: 9 to 16 s.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dotenv import load_dotenv

from blocks import prefect_server
from blocks.prefect_server import Server
from deployments import demo, desk
from deployments.desk import DeskProcess
from deployments.supervising import Supervisor
from pressroom import logs, metrics
from pressroom.errors import Misconfigured, PressroomError
from pressroom.settings import private_folder, settings
from pressroom.store import schema

HEARTBEAT_SECONDS = "30"


@dataclass(frozen=True)
class _Parts:
    """`up` starts these. `demo`: the user wants a demo account."""

    server: Server
    review: DeskProcess
    demo: bool


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _arguments(argv)
    load_dotenv(".env")
    os.umask(0o077)  # logs, databases and files are for who runs this alone
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs start with it ignored
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    by = None
    try:
        with _alone() as alone:
            if not alone:
                return _look_at_the_other()
            try:
                _up(arguments)
            except KeyboardInterrupt:
                by = signal.SIGINT
            except SystemExit:  # ours, or that of Prefect while it serves
                by = signal.SIGTERM
            _say("Stopped.")
    except PressroomError as error:
        print(f"Error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    if by is not None:
        signal.signal(by, signal.SIG_DFL)
        signal.raise_signal(by)  # a shell tells 130 or 143, and systemd that it ended as it was asked to
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pressroom up", description=__doc__)
    parser.add_argument("--port", type=int, default=4200)
    parser.add_argument("--worker", action="store_true")
    parser.add_argument("--desk-port", type=int)
    parser.add_argument("--demo", action="store_true")
    return parser.parse_args(argv)


def _up(arguments: argparse.Namespace) -> None:
    os.environ.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", HEARTBEAT_SECONDS)
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "INFO")
    os.environ["PRESSROOM_TIME_ZONE"] = settings().time_zone
    os.environ["PRESSROOM_HOME"] = str(settings().home.absolute())  # a worker runs flows in folders of its own
    _observe()
    prefect_server.prepare()
    with ExitStack() as started:
        server = prefect_server.at_hand(arguments.port)
        started.callback(server.stop)
        _say_where(server, arguments.port)
        server.wait()
        if server.process is not None:
            prefect_server.remember(server)
        review = desk.start(arguments.desk_port)
        started.callback(review.stop)
        supervisor = Supervisor({"The Prefect server": server, "The review desk": review}, _say)
        started.callback(supervisor.stop)
        _note_down(server, review)
        supervisor.start()
        _work(_Parts(server, review, arguments.demo), by_worker=arguments.worker)


def _say_where(server: Server, wanted_port: int) -> None:
    if server.process is not None and not server.ui_url.endswith(f":{wanted_port}"):
        _say(f"Port {wanted_port} is taken by another program, which is left alone.")
    _say(f"Prefect: {server.ui_url}")
    if prefect_server.is_own(server.api_url):
        _say(f"  Its page asks for the line in {prefect_server.auth_file()}")
        _say(f"  Other programs: export PREFECT_API_URL={server.api_url}")
        _say(f'                  export PREFECT_API_AUTH_STRING="$(cat {prefect_server.auth_file()})"')


def _note_down(server: Server, review: DeskProcess) -> None:
    """A second `up` in this project reads this."""
    _note().touch(0o600)
    _note().write_text(json.dumps({"api_url": server.api_url, "desk_url": review.url, "desk_port": review.port}))


def _look_at_the_other() -> int:
    """Say how the one that holds the lock is; the exit code."""
    try:
        noted = json.loads(_note().read_text())
        silent = [] if prefect_server.is_up(noted["api_url"]) else ["the Prefect server"]
        silent += [] if desk.answers(noted["desk_port"]) else ["the review desk"]
    except (OSError, ValueError, LookupError, TypeError):
        silent = ["what it starts"]
    if silent:
        raise Misconfigured(
            f"Another `pressroom up` runs in this project, but {' and '.join(silent)} does not answer.",
            hint="It starts again what ended: wait a minute, or end it and start it again.",
        )
    prefect = noted["api_url"].removesuffix("/api")
    _say(f"Pressroom is up already in this project: Prefect at {prefect}, the review desk at {noted['desk_url']}.")
    return 0


def _note() -> Path:
    return settings().home / "up.json"


def _observe() -> None:
    """Show what runs do, as readable here as their own terminal would be; answer scrapes for all of them."""
    os.environ.setdefault("PRESSROOM_LOG_LEVEL", "INFO")
    os.environ.setdefault("PRESSROOM_LOG_FORMAT", "console")  # one readable line a record; JSON when asked for
    for name in ("log_file", "metrics_file"):  # runs of a worker start in folders of their own
        if file := getattr(settings(), name):
            os.environ[f"PRESSROOM_{name.upper()}"] = str(file.absolute())
    logs.configure(level=os.environ["PRESSROOM_LOG_LEVEL"])
    metrics.serve()


def _work(parts: _Parts, *, by_worker: bool) -> None:
    from deployments import registration  # 2 s: Prefect

    _end_dead_runs(started_here=parts.server.process is not None)
    registration.register_server()
    if by_worker:
        _deploy_and_work(parts)
    else:
        _serve(parts)


def _end_dead_runs(*, started_here: bool) -> None:
    """Before anything is scheduled: a dead run would hold the slot that the next morning needs.

    What is imported here brings Prefect along, which reads its settings once: after the server's address is set.
    """
    from apps.desk import dead_runs
    from blocks import connections
    from blocks.orchestrator import Orchestrator

    orchestrator, database = Orchestrator(), connections.database()
    schema.ensure(database)
    dead = dead_runs.end_dead_runs(orchestrator, database)
    if started_here:
        dead += dead_runs.end_orphans(orchestrator, database)
    orchestrator.close()
    if dead:
        _say(f"Ended as crashed: {dead}. Their process is gone; the same requests go on where they were.")


def _serve(parts: _Parts) -> None:
    from prefect import serve

    from deployments import declared, pools, registration, schedules

    ready = [declared.deployment(entry) for entry in schedules.without_minutes(schedules.settled(declared.deployed()))]
    for each in ready:
        each.apply(_sync=True)  # type: ignore[call-arg]
    registration.register_automations()
    schedules.put_back()
    _announce(parts)
    serve(*ready, limit=pools.of_kind("process").flow_runs, print_starting_message=False)


def _deploy_and_work(parts: _Parts) -> None:
    from deployments import declared, deploy, registration

    deploy.deploy()
    _announce(parts)
    deploy.run_prefect("worker", "start", "--pool", registration.WORK_POOL, cwd=declared.ROOT)


def _announce(parts: _Parts) -> None:
    from deployments import declared

    for entry in declared.deployed():
        _say(f"Deployed: {declared.flow_of(entry).name}/{entry['name']}")
    _say(f"API: {parts.server.api_url}")
    parts.review.wait()
    _say(f"Review desk: {parts.review.url}")
    if parts.demo:
        _say(demo.account())
    _say("Start a run at the desk, or: prefect deployment run daily/daily. Ctrl-C ends everything started here.")


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock of this project's `up` while the block runs; False when another one holds it."""
    lock = settings().home / "up.lock"
    private_folder(lock.parent)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
