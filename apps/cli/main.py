"""`pressroom`: the root command, and how errors become sentences and exit codes.

Exit codes: 0 completed or partial, 1 failed, 2 wrong usage, 130 stopped by the user.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

import typer
from dotenv import load_dotenv

from apps.cli import (
    admin,
    catalog,
    compiling,
    daily,
    database,
    doctor,
    optimize,
    repair,
    repurpose,
    runs,
    serve,
    services,
    trace,
    voices,
    workspaces,
)
from apps.cli.listed import Listed
from pressroom.errors import PressroomError, WrongInput
from pressroom.redaction import mask

EXIT_FAILED, EXIT_WRONG_USAGE, EXIT_STOPPED = 1, 2, 130

app = typer.Typer(
    name="pressroom",
    cls=Listed,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Ideas into ready-to-review social content, every morning, on Prefect.",
    epilog="Start with `pressroom daily`: it needs no key. Every setting is in `.env.example`.",
)
for command in (
    daily,
    repurpose,
    optimize,
    compiling,
    runs,
    trace,
    repair,
    catalog,
    database,
    workspaces,
    voices,
    doctor,
    serve,
    admin,
    services,
):
    command.register(app)


def main() -> None:
    """Run the command line; every known error is a sentence and a next step on standard error."""
    # A shell's background jobs start with SIGINT ignored; `pressroom cancel` must reach them too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    load_dotenv(".env")  # the libraries' own variables, AWS_* and PREFECT_*, may be there too
    # What setuptools<81 answers to twitter_text; counting's own filter doesn't hold in several threads at once.
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    try:
        app()
    except PressroomError as error:
        typer.secho(f"Error: {mask(error.message)}", fg="red", err=True)
        if error.hint:
            typer.echo(f"  {mask(error.hint)}", err=True)
        sys.exit(EXIT_WRONG_USAGE if isinstance(error, WrongInput) else EXIT_FAILED)
    except KeyboardInterrupt:
        typer.echo("Stopped. The same command goes on where it was.", err=True)
        sys.exit(EXIT_STOPPED)
    except Exception as error:
        said = mask(str(error).partition("\n")[0])[:500]  # a database's own error goes on with statement and values
        typer.secho(f"Error: {type(error).__name__}: {said}", fg="red", err=True)
        typer.echo(f"  This is a mistake of ours. The details are in {_kept()}; please report them.", err=True)
        sys.exit(EXIT_FAILED)


def _kept() -> Path:
    """Keep the traceback of the error being handled in a file, where it helps more than on a terminal."""
    home = Path(os.environ.get("PRESSROOM_HOME") or ".pressroom")
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = home / "error.log"
        file.touch(0o600)
        file.write_text(mask(traceback.format_exc()), "utf-8")
    except OSError:
        with tempfile.NamedTemporaryFile(
            "w", prefix="pressroom-", suffix=".log", encoding="utf-8", delete=False
        ) as log:
            log.write(mask(traceback.format_exc()))
        file = Path(log.name)
    return file


if __name__ == "__main__":
    main()
