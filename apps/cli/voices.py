"""`pressroom voices`: the brand voices of a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apps.cli.options import AsJson, InWorkspace

EXAMPLE = """
A voice file is TOML, every line of it but the name optional:

    name = "house"
    description = "A practitioner who has seen it break. Dry humour, no exclamation marks."
    samples = ["We turned it off on a Friday. On purpose."]
    do = ["Name the tool and the number", "Say what did not work"]
    dont = ["Promise anything"]
    banned = ["synergy", "best in class"]
    sign_off = "Written by people, at the mill."

**Examples**

- `pressroom voices load voice.toml` keeps it; loading it again takes over what has changed.
- `pressroom voices load voice.toml --name launch --workspace mill`
- `pressroom repurpose notes.md --voice house`
- `voice = "house"` in a workspace's preferences makes it the voice of its daily drafts.
"""

voices = typer.Typer(no_args_is_help=True, help="Brand voices: how a workspace's content sounds.", epilog=EXAMPLE)
Name = Annotated[str, typer.Argument(help="The voice's name.")]


def register(app: typer.Typer) -> None:
    app.add_typer(voices, name="voices")


@voices.command("list", epilog="**Example**: `pressroom voices list --workspace mill`")
def list_(workspace: InWorkspace = None) -> None:
    """List the voices of a workspace."""
    from apps.cli.local import database, home
    from pressroom.store.voices import voices_of

    row = home(workspace)
    found = voices_of(database(), row.id)
    for voice in found:
        about = " ".join(voice.description.split())
        typer.echo(f"{voice.name}  {about[:79]}…" if len(about) > 80 else f"{voice.name}  {about}".rstrip())
    if not found:
        typer.echo(f"Workspace {row.name} has no voice. Load one with `pressroom voices load voice.toml`.", err=True)


@voices.command(epilog="**Example**: `pressroom voices show house`")
def show(name: Name, workspace: InWorkspace = None) -> None:
    """Print a voice as JSON."""
    from apps.cli.local import database, home
    from pressroom.store.voices import voice_of

    typer.echo(voice_of(database(), home(workspace).id, name).model_dump_json(indent=2))


@voices.command(epilog=EXAMPLE)
def load(
    file: Annotated[Path, typer.Argument(help="TOML file with the voice.")],
    name: Annotated[str | None, typer.Option(help="Keep it under this name; default: the file's own.")] = None,
    workspace: InWorkspace = None,
) -> None:
    """Keep the voice of a TOML file; one of the same name is replaced."""
    from apps.cli.local import database, home
    from pressroom.store.voices import keep_voice, read_voice

    voice = read_voice(file, name)
    row = home(workspace, make=True)
    keep_voice(database(), row.id, voice)
    typer.echo(
        f"Workspace {row.name} has the voice {voice.name}. Write in it: pressroom repurpose SOURCE --voice {voice.name}"
    )


@voices.command(epilog="**Example**: `pressroom voices check --voice launch --most 5`")
def check(
    voice: Annotated[str | None, typer.Option(help="This voice instead of the workspace's own.")] = None,
    most: Annotated[int, typer.Option(min=1, max=200, help="Drafts of the set, the newest first.")] = 20,
    chain: Annotated[str | None, typer.Option(metavar="NAMES", help="Text providers; default: the settings'.")] = None,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Draft again what people edited, with today's prompts and voice, and compare with what they made of it."""
    from apps.cli.local import home
    from blocks import connections
    from pressroom.calls.accounts import text_names
    from pressroom.calls.books import Books
    from pressroom.calls.budget import Budget
    from pressroom.calls.ledger import Ledger
    from pressroom.model import Preferences
    from pressroom.settings import settings
    from pressroom.store.voices import voice_of, with_voice
    from pressroom.writing.voice_checking import check_voice, edited_drafts

    row, database, chosen = home(workspace), connections.database(), settings()
    wishes = with_voice(database, row.id, Preferences.model_validate(row.preferences))
    if voice:
        wishes = wishes.model_copy(update={"voice": voice_of(database, row.id, voice)})
    names = text_names(tuple(chain.split(",")) if chain else None, chosen)
    limit = Budget(database, row.id, "", day_limit=chosen.day_budget_usd) if chosen.day_budget_usd else None
    found = check_voice(
        edited_drafts(database, row.id, most=most), wishes, connections.chain(names),
        Books(Ledger(database, row.id), limit, "voice-check"), feedback_rounds=chosen.feedback_rounds,
        temperature=chosen.draft_temperature,
    )  # fmt: skip
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    for one in found.drafts:
        now = "no draft" if one.now is None else f"{one.now:.0%}"
        typer.echo(f"{one.content_id[:8]}  {one.format:<18} {one.was:.0%} -> {now}  {one.title[:60]}")
    typer.echo(found.words)


@voices.command(epilog="**Example**: `pressroom voices remove house`")
def remove(name: Name, workspace: InWorkspace = None) -> None:
    """Forget a voice; what was written in it stays."""
    from apps.cli.local import database, home
    from pressroom.store.voices import remove_voice

    row = home(workspace)
    remove_voice(database(), row.id, name)
    typer.echo(f"Workspace {row.name} no longer has the voice {name}.")
