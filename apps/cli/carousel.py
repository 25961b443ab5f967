"""`pressroom carousel`: a draft as pages to swipe through."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.options import AsJson, InWorkspace

if TYPE_CHECKING:
    from pressroom.review.carousels import MadeCarousel

EPILOG = "`pressroom carousel 8a01 --to pages` makes the pages of a draft, and writes them into a folder."


class Platform(StrEnum):
    """The platforms that show carousels."""

    LINKEDIN = "linkedin"
    INSTAGRAM = "instagram"


def register(app: typer.Typer) -> None:
    app.command(epilog=EPILOG)(carousel)


def carousel(
    content: Annotated[str, typer.Argument(help="A draft's id or its first digits.")],
    platform: Annotated[
        Platform | None,
        typer.Option(help="LinkedIn gets a PDF, Instagram gets pictures; default: that of the draft, else LinkedIn."),
    ] = None,
    to: Annotated[Path | None, typer.Option(help="A folder that the files are written to as well.")] = None,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """Draw a draft as 5 to 10 pages by the card templates; they are attached to it where its platform is the same."""
    from apps.cli.local import as_operator, store
    from pressroom.media.pictures.wanting import brand_from_settings
    from pressroom.model import Preferences
    from pressroom.review.attachment_files import Maker
    from pressroom.review.carousels import make_carousel
    from pressroom.settings import settings
    from pressroom.store.contents import find_content
    from pressroom.store.workspaces import find_workspace

    database, caller = as_operator(workspace)
    found = find_content(database, caller.workspace_id, content)
    where = platform or (Platform(found.platform) if found.platform in set(Platform) else Platform.LINKEDIN)
    preferences = Preferences.model_validate(find_workspace(database, caller.workspace).preferences)
    made = make_carousel(
        database,
        Maker.for_request(store(), settings().face_model),
        caller,
        found.id,
        brand=brand_from_settings(settings()),
        language=preferences.language,
        where=where.value,
    )
    written = _write(made, to) if to else []
    if as_json:
        sys.stdout.write(json.dumps(_report(made, written), indent=2, ensure_ascii=False) + "\n")
    else:
        _print(made, where.value, written)


def _write(made: MadeCarousel, to: Path) -> list[str]:
    from apps.cli.local import store

    to.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, asset in enumerate(made.assets, start=1):
        ending = PurePosixPath(asset.key).suffix
        path = to / (f"carousel{ending}" if len(made.assets) == 1 else f"page-{number:02}{ending}")
        path.write_bytes(store().get(asset.key))
        paths.append(str(path))
    return paths


def _report(made: MadeCarousel, written: list[str]) -> dict[str, Any]:
    return {
        "pages": [page.model_dump(mode="json") for page in made.carousel.pages],
        "assets": [asset.id for asset in made.assets],
        "files": written or [asset.address for asset in made.assets],
        "attached": made.is_attached,
        "notes": list(made.notes),
    }


def _print(made: MadeCarousel, where: str, written: list[str]) -> None:
    from pressroom import platforms

    title = platforms.title(where)
    kept = "attached to the draft" if made.is_attached else f"in its library, to attach to a draft for {title}"
    typer.echo(f"{len(made.carousel.pages)} pages for {title}, {kept}")
    for number, page in enumerate(made.carousel.pages, start=1):
        typer.echo(f"  {number}. {page.title}")
    for path in written or [asset.address for asset in made.assets]:
        typer.echo(path)
    for note in made.notes:
        typer.echo(f"Note: {note}")
