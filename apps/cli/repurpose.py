"""`pressroom repurpose`: documents made into drafts of every format, and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.daily import names, show_estimate
from apps.cli.running import run_and_show, wrong_option
from pressroom.errors import WrongInput

if TYPE_CHECKING:
    from pressroom.model import RepurposeRequest

NONE = "none"

EXAMPLES = """
**Examples**

- `pressroom repurpose notes.md` writes it up in every format and draws a card for every platform.
- `pressroom repurpose https://example.com/post --format linkedin_post --format x_thread`
- `pressroom repurpose post.docx report.pdf --platform-images linkedin,instagram --tone "dry and exact"`
- `pressroom repurpose https://example.com/feed.xml` takes the newest entries of a feed, each as a document.
- `cat notes.txt | pressroom repurpose - --title "What we learned" --language de`
- `pressroom repurpose notes.md --platform-images none --json`
- `pressroom repurpose notes.md --estimate` shows what the texts would cost, a second reading included where it is set.

Nothing is in the drafts that the document does not say: what slips in is sent back, and quarantined if it stays.
The same words with the same wishes cost nothing a second time; `--refresh` writes the drafts anew.
"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EXAMPLES)(repurpose)


def repurpose(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="A page's or feed's address, a file, or - for standard input."),
    ],
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="A format to write in, may be repeated; default: all.")
    ] = None,
    platform_images: Annotated[
        list[str] | None,
        typer.Option(help="A platform to picture, may be repeated; default: those of the formats; `none` for none."),
    ] = None,
    title: Annotated[str, typer.Option(help="The document's title, where it names none or another.")] = "",
    tone: Annotated[str | None, typer.Option(help="How it should sound.")] = None,
    audience: Annotated[str | None, typer.Option(help="Who reads it.")] = None,
    hashtag: Annotated[list[str] | None, typer.Option(help="A hashtag to use, may be repeated.")] = None,
    language: Annotated[
        str | None, typer.Option(help="Language to write in, e.g. de or pt-BR; default: the document's own.")
    ] = None,
    voice: Annotated[str | None, typer.Option(help="A brand voice; `pressroom voices` manages them.")] = None,
    chain: Annotated[list[str] | None, typer.Option(help="A text provider, tried in the order given.")] = None,
    image_chain: Annotated[list[str] | None, typer.Option(help="An image provider, tried in the order given.")] = None,
    image_style: Annotated[str | None, typer.Option(help="Style of the pictures, e.g. photographic.")] = None,
    workspace: Annotated[str | None, typer.Option(help="Workspace to work for; default `default`.")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Write the drafts anew.")] = False,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Show what the texts would cost, and make nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
) -> None:
    """Make documents into drafts of every format and pictures for every platform."""
    request = _request(
        sources=tuple(sources),
        title=title,
        formats=names(formats),
        platform_images=_platforms(names(platform_images)),
        tone=tone,
        audience=audience,
        hashtags=names(hashtag) or (),
        language=language,
        voice=voice,
        chain=names(chain),
        image_chain=names(image_chain),
        image_style=image_style,
        workspace=workspace,
        refresh=refresh,
        trigger="manual",
    )
    if estimate:
        from apps.cli.local import estimate_repurpose

        show_estimate(estimate_repurpose(request), as_json=as_json)
        return
    run_and_show("flows.repurpose.repurpose", request, as_json=as_json)


def _platforms(given: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The platforms named; empty for `none`.

    Raises:
        WrongInput: one of them takes no pictures.
    """
    if given is None or given == (NONE,):
        return given and ()
    from pressroom.media.pictures.wanting import wanted

    wanted(given)
    return given


def _request(**values: Any) -> RepurposeRequest:
    from pydantic import ValidationError

    from pressroom import formats
    from pressroom.model import RepurposeRequest

    for name in values["formats"] or ():
        formats.get(name)
    if not any(source.strip() for source in values["sources"]):
        raise WrongInput("Name a document.", hint="An address, a file, or - for standard input.")
    try:
        return RepurposeRequest(**values)
    except ValidationError as error:
        raise wrong_option(error, "repurpose") from None
