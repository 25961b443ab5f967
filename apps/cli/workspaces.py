"""`pressroom workspace` and `pressroom export`: what a workspace's content is about, and all of it as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apps.cli.options import AsJson, InWorkspace
from apps.cli.printing import print_json
from apps.cli.requests import add_command, run_and_print
from apps.cli.running import typed

if TYPE_CHECKING:
    from pressroom.model.exports import ExportRequest

EXAMPLE = """
A preferences file is TOML, every line of it optional:

    topics = ["technology", "digital transformation", "innovation"]
    keywords = ["cloud costs"]
    audience = "heads of IT in mid-sized companies"
    tone = "clear, friendly and concrete"
    language = "en"
    hashtags = ["platformteam"]
"""

workspace = typer.Typer(no_args_is_help=True, help="What a workspace's content is about.")


def register(app: typer.Typer) -> None:
    app.add_typer(workspace, name="workspace")
    add_command(app, "export", export, epilog="`pressroom export --workspace mill` prints where the file is.")


def export(request: ExportRequest, *, as_json: AsJson = False) -> None:
    """Put everything of a workspace into one file, which is kept for a week."""
    run_and_print(request, as_json=as_json)


@workspace.command()
def show(name: InWorkspace = None) -> None:
    """Print a workspace's preferences as JSON."""

    from apps.cli.local import home

    row = home(name)
    print_json(row.preferences)


@workspace.command("set", epilog=EXAMPLE)
def set_(
    file: Annotated[Path, typer.Argument(help="TOML file with the preferences.")], name: InWorkspace = None
) -> None:
    """Take a workspace's preferences from a TOML file; what it leaves out gets its default."""
    from apps.cli.local import database
    from pressroom.settings import settings
    from pressroom.store import workspaces

    with typed():
        preferences = workspaces.read_preferences(file)
    row = workspaces.set_preferences(database(), name or settings().workspace, preferences)
    typer.echo(f"Workspace {row.name} now writes about {', '.join(row.preferences['topics'])}.")
