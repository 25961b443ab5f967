"""How reports look on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pressroom.model import RunReport, RunStatus

if TYPE_CHECKING:
    from pressroom.writing.estimate import Estimate

COLOURS = {
    RunStatus.COMPLETED: "green",
    RunStatus.PARTIAL: "yellow",
    RunStatus.FAILED: "red",
    RunStatus.RUNNING: "cyan",
    RunStatus.CANCELLED: "magenta",
}

PIPE_WIDTH = 400
"""A table may take this many columns outside a terminal."""


def show_report(report: RunReport) -> None:
    """The outcome of a run in a few lines: what was made, what it took, where it lies, what went wrong."""
    console = Console(soft_wrap=True, highlight=False)
    colour = COLOURS[report.status]
    console.print(
        f"[bold {colour}]{report.status}[/]  {report.date}  workspace {report.workspace}  run {report.run_id}"
    )
    console.print(
        f"{report.drafts} drafts of {report.ideas} {'documents' if report.kind == 'repurpose' else 'ideas'}: "
        f"{report.quarantined} quarantined, {report.flagged} flagged, {report.failed} failed"
        + (f"; {report.pictures} pictures" if report.pictures else "")
    )
    console.print(
        f"{report.calls.made} calls made, {report.calls.reused} reused, "
        f"{report.tokens.input + report.tokens.output} tokens, ${report.cost_usd:.4f}, {report.seconds:.1f} s"
    )
    for failure in report.failures:
        what = f"{failure.format}: {failure.idea_title}: {failure.reason}"
        console.print(f"[red]failed[/] {escape(what)}", markup=True)
    for name, address in report.artifacts.items():
        console.print(f"  {name:<10} {address}", markup=False)


def show_estimate(found: Estimate, *, as_json: bool) -> None:
    """The calls, tokens and cost of a run that is not made."""
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    cost = (
        f"${found.expected_usd:.4f} expected, ${found.most_usd:.4f} at most" if found.price_known else "no price known"
    )
    typer.echo(f"{found.calls} calls of {found.provider} ({found.model}): {cost}")
    typer.echo(f"about {found.input_tokens} tokens in, {found.output_tokens} out; no provider was called")


def print_table(made: Table) -> None:
    """Print a table; in a pipe as wide as it needs to be, so that no date is broken over two lines."""
    console = Console()
    console = console if console.is_terminal else Console(width=PIPE_WIDTH)
    console.print(made)


def table(*columns: str) -> Table:
    """A table in the house style."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
