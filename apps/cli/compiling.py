"""`pressroom compile`: the ready-to-post text files, made again from results.json alone."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apps.cli.printing import print_json
from pressroom.errors import WrongInput

if TYPE_CHECKING:
    from pressroom.model.results import Results

EXAMPLES = """
**Examples**

- `pressroom compile results.json` writes `instagram.txt` and the others beside it.
- `pressroom compile results.json --out to-post --zone America/New_York` names the best times of readers there.
- `pressroom compile results.json --json | jq -r .files[].path`

No provider is called and nothing is paid: all of it stands in results.json. A file that holds the same already
is left alone.
"""

MOST_BYTES = 20_000_000

FileReport = dict[str, str | int]


def register(app: typer.Typer) -> None:
    app.command("compile", epilog=EXAMPLES)(compile_results)


def compile_results(
    results: Annotated[Path, typer.Argument(metavar="RESULTS.json", help="A results.json of an optimised picture.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the files; default: that of RESULTS.json.")] = None,
    zone: Annotated[
        str | None, typer.Option(help="Zone your readers live in, e.g. Europe/Berlin; default: the results' own.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Make the ready-to-post text files again, one a platform, from results.json alone."""
    from pressroom.reports.results import texts_of

    read = _read(results)
    folder = results.parent if out is None else out
    written = [_put(folder, name, content) for name, content in texts_of(read, zone=zone).items()]
    if as_json:
        said = {"session_id": read.session_id, "folder": str(folder), "files": written}
        print_json(said)
        return
    for file in written:
        typer.echo(f"{file['status']:<9}  {file['path']}")
    if not written:
        typer.echo("The results name no platform: there is nothing to write.")


def _read(file: Path) -> Results:
    from pressroom.reports.results import from_json

    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise WrongInput(
            f"{file} can't be read: {error.strerror or error}.", hint="Name the results.json of an optimised picture."
        ) from None
    if len(content) > MOST_BYTES:
        raise WrongInput(
            f"{file} is larger than any results.json.", hint="Name the results.json of an optimised picture."
        )
    try:
        return from_json(content)
    except WrongInput as error:
        raise WrongInput(f"{file}: {error.message}", hint=error.hint) from None


def _put(folder: Path, name: str, content: bytes) -> FileReport:
    """Write a file whole, unless it is there with this content. A link at its name is replaced, not followed."""
    target = folder / name
    try:
        same = target.is_file() and target.read_bytes() == content
        if not same:
            folder.mkdir(parents=True, exist_ok=True)
            _replace(target, content)
    except OSError as error:
        raise WrongInput(
            f"{target} can't be written: {error.strerror or error}.", hint="Choose another folder with --out."
        ) from None
    return {"name": name, "path": str(target), "status": "unchanged" if same else "written", "bytes": len(content)}


def _replace(target: Path, content: bytes) -> None:
    made = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with made.open("xb") as opened:
            opened.write(content)
        made.replace(target)
    finally:
        made.unlink(missing_ok=True)
