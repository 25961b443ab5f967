"""`pressroom runs` and `pressroom show`: what has been made."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.options import ARun, AsJson, InWorkspace
from apps.cli.printing import COLOURS, print_json, print_rows
from pressroom.errors import Misconfigured, WrongInput

if TYPE_CHECKING:
    from pressroom.reports.rows import Rows


_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
"""A sign that Markdown would take for its own, such as the dot of `1\\.`."""


def register(app: typer.Typer) -> None:
    app.command()(runs)
    app.command(epilog="`pressroom show latest`, `pressroom show 2026-11-20`, `pressroom show 3f9a`")(show)
    app.command(epilog="`pressroom brief`, `pressroom brief 2026-11-20 --markdown > friday.md`")(brief)
    app.command(epilog="`pressroom logs`, `pressroom logs 3f9a`")(logs)


def runs(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """List the runs, newest first."""
    from apps.cli import local

    rows = local.lookup().list_runs(local.home_to_look_at(workspace).id, limit=limit) if not local.is_empty() else []
    found = [_summary(run) for run in rows]
    if as_json:
        print_json(found)
        return
    _print_table(found)


def show(
    run: ARun = "latest",
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Show one run: its ideas, its drafts with their states, and why what failed failed."""
    from apps.cli.local import find_run, lookup
    from pressroom.reports.rows import looked_up

    rows = looked_up(lookup(), find_run(run, workspace))
    if as_json:
        print_json(_details(rows))
        return
    _print_details(rows)


def brief(
    run: ARun = "latest",
    workspace: InWorkspace = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the Markdown file itself.")] = False,
) -> None:
    """Read a run's brief: the content itself. The latest, or a day's, is the newest that has one."""
    from apps.cli.local import find_run, lookup, store

    found = find_run(run, workspace, having="/brief.md")
    key = next(iter(lookup().artifact_keys(found.id, "/brief.md")), None)
    if key is None:
        raise WrongInput(
            f"Run {found.id[:8]} has no brief: it is a run of kind {found.kind}, {found.status}.",
            hint=f"`pressroom show {found.id[:8]}` tells what it made.",
        )
    text = store().get(key).decode("utf-8")
    if markdown or not sys.stdout.isatty():
        sys.stdout.write(text if markdown else _ESCAPED.sub(r"\1", text))
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def logs(run: ARun = "latest", workspace: InWorkspace = None) -> None:
    """Print what Prefect's server keeps of a run's log, oldest first."""
    from apps.cli.local import find_run
    from blocks import prefect_server

    found = find_run(run, workspace)
    prefect_server.prepare()
    if not prefect_server.use_known():
        hint = "`pressroom up` starts one, which keeps the logs of runs; or set PREFECT_API_URL."
        raise Misconfigured("Logs are kept by a Prefect server, and none is up.", hint=hint)
    lines = prefect_server.logs_of(found.flow_run_id) if found.flow_run_id else []
    for each in lines:
        typer.echo(f"{each['timestamp'][:19].replace('T', ' ')}  {each['message']}")
    if not lines:
        typer.echo(f"The Prefect server has no log of run {found.id[:8]}: another server made it.", err=True)


def _summary(run: Any) -> dict[str, Any]:
    totals = run.totals or {}
    return {
        "run_id": run.id,
        "date": run.day.isoformat(),
        "kind": run.kind,
        "status": run.status,
        "trigger": run.trigger,
        "ideas": totals.get("ideas", 0),
        "drafts": totals.get("drafts", 0),
        "quarantined": totals.get("quarantined", 0),
        "failed": totals.get("failed", 0),
        "cost_usd": totals.get("cost_usd", 0.0),
        "seconds": totals.get("seconds", 0.0),
        "error": run.error,
    }


def _print_table(found: list[dict[str, Any]]) -> None:
    names = ("date", "kind", "status", "trigger", "ideas", "drafts", "quarantined", "failed")
    rows = ((run["run_id"][:8], *(str(run[name]) for name in names), f"${run['cost_usd']:.4f}") for run in found)
    print_rows(("run", *names, "cost"), rows, empty="No runs yet. `pressroom daily` makes the first one.")


def _details(rows: Rows) -> dict[str, Any]:
    return {
        **_summary(rows.run),
        "gate": rows.run.gate,
        "failures": rows.run.failures,
        "content": [
            {
                "content_id": draft.id,
                "idea": idea.title,
                "format": draft.format,
                "state": draft.state,
                "words": draft.words,
                "provider": draft.provider,
                "model": draft.model,
                "violations": draft.violations,
                "findings": draft.findings,
            }
            for idea in rows.ideas
            for draft in rows.drafts_about(idea)
        ],
    }


def _print_details(rows: Rows) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)
    run = rows.run
    console.print(f"[bold {COLOURS[run.status]}]{run.status}[/]  {run.day}  run {run.id}  {' > '.join(run.chain)}")
    if run.error:
        console.print(f"[red]{escape(run.error)}[/]")
    for idea in rows.ideas:
        console.print(f"\n[bold]{idea.position}. {escape(idea.title)}[/]  [dim]{escape(idea.category)}[/]")
        for draft in rows.drafts_about(idea):
            notes = "; ".join(item["message"] for item in draft.violations)
            notes += "; ".join(item["reason"] for item in draft.findings)
            console.print(f"  {draft.id[:8]}  {draft.format:<18} {draft.state:<12} {escape(notes)}")
    for failure in run.failures:
        console.print(
            f"\n[red]failed[/] {failure['format']}: {escape(failure['idea_title'])}: {escape(failure['reason'])}"
        )
