"""`pressroom`: the root command, and how errors become sentences and exit codes.

Exit codes: 0 completed or partial, 1 failed, 2 wrong usage, 130 stopped by the user; see `docs/operations.md`.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import Annotated, Any

import typer
from dotenv import load_dotenv

from apps.cli import (
    admin,
    backup,
    carousel,
    catalog,
    channels,
    compiling,
    daily,
    database,
    doctor,
    film,
    init,
    mcp,
    opportunities,
    optimize,
    publications,
    publish,
    repair,
    repurpose,
    results,
    runs,
    serve,
    services,
    trace,
    trends,
    voices,
    voices_of_speech,
    workspaces,
)
from apps.cli.requests import RequestGroup
from apps.cli.running import start_clock
from pressroom.errors import PressroomError, WrongInput
from pressroom.redaction import mask

QUOTE = "'"
EXIT_DONE, EXIT_FAILED, EXIT_WRONG_USAGE, EXIT_STOPPED = 0, 1, 2, 130

EXAMPLES = """
**Examples**

- `pressroom daily` makes today's content; it needs no key.
- `pressroom repurpose notes.md --format linkedin_post` writes up a document.
- `pressroom film latest` makes a reel of the newest script, with a voice and captions.
- `pressroom show latest` lists what was made; `pressroom brief` reads it.
- `pressroom up --demo` starts the review desk with an account to try it.

Every setting is in `.env.example`; `pressroom init` begins with the most important ones.
"""

app = typer.Typer(
    name="pressroom",
    cls=RequestGroup,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Ideas into ready-to-review social content, every morning, on Prefect.",
    epilog=EXAMPLES,
)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"pressroom {version('pressroom')}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    is_version_wanted: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version, and exit.")
    ] = False,
) -> None:
    """The options of `pressroom` itself."""


for command in (
    daily,
    repurpose,
    optimize,
    film,
    carousel,
    compiling,
    runs,
    trace,
    repair,
    catalog,
    database,
    workspaces,
    voices,
    voices_of_speech,
    channels,
    publish,
    publications,
    trends,
    opportunities,
    results,
    doctor,
    init,
    mcp,
    serve,
    admin,
    backup,
    services,
):
    command.register(app)


PANELS = {
    "Make content": ("daily", "repurpose", "optimize", "film", "carousel", "trends", "opportunities", "backfill"),
    "Look at it": ("runs", "show", "brief", "trace", "logs", "formats", "compile", "export"),
    "Repair a run": ("retry", "redo", "cancel"),
    "Publish": ("channels", "publish", "publications", "results"),
    "Set up": (
        *("init", "workspace", "voices", "voices-of-speech", "pronunciations"),
        *("doctor", "db", "backup", "admin", "completion"),
    ),
    "Run the services": ("up", "serve", "mcp", "deploy", "sandbox"),
}
"""Commands by what they are for, as `pressroom --help` groups them."""

_PANEL = {name: panel for panel, names in PANELS.items() for name in names}
_registered: list[Any] = [*app.registered_commands, *app.registered_groups]
for each in _registered:
    called = each.name or getattr(each.callback, "__name__", "")
    each.rich_help_panel = _PANEL.get(called, "More")


def main() -> None:
    """Run the command line; every known error is a sentence and a next step on standard error."""
    start_clock()
    # A shell's background jobs start with SIGINT ignored; `pressroom cancel` must reach them too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    load_dotenv(".env")  # the libraries' own variables, AWS_* and PREFECT_*, may be there too
    # What setuptools<81 answers to twitter_text; counting's own filter doesn't hold in several threads at once.
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    sys.exit(_run())


def _run() -> int:
    """The exit code. Which mistake has which does not depend on the command, or on who finds it: typer or a flow."""
    try:
        code = app(prog_name="pressroom", standalone_mode=False)  # typer returns the code of `Exit`, and 130 for Ctrl-C
    except typer.TyperException as error:
        return _print_usage(error)
    except typer.Abort:
        return _print_error("Aborted.")
    except PressroomError as error:
        is_usage = isinstance(error, WrongInput)
        return _print_error(error.message, error.hint, code=EXIT_WRONG_USAGE if is_usage else EXIT_FAILED)
    except Exception as error:
        said = str(error).partition("\n")[0]  # a database's own error goes on with statement and values
        hint = f"This is a mistake of ours. The details are in {_keep_traceback()}; please report them."
        return _print_error(f"{type(error).__name__}: {mask(said)[:500]}", hint)
    if code == EXIT_STOPPED:
        typer.echo("Stopped. The same command goes on where it was.", err=True)
    return code if isinstance(code, int) else EXIT_DONE


def _print_usage(error: typer.TyperException) -> int:
    """Print the mistake that typer found in what was typed, in the words that a request's model has for it."""
    message = error.format_message()
    if isinstance(error, typer.BadParameter) and error.param and error.message:
        option, reason = error.param.get_error_hint().replace(QUOTE, ""), error.message.removeprefix("Value error, ")
        message = f"{option}: {reason.rstrip('.')}."
    if not message:  # the help has been printed instead: of a group that is called without a command
        return EXIT_WRONG_USAGE
    context = getattr(error, "ctx", None)
    return _print_error(message, f"See `{context.command_path} --help`." if context else "", code=EXIT_WRONG_USAGE)


def _print_error(message: str, hint: str = "", *, code: int = EXIT_FAILED) -> int:
    typer.secho(f"Error: {mask(message)}", fg="red", err=True)
    if hint:
        typer.echo(f"  {mask(hint)}", err=True)
    return code


def _keep_traceback() -> Path:
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
