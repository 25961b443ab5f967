"""Running a flow in this process, against the server that is set, up, or started for it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from apps.cli.printing import print_json
from pressroom.errors import Misconfigured, RunFailed, WrongInput

if TYPE_CHECKING:
    from pydantic import BaseModel

    from apps.cli.progress import Narrator
    from pressroom.model import RunReport


_BEGUN = [time.monotonic()]


def start_clock() -> None:
    """The command begins now; a process of its own began with the import of this module."""
    _BEGUN[0] = time.monotonic()


def wall_seconds() -> float:
    """Seconds since the command began, the start of a server included."""
    return time.monotonic() - _BEGUN[0]


def run_and_show(request: BaseModel, *, as_json: bool, show: Callable[..., None] | None = None) -> None:
    """Run the flow that takes `request`, and print its report; that of a failed run too, before the error goes on."""
    show = show or _show
    try:
        report = run_flow(request, quiet=as_json)
    except RunFailed as failed:
        show(cast("RunReport", failed.report), as_json=as_json)
        raise
    show(report, as_json=as_json)


def run_flow(request: BaseModel, *, quiet: bool) -> Any:
    """Run the flow that takes `request` here, with its steps on standard error.

    What can be known is checked before Prefect is imported. A run that is finished is answered from our own tables.
    """
    from apps.cli import preflight
    from apps.cli.progress import Narrator
    from blocks import prefect_server
    from pressroom.settings import misspelt

    _allow_files()
    for sentence in misspelt(os.environ):
        sys.stderr.write(f"Note: {sentence}\n")
    with Narrator(quiet=quiet) as narrator:
        prefect_server.prepare()
        if not prefect_server.use_known() and prefect_server.is_set():
            narrator.say(f"Waiting for the Prefect server at {prefect_server.address()}")
            prefect_server.at_hand().wait()
        if (finished := preflight.look(request)) is not None:
            narrator.say("This is finished: nothing is left to make")
            return finished
        return _run(request, narrator)


def _run(request: BaseModel, narrator: Narrator) -> Any:
    """Run the flow, and return its value. A server of our own ends at exit: Prefect sends its last logs until then."""
    from blocks import prefect_server
    from pressroom.model.optimizing import OptimizeRequest
    from pressroom.model.workflows import workflow_of
    from pressroom.settings import settings

    is_first = not (settings().home / "prefect").exists()  # then there is a batch to judge, and a database to migrate
    server = prefect_server.at_hand()
    if server.process is not None:
        narrator.say(f"Starting a local Prefect server, about {'15 s the first time' if is_first else '10 s'}")
    module, _, name = workflow_of(request).flow.rpartition(".")
    flow: Callable[[BaseModel], Any] = getattr(import_module(module), name)  # 2 s, while a server of our own starts
    if is_first and server.process is not None and not isinstance(request, OptimizeRequest):
        import_module("tasks.brief").start_spare_gate()
    server.wait()
    narrator.say("Starting the run")
    narrator.follow()
    return flow(request)


def _allow_files() -> None:
    """A command reads the files of who runs it, unless PRESSROOM_LOCAL_FILES is set; its worker processes too."""
    from pressroom.settings import settings

    os.environ.setdefault("PRESSROOM_LOCAL_FILES", "true")
    settings.cache_clear()


@contextmanager
def typed() -> Iterator[None]:
    """Within it names and files are typed ones: `Misconfigured`, as for the same in a setting, is `WrongInput`."""
    try:
        yield
    except Misconfigured as error:
        raise WrongInput(error.message, hint=error.hint) from None


def _show(report: RunReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    from apps.cli.show import show_report

    show_report(report, seconds=wall_seconds())
