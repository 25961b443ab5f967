"""Running a flow in this process, against the server that is set, up, or started for it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pressroom.errors import Misconfigured, RunFailed, WrongInput

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from pressroom.model import RunReport


def run_and_show(entrypoint: str, request: BaseModel, *, as_json: bool) -> None:
    """Run a flow that makes a run, and print its report; that of a failed run too, before the error goes on."""
    try:
        report = run_flow(entrypoint, request, quiet=as_json)
    except RunFailed as failed:
        show(failed.report, as_json=as_json)  # type: ignore[arg-type]
        raise
    show(report, as_json=as_json)


def run_flow(entrypoint: str, request: BaseModel, *, quiet: bool) -> Any:
    """Run the flow at a module entrypoint such as `flows.daily.daily`, saying on standard error what it does."""
    from apps.cli.progress import Narrator
    from blocks import prefect_server
    from pressroom.settings import settings

    _allow_files()
    fresh = not settings().home.exists()  # then there is a batch to be judged, and a new server takes 15 s to start
    prefect_server.prepare()
    # A server of our own ends at exit, not here: Prefect still sends its last logs and events then.
    server = prefect_server.at_hand()
    with Narrator(quiet=quiet) as narrator:
        narrator.say("Starting")
        module, _, name = entrypoint.rpartition(".")
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


def show(report: RunReport, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(report.model_dump(mode="json"), indent=2) + "\n")
        return
    from apps.cli.show import show_report

    show_report(report)


def wrong_option(error: ValidationError, command: str) -> WrongInput:
    """The first thing a request's model finds wrong, in the words of the option it came from."""
    first = error.errors()[0]
    option = _option(str(first["loc"][0]), command) if first["loc"] else command
    return WrongInput(f"{option}: {_reason(first)}.", hint=f"See `pressroom {command} --help`.")


def _option(field: str, command: str) -> str:
    """The option or argument of a command that a field of its request comes from, as `--help` names it."""
    for parameter in _parameters(command):
        if parameter.name in (field, field.removesuffix("s")):
            is_option = parameter.param_type_name == "option"
            return str(parameter.opts[0] if is_option else parameter.metavar or parameter.name.upper()).strip(".")
    return f"--{field.replace('_', '-')}"


def _parameters(command: str) -> list[Any]:
    from typer.main import get_command

    from apps.cli.main import app

    found: Any = get_command(app)
    for name in command.split():
        found = getattr(found, "commands", {}).get(name)
    return list(found.params) if found is not None else []


def _reason(fault: Mapping[str, Any]) -> str:
    """What is wrong with a value; how many are taken and were given, in place of the name of a Python type."""
    limits = fault.get("ctx", {})
    if fault["type"] == "too_long":
        return f"at most {limits['max_length']:,} are taken, and {limits['actual_length']:,} were given"
    if fault["type"] == "string_too_long":
        return f"at most {limits['max_length']:,} characters are taken"
    return str(fault["msg"]).removeprefix("Value error, ")
