"""`pressroom retry`, `redo`, `backfill` and `cancel`: when a run is not as it should be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from apps.cli.options import ARun, AsJson, InWorkspace
from apps.cli.requests import Spelling, add_command
from apps.cli.running import run_and_show, run_flow

if TYPE_CHECKING:
    from pressroom.model import BackfillReport, BackfillRequest, DraftRef, RedoRequest, RetryRequest


def register(app: typer.Typer) -> None:
    a_run = Spelling(arguments={"run": "RUN"})
    add_command(app, "retry", retry, a_run, epilog="`pressroom retry latest`, `pressroom retry 3f9a`")
    note = '`pressroom redo 8a01 --note "Shorter, and start with the number."`'
    add_command(app, "redo", redo, Spelling(arguments={"content": "CONTENT"}), epilog=note)
    days = Spelling(arguments={"first": "FROM", "last": "TO"}, names={"daily": "--"}, without=("daily.date",))
    add_command(app, "backfill", backfill, days, epilog="`pressroom backfill 2026-11-01 2026-11-07 --at-once 3`")
    app.command(epilog="`pressroom cancel latest`")(cancel)


def retry(request: RetryRequest, *, as_json: AsJson = False) -> None:
    """Make the drafts that a run lacks because they failed; those it has are not touched."""
    run_and_show(request, as_json=as_json)


def redo(request: RedoRequest, *, as_json: AsJson = False) -> None:
    """Write one draft again; its siblings are not touched, its old wordings stay."""
    if not request.suggest:
        return run_and_show(request, as_json=as_json)
    draft: DraftRef = run_flow(request, quiet=as_json)
    typer.echo(draft.model_dump_json(indent=2) if as_json else f"The suggestion for {draft.id[:8]} is in Review.")
    return None


def backfill(request: BackfillRequest, *, as_json: AsJson = False) -> None:
    """Make every day of a range, each its own run; days that are there already cost nothing."""
    _show_days(run_flow(request, quiet=as_json), as_json=as_json)


def cancel(run: ARun = "latest", workspace: InWorkspace = None) -> None:
    """Stop a run that is being made; what is stored stays, and the same request goes on with it."""
    from apps.cli.local import database, find_run
    from blocks import prefect_server
    from pressroom.model import RunStatus
    from pressroom.store.missing import check_running

    found = find_run(run, workspace, preferring=(RunStatus.RUNNING,))
    check_running(found)
    prefect_server.prepare()
    server_is_up = prefect_server.use_known()
    from pressroom.store.runs import get_run
    from tasks import cancel as cancelling

    typer.echo(cancelling.cancel(database(), get_run(database(), found.id), server_is_up=server_is_up))


def _show_days(report: BackfillReport, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=2) + "\n")
    else:
        for one in report.days:
            typer.echo(f"{one.date}  {one.status:<10} {(one.run_id or '')[:8]}  {one.error or ''}".rstrip())
    if any(one.status == "failed" for one in report.days):
        raise typer.Exit(1)
