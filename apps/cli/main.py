"""`pressroom`: the root command, and how errors become sentences and exit codes.

Exit codes: 0 completed or partial, 1 failed, 2 wrong usage, 130 stopped by the user.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import typer
from dotenv import load_dotenv

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
    load_dotenv(".env")  # the libraries' own variables, AWS_* and PREFECT_*, may be there too
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
    except Exception as error:
        typer.secho(f"Error: {type(error).__name__}: {error}", fg="red", err=True)
        typer.echo(f"  This is a mistake of ours. The details are in {_kept()}; please report them.", err=True)
        sys.exit(EXIT_FAILED)


def _kept() -> Path:
    """Keep the traceback of the error being handled in a file, where it helps more than on a terminal."""
    file = Path(os.environ.get("PRESSROOM_HOME") or ".pressroom") / "error.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(traceback.format_exc(), "utf-8")
    except OSError:
        traceback.print_exc()
    return file


if __name__ == "__main__":
    main()
