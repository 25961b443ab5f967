"""Running a flow in this process, against the server that is set, up, or started for it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from pressroom.errors import Misconfigured, RunFailed, WrongInput

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pressroom.model import RunReport


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
    """Run the flow that takes `request` here, with its steps on standard error."""
    from apps.cli.progress import Narrator
    from blocks import prefect_server
    from pressroom.model.workflows import workflow_of
    from pressroom.settings import settings

    _allow_files()
    fresh = not settings().home.exists()  # then there is a batch to be judged, and a new server takes 15 s to start
    prefect_server.prepare()
    # A server of our own ends at exit, not here: Prefect still sends its last logs and events then.
    server = prefect_server.at_hand()
    with Narrator(quiet=quiet) as narrator:
        narrator.say("Starting")
        module, _, name = workflow_of(request).flow.rpartition(".")
        flow: Callable[[BaseModel], Any] = getattr(import_module(module), name)  # 2 s, while a server of our own starts
        if fresh and server.process is not None:
            import_module("tasks.brief").start_spare_gate()
        server.wait()
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
        sys.stdout.write(json.dumps(report.model_dump(mode="json"), indent=2) + "\n")
        return
    from apps.cli.show import show_report

    show_report(report)
