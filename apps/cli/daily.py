"""`pressroom daily`: the daily run, here and now."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.running import run_and_show, wrong_option
from pressroom.errors import WrongInput

if TYPE_CHECKING:
    from pressroom.model import DailyRequest
    from pressroom.writing.estimate import Estimate

EXAMPLES = """
**Examples**

- `pressroom daily` makes today's content with whatever is configured; with no key, offline.
- `pressroom daily --ideas 3 --format linkedin_post --format x_thread`
- `pressroom daily --chain openai --chain offline --focus "cloud costs"`
- `pressroom daily --date 2026-11-20 --json`
- `pressroom daily --ideas 50 --chain openai --estimate` says what it would cost.

The same command on the same day pays for nothing twice; `--refresh` writes the drafts anew.
"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EXAMPLES)(daily)


def daily(
    date: Annotated[str | None, typer.Option(help="Day to make, YYYY-MM-DD; default: today.")] = None,
    ideas: Annotated[int | None, typer.Option(help="How many ideas, 1 to 1000; default 5.")] = None,
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
    estimate: Annotated[bool, typer.Option("--estimate", help="Only say what it would cost.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
) -> None:
    """Make a day's content: ideas, a draft of each in every format, checked, stored and laid out."""
    request = _request(
        date=day(date),
        ideas=ideas,
        formats=names(formats),
        chain=names(chain),
        focus=focus,
        workspace=workspace,
        refresh=refresh,
        trigger="manual",
    )
    if estimate:
        from apps.cli.local import estimate_daily

        show_estimate(estimate_daily(request), as_json=as_json)
        return
    run_and_show("flows.daily.daily", request, as_json=as_json)


def _request(**values: Any) -> DailyRequest:
    from pydantic import ValidationError

    from pressroom import formats
    from pressroom.model import DailyRequest

    for name in values["formats"] or ():
        formats.get(name)
    try:
        return DailyRequest(**values)
    except ValidationError as error:
        raise wrong_option(error, "daily") from None


def names(given: Sequence[str] | None) -> tuple[str, ...] | None:
    """Repeated and comma-parted names as one tuple; None when the option wasn't used."""
    names = [name.strip() for value in given or () for name in value.split(",")]
    return tuple(name for name in names if name) or None


def day(value: str | None) -> dt.date | None:
    """The date written as YYYY-MM-DD.

    Raises:
        WrongInput: it is none.
    """
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise WrongInput(f"{value!r} is not a date.", hint="Write it as YYYY-MM-DD, for instance 2026-11-20.") from None


def show_estimate(found: Estimate, *, as_json: bool) -> None:
    """The calls, tokens and cost of a run that is not made."""
    if as_json:
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
        return
    cost = (
        f"${found.expected_usd:.4f} expected, ${found.most_usd:.4f} at most" if found.price_known else "no price known"
    )
    typer.echo(f"{found.calls} calls of {found.provider} ({found.model}): {cost}")
    typer.echo(f"about {found.input_tokens} tokens in, {found.output_tokens} out; nothing was asked of anybody")
