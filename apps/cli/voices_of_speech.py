"""`pressroom voices-of-speech` and `pressroom pronunciations`: who speaks, how it sounds, and how words are spoken."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from apps.cli.options import InWorkspace
from apps.cli.printing import print_json, print_rows

HEARING = """
**Examples**

- `pressroom voices-of-speech --language de` lists the voices that speak German.
- `pressroom voices-of-speech --say "Good morning, 3 May costs $4.50." --out hear.wav` speaks offline, in English.
- `pressroom voices-of-speech --say "Guten Morgen" --language de --voice espeak --out hear.wav`
- `pressroom voices-of-speech --say "Hello" --voice nova --out hear.wav` needs OpenAI's key.
"""

SPELLING = """
**Examples**

- `pressroom pronunciations set SQL sequel`
- `pressroom pronunciations set Łukasz Wookash --workspace mill`
- `pressroom pronunciations list`
"""

pronunciations = typer.Typer(
    no_args_is_help=True, help="Words that are spoken otherwise than they are written.", epilog=SPELLING
)
Written = Annotated[str, typer.Argument(help="The word as it is written.")]


def register(app: typer.Typer) -> None:
    app.command("voices-of-speech", epilog=HEARING)(voices_of_speech)
    app.add_typer(pronunciations, name="pronunciations")


def voices_of_speech(
    language: Annotated[str, typer.Option(help="Voices of this language alone: en, de, pt-BR.")] = "",
    say: Annotated[str, typer.Option(help="Speak this text, into the file of --out.")] = "",
    voice: Annotated[str, typer.Option(help="With --say: the voice.")] = "",
    out: Annotated[Path | None, typer.Option(help="With --say: the WAV file that is written.")] = None,
    workspace: InWorkspace = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """List the voices that can speak a film, with price and what is missing; or hear one."""
    if say or out or voice:
        _hear(say, language or "en", voice, out, workspace)
        return
    from pressroom.media.speech.catalogue import voices
    from pressroom.settings import settings

    found = voices(settings(), language)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    rows = [
        (
            one.provider,
            one.name,
            f"{len(one.languages)} languages" if len(one.languages) > 3 else ", ".join(one.languages),
            "-" if one.usd_a_minute is None else f"${one.usd_a_minute:.3f}",
            one.timed.value,
            one.reason or "ready",
            one.said,
        )
        for one in found
    ]
    heads = ("provider", "voice", "language", "a minute", "word times", "now", "sounds")
    print_rows(heads, rows, empty=f"No voice speaks {language}. `pressroom voices-of-speech` lists all.")


def _hear(say: str, language: str, voice: str, out: Path | None, workspace: str | None) -> None:
    from pressroom.errors import WrongInput

    if not say or out is None:
        raise WrongInput("To hear a voice, --say and --out are needed.", hint='--say "Hello there." --out hear.wav')
    from apps.cli.local import database, home, speech_chain, store
    from pressroom.calls.books import Books
    from pressroom.calls.budget import Budget
    from pressroom.calls.ledger import Ledger
    from pressroom.media.keeping import Keeper
    from pressroom.media.speech.speaking import speak
    from pressroom.model.speech import SpeechRequest
    from pressroom.settings import settings
    from pressroom.store.workspaces import pronunciations_of

    row = home(workspace)
    request = SpeechRequest(
        text=say,
        language=language,
        voice=voice or settings().speech_voice,
        pronunciations=pronunciations_of(database(), row.id).pairs,
    )
    limit = settings().day_budget_usd
    budget = Budget(database(), row.id, "", day_limit=limit) if limit else None
    books = Books(Ledger(database(), row.id), budget, task="speech")
    spoken = speak(request, speech_chain(), Keeper(store(), row.name), books)
    try:
        out.write_bytes(store().get(spoken.key))
    except OSError as error:
        raise WrongInput(f"{out} can't be written: {error.strerror}.", hint="Choose another file.") from None
    typer.echo(f"{out}  {spoken.seconds:.1f} s, {spoken.provider}'s voice {spoken.voice}, words: {spoken.timing.value}")
    for note in spoken.notes:
        typer.echo(f"  note: {note}")


@pronunciations.command("list", epilog="**Example**: `pressroom pronunciations list --workspace mill`")
def list_(workspace: InWorkspace = None) -> None:
    """List the words that are spoken otherwise than they are written."""
    from apps.cli.local import database, home
    from pressroom.store.workspaces import pronunciations_of

    row = home(workspace)
    found = pronunciations_of(database(), row.id)
    empty = f"Workspace {row.name} has no pronunciations. Add one: pressroom pronunciations set SQL sequel"
    print_rows(("written", "spoken"), found.pairs, empty=empty)


@pronunciations.command("set", epilog=SPELLING)
def set_(
    written: Written,
    spoken: Annotated[str, typer.Argument(help="What is spoken for it, as one would spell it.")],
    workspace: InWorkspace = None,
) -> None:
    """Keep how a word is spoken; films that are made from now on speak it so."""
    from apps.cli.local import database, home
    from pressroom.store.workspaces import set_pronunciation

    row = home(workspace, make=True)
    set_pronunciation(database(), row.id, written, spoken)
    typer.echo(f"Workspace {row.name} speaks {written!r} as {spoken!r}.")


@pronunciations.command(epilog="**Example**: `pressroom pronunciations remove SQL`")
def remove(written: Written, workspace: InWorkspace = None) -> None:
    """Forget how a word is spoken."""
    from apps.cli.local import database, home
    from pressroom.store.workspaces import set_pronunciation

    row = home(workspace)
    set_pronunciation(database(), row.id, written, None)
    typer.echo(f"Workspace {row.name} speaks {written!r} as it is written.")
