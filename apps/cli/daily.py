"""`pressroom daily`: the daily run, here and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from apps.cli.options import AsJson, Estimate
from apps.cli.requests import Spelling, add_command
from apps.cli.running import run_and_show

if TYPE_CHECKING:
    from pressroom.model import DailyRequest

EXAMPLES = """
**Examples**

- `pressroom daily` makes today's content with whatever is configured; with no key, offline.
- `pressroom daily --ideas 3 --format linkedin_post --format x_thread`
- `pressroom daily --chain openai --chain offline --focus "cloud costs"`
- `pressroom daily --date 2026-11-20 --json`
- `pressroom daily --ideas 50 --estimate` says what it would cost.
- `pressroom daily --opportunity 4f0c` writes about this opportunity now, from its articles.

The same command on the same day pays for nothing twice; `--refresh` writes the drafts again.
"""


def register(app: typer.Typer) -> None:
    spelling = Spelling(names={"opportunities": "--opportunity"})
    add_command(app, "daily", daily, spelling, epilog=EXAMPLES)


def daily(request: DailyRequest, *, estimate: Estimate = False, as_json: AsJson = False) -> None:
    """Make a day's content: ideas, a draft of each in every format, checked, stored and laid out."""
    if estimate:
        from apps.cli.local import estimate_daily
        from apps.cli.show import show_estimate

        show_estimate(estimate_daily(request), as_json=as_json)
        return
    run_and_show(request, as_json=as_json)
    if not as_json:
        _show_waiting(request.workspace)


def _show_waiting(workspace: str | None) -> None:
    """How many opportunities were taken after this run began, and how they are written."""
    from apps.cli import local
    from apps.cli.printing import counted

    waiting = local.lookup().waiting_opportunities(local.home_to_look_at(workspace).id)
    if waiting:
        options = " ".join(f"--opportunity {row.id[:8]}" for row in waiting)
        one = "it" if len(waiting) == 1 else "them"
        count = counted(len(waiting), "taken opportunity", "taken opportunities")
        typer.echo(f"{count} not written yet. The next new daily run writes {one}; now: `pressroom daily {options}`")
