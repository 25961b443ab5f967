"""`pressroom daily`: the daily run, here and now."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pressroom.errors import RunFailed, WrongInput

if TYPE_CHECKING:
    from pressroom.model import DailyRequest, RunReport

EXAMPLES = """
**Examples**

- `pressroom daily` makes today's content with whatever is configured; with no key, offline.
- `pressroom daily --ideas 3 --format linkedin_post --format x_thread`
- `pressroom daily --chain openai --chain offline --focus "cloud costs"`
- `pressroom daily --date 2026-11-20 --json`

The same command on the same day pays for nothing twice; `--refresh` writes the drafts anew.
"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EXAMPLES)(daily)


def daily(
    date: Annotated[str | None, typer.Option(help="Day to make, YYYY-MM-DD; default: today.")] = None,
    ideas: Annotated[int | None, typer.Option(help="How many ideas, 1 to 100; default 5.")] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="A format to write in; may be given several times.")
    ] = None,
    chain: Annotated[
        list[str] | None,
        typer.Option(help="A text provider, tried in the order given; may be given several times or with commas."),
    ] = None,
    focus: Annotated[str, typer.Option(help="What today's ideas should be about.")] = "",
    workspace: Annotated[str | None, typer.Option(help="Workspace to work for; default `default`.")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Write the drafts anew.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
) -> None:
    """Make a day's content: ideas, a draft of each in every format, checked, stored and laid out."""
    request = _request(
        date=_day(date),
        ideas=ideas,
        formats=_names(formats),
        chain=_names(chain),
        focus=focus,
        workspace=workspace,
        refresh=refresh,
        trigger="manual",
    )
    try:
        report = _run(request, quiet=as_json)
    except RunFailed as failed:
        _show(failed.report, as_json=as_json)  # type: ignore[arg-type]
        raise
    _show(report, as_json=as_json)


def _request(**values: Any) -> DailyRequest:
    from pydantic import ValidationError

    from pressroom import formats
    from pressroom.model import DailyRequest

    for name in values["formats"] or ():
        formats.get(name)
    try:
        return DailyRequest(**values)
    except ValidationError as error:
        first = error.errors()[0]
        option = str(first["loc"][0]).removesuffix("s") if first["loc"][0] == "formats" else str(first["loc"][0])
        raise WrongInput(f"--{option}: {first['msg']}.", hint="See `pressroom daily --help`.") from None


def _run(request: DailyRequest, *, quiet: bool) -> RunReport:
    """Run the flow in this process, against the server that is set, up, or started for it."""
    from blocks import prefect_server

    prefect_server.prepare()
    # A server of our own ends at exit, not here: Prefect still sends its last logs and events then.
    return _watched(request, prefect_server.at_hand(), quiet=quiet)


def _watched(request: DailyRequest, server: Any, *, quiet: bool) -> RunReport:
    from apps.cli.progress import Narrator

    with Narrator(quiet=quiet) as narrator:
        narrator.say("Starting")
        from flows.daily import daily as flow  # 2 s, while a server of our own starts

        server.wait()
        narrator.follow()
        return flow(request)


def _names(given: Sequence[str] | None) -> tuple[str, ...] | None:
    """Repeated and comma-parted names as one tuple; None when the option wasn't used."""
    names = [name.strip() for value in given or () for name in value.split(",")]
    return tuple(name for name in names if name) or None


def _day(value: str | None) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise WrongInput(f"{value!r} is not a date.", hint="Write it as YYYY-MM-DD, for instance 2026-11-20.") from None


def _show(report: RunReport, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(report.model_dump(mode="json"), indent=2) + "\n")
        return
    from apps.cli.show import show_report

    show_report(report)
