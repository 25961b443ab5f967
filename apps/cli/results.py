"""`pressroom results`: what came of published posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.options import AsJson, InWorkspace
from apps.cli.printing import print_json, print_rows

if TYPE_CHECKING:
    from pressroom.model.snapshots import FiguresReport, Snapshot

EXAMPLES = """
**Examples**

- `pressroom results collect` reads the figures that are due; the deployment does it every hour.
- `pressroom results show 4f0c` shows a publication's figures at each age.
"""

results = typer.Typer(no_args_is_help=True, help="Results: figures of published posts, and what came of them.",
                      epilog=EXAMPLES)  # fmt: skip
Id = Annotated[str, typer.Argument(metavar="ID", help="A publication's id or its first digits.")]

AGE_TITLES = {1: "1 h", 6: "6 h", 24: "24 h", 72: "3 d", 168: "7 d", 672: "28 d", 2160: "90 d"}
WORDS = {"gap": "gap", "not_offered": "not offered", "ended": "ended", "unknown": ""}


def register(app: typer.Typer) -> None:
    app.add_typer(results, name="results")


@results.command(epilog=EXAMPLES)
def collect(workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Read the figures that are due now. What is there stays as it is."""
    from apps.cli.running import run_flow
    from pressroom.model.snapshots import ResultsRequest

    report: FiguresReport = run_flow(ResultsRequest(workspace=workspace), quiet=as_json)
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    for one in report.channels:
        cost = f", ${one.cost_microusd / 1_000_000:.3f}" if one.cost_microusd else ""
        typer.echo(f"{one.channel} ({one.platform}): {one.values} figures of {one.publications} posts{cost}")
        if one.code:
            typer.echo(f"  {one.reason} {one.waiting} posts are tried again.", err=True)
    if not report.channels:
        typer.echo("Nothing is due: each post is asked about at 1, 6 and 24 hours, 3, 7, 28 and 90 days.")


@results.command(epilog=EXAMPLES)
def show(publication: Id, workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Show the figures of one publication at each age, gaps with their reasons."""
    from apps.cli.local import as_operator
    from pressroom.review.publications import find_publication
    from pressroom.store.results import snapshots_of

    database, _ = as_operator(workspace)
    row = find_publication(database, publication)
    found = snapshots_of(database, [row.id])[row.id]
    if as_json:
        print_json([_plain(one) for one in found])
    elif found:
        _print_curve(found)
    else:
        typer.echo("No figures yet: the first are read an hour after publication.")


def _print_curve(found: list[Snapshot]) -> None:
    from pressroom.model.snapshots import METRICS, falls

    ages, by_place = sorted({one.age for one in found}), {(one.metric, one.age): one for one in found}
    fallen = falls(found)
    lines = ((METRICS[metric], [by_place.get((metric, age)) for age in ages]) for metric in METRICS)
    rows = ((title, *(_cell(one, fallen) for one in cells)) for title, cells in lines if any(cells))
    print_rows(("figure", *(AGE_TITLES[age] for age in ages)), rows)
    for reason in sorted({one.reason for one in found if one.reason}):
        typer.echo(f"{reason}", err=True)


def _cell(one: Snapshot | None, fallen: set[tuple[str, int]]) -> str:
    if one is None:
        return ""
    if one.value is None:
        return WORDS[one.have]
    return f"{one.value:,}{' (fell)' if (one.metric, one.age) in fallen else ''}{' (late)' if one.is_late else ''}"


def _plain(one: Snapshot) -> dict[str, Any]:
    return {**one._asdict(), "have": one.have.value, "observed_at": one.observed_at.isoformat(), "late": one.is_late}
