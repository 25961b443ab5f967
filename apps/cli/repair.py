"""`pressroom retry`, `redo`, `backfill` and `cancel`: when a run is not as it should be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.daily import day
from apps.cli.options import ARun, AsJson, InWorkspace
from apps.cli.running import run_and_show, run_flow, wrong_option

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pressroom.model import BackfillReport


def register(app: typer.Typer) -> None:
    app.command(epilog="`pressroom retry latest`, `pressroom retry 3f9a`")(retry)
    app.command(epilog='`pressroom redo 8a01 --note "Shorter, and start with the number."`')(redo)
    app.command(epilog="`pressroom backfill 2026-11-01 2026-11-07 --at-once 3`")(backfill)
    app.command(epilog="`pressroom cancel latest`")(cancel)


def retry(run: ARun = "latest", workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Make the drafts that a run lacks because they failed; those it has are not touched."""
    from pressroom.model import RetryRequest

    request = _checked(RetryRequest, "retry", run=run, workspace=workspace)
    run_and_show("flows.retry.retry", request, as_json=as_json)


def redo(
    content: Annotated[str, typer.Argument(help="A draft's id or its first digits.")],
    note: Annotated[str, typer.Option(help="What should be different about the new draft.")] = "",
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Write one draft anew; its siblings are not touched, its old wordings stay."""
    from pressroom.model import RedoRequest

    request = _checked(RedoRequest, "redo", content=content, note=note, workspace=workspace)
    run_and_show("flows.redo.redo", request, as_json=as_json)


def backfill(
    first: Annotated[str, typer.Argument(metavar="FROM", help="First day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Argument(metavar="TO", help="Last day, included.")],
    at_once: Annotated[int, typer.Option(min=1, max=10, help="Days made at the same time, by deployments.")] = 2,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Make every day of a range, each its own run; days that are there already cost nothing."""
    from pressroom.model import BackfillRequest

    daily = {"workspace": workspace, "trigger": "manual"}
    request = _checked(BackfillRequest, "backfill", first=day(first), last=day(last), at_once=at_once, daily=daily)
    _show_days(run_flow("flows.backfill.backfill", request, quiet=as_json), as_json=as_json)


def cancel(run: ARun = "latest", workspace: InWorkspace = None) -> None:
    """Stop a run that is being made; what is stored stays, and the same request goes on with it."""
    from apps.cli.local import database, home
    from blocks import prefect_server
    from pressroom.store import runs

    found = runs.find_run(database(), home(workspace).id, run)
    prefect_server.prepare()
    server_is_up = prefect_server.use_known()
    from tasks import cancel as cancelling

    typer.echo(cancelling.cancel(database(), found, server_is_up=server_is_up))


def _checked(kind: type[BaseModel], command: str, **values: Any) -> BaseModel:
    from pydantic import ValidationError

    try:
        return kind(**values)
    except ValidationError as error:
        raise wrong_option(error, command) from None


def _show_days(report: BackfillReport, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=2) + "\n")
    else:
        for one in report.days:
            typer.echo(f"{one.date}  {one.status:<10} {(one.run_id or '')[:8]}  {one.error or ''}".rstrip())
    if any(one.status == "failed" for one in report.days):
        raise typer.Exit(1)
