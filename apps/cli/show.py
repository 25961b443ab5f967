"""How reports look on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape

from apps.cli.printing import COLOURS, counted

if TYPE_CHECKING:
    from pressroom.model import RunReport
    from pressroom.writing.estimate import Estimate


def show_report(report: RunReport, *, seconds: float) -> None:
    """The outcome of a run in a few lines: what was made, what it took, where it lies, what went wrong.

    seconds: wall time of the command.
    """
    console = Console(soft_wrap=True, highlight=False)
    colour = COLOURS[report.status]
    console.print(
        f"[bold {colour}]{report.status}[/]  {report.date}  workspace {report.workspace}  run {report.run_id}"
    )
    console.print(_counts(report))
    console.print(
        f"{counted(report.calls.made, 'call')} made, {report.calls.reused} reused, "
        f"{counted(report.tokens.input + report.tokens.output, 'token')}, ${report.cost_usd:.4f}, {seconds:.1f} s"
    )
    for failure in report.failures:
        what = f"{failure.format}: {failure.idea_title}: {failure.reason}"
        console.print(f"[red]failed[/] {escape(what)}", markup=True)
    for name, address in report.artifacts.items():
        console.print(f"  {name:<10} {short(address)}", markup=False)


def _counts(report: RunReport) -> str:
    about = "document" if report.kind == "repurpose" else "idea"
    pictures = f"; {counted(report.pictures, 'picture')}" if report.pictures else ""
    return (
        f"{counted(report.drafts, 'draft')} of {counted(report.ideas, about)}: "
        f"{report.quarantined} quarantined, {report.flagged} flagged, {report.failed} failed{pictures}"
    )


def short(address: str) -> str:
    """A path as it is typed from the current folder, where it lies below it; any other address as it is."""
    path = Path(address)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else address


def show_estimate(found: Estimate, *, as_json: bool) -> None:
    """The calls, tokens and cost of a run that is not made."""
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    cost = (
        f"${found.expected_usd:.4f} expected, ${found.most_usd:.4f} at most" if found.price_known else "no price known"
    )
    typer.echo(f"{counted(found.calls, 'call')} of {found.provider} ({found.model}): {cost}")
    if found.reused:
        typer.echo(f"{counted(found.reused, 'call')} of this run paid already: not in these figures")
    typer.echo(f"about {found.input_tokens} tokens in, {found.output_tokens} out; no provider was called")
