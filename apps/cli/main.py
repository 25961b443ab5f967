"""`pressroom`: the root command, and how errors become sentences and exit codes.

Exit codes: 0 completed or partial, 1 failed, 2 wrong usage, 130 stopped by the user.
"""

from __future__ import annotations

import sys

import typer

from apps.cli import catalog, daily, database, doctor, runs, services, trace, workspaces
from pressroom.errors import PressroomError, WrongInput

EXIT_FAILED, EXIT_WRONG_USAGE, EXIT_STOPPED = 1, 2, 130

app = typer.Typer(
    name="pressroom",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Ideas into ready-to-review social content, every morning, on Prefect.",
    epilog="Start with `pressroom daily`: it needs no key. Every setting is in `.env.example`.",
)
for command in (daily, runs, trace, catalog, database, workspaces, doctor, services):
    command.register(app)


def main() -> None:
    """Run the command line; every known error is a sentence and a next step on standard error."""
    try:
        app()
    except PressroomError as error:
        typer.secho(f"Error: {error.message}", fg="red", err=True)
        if error.hint:
            typer.echo(f"  {error.hint}", err=True)
        sys.exit(EXIT_WRONG_USAGE if isinstance(error, WrongInput) else EXIT_FAILED)
    except KeyboardInterrupt:
        typer.echo("Stopped. The same command goes on where it was.", err=True)
        sys.exit(EXIT_STOPPED)


if __name__ == "__main__":
    main()
