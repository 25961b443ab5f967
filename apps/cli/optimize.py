"""`pressroom optimize`: pictures made ready for platforms."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.daily import names
from apps.cli.running import run_flow, wrong_option
from pressroom.errors import RunFailed, WrongInput

if TYPE_CHECKING:
    from pressroom.model import RunReport
    from pressroom.model.optimizing import OptimizeRequest

EXAMPLES = """
**Examples**

- `pressroom optimize photo.jpg --all` makes it for every platform; with no key, words come from templates.
- `pressroom optimize photo.jpg --platform instagram --platform x --describe "Our first rye bread of the year"`
- `pressroom optimize *.jpg --platform linkedin --no-ai` only cuts them.
- `pressroom optimize shoe.png --all --photo floating --photo solid_background`
- `pressroom optimize photo.jpg --all --logo dark.png --logo light.png --logo-place lower_right --format webp --json`

The same picture with the same wishes costs nothing a second time. `pressroom compile RESULTS.json` makes the text
files again.
"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EXAMPLES)(optimize)


def optimize(
    images: Annotated[list[str], typer.Argument(metavar="IMAGE...", help="Files, or public addresses.")],
    platform: Annotated[
        list[str] | None, typer.Option(help="A platform to make them for, may be repeated or with commas.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Make them for every platform.")] = False,
    describe: Annotated[str, typer.Option(help="What they show, in your own words.")] = "",
    no_ai: Annotated[bool, typer.Option("--no-ai", help="Ask no model: words come from templates.")] = False,
    image_format: Annotated[str, typer.Option("--format", help="jpg, png, webp or avif.")] = "jpg",
    logo: Annotated[list[str] | None, typer.Option(help="A logo; twice: a dark and a light one.")] = None,
    logo_place: Annotated[
        str, typer.Option(help="auto, lower_right, lower_left, upper_right, upper_left, centre or tiled.")
    ] = "auto",
    logo_scale: Annotated[float, typer.Option(help="Longer side, as share of the picture's shorter.")] = 0.18,
    logo_opacity: Annotated[float | None, typer.Option(help="0 to 1; default: 1, and 0.2 when tiled.")] = None,
    logo_margin: Annotated[float, typer.Option(help="To the edges, as share of the picture's shorter.")] = 0.04,
    photo: Annotated[
        list[str] | None, typer.Option(help="A style of product photography, may be repeated; `all` for all.")
    ] = None,
    focus: Annotated[str, typer.Option(help="What must stay, as X,Y from 0 to 1, e.g. 0.3,0.5.")] = "",
    background: Annotated[str, typer.Option(help="Ground of see-through parts, #rrggbb.")] = "#ffffff",
    hashtag: Annotated[list[str] | None, typer.Option(help="A hashtag to use, may be repeated.")] = None,
    ban: Annotated[list[str] | None, typer.Option(help="A hashtag never to use, may be repeated.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the words, e.g. de.")] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone of the readers, e.g. Europe/Berlin.")] = None,
    chain: Annotated[list[str] | None, typer.Option(help="A text provider, tried in the order given.")] = None,
    workspace: Annotated[str | None, typer.Option(help="Workspace to work for; default `default`.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds one picture may take.")] = 600,
    refresh: Annotated[bool, typer.Option("--refresh", help="Make everything anew.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
) -> None:
    """Make pictures ready for platforms: the right file, caption, hashtags and accounts for each."""
    if every and platform:
        raise WrongInput("--all and --platform contradict each other.", hint="Give one of them.")
    if not every and not platform:
        raise WrongInput("For which platforms?", hint="Name them with --platform, or give --all.")
    request = _request(
        images=tuple(images),
        platforms=names(platform),
        describe=describe,
        analyse=not no_ai,
        format=image_format,
        logo={
            "files": tuple(logo or ()),
            "place": logo_place,
            "scale": logo_scale,
            "opacity": logo_opacity,
            "margin": logo_margin,
        },
        photo_styles=_styles(names(photo)),
        focus=_focus(focus),
        background=background,
        hashtags=names(hashtag) or (),
        banned=names(ban) or (),
        language=language,
        zone=zone,
        chain=names(chain),
        workspace=workspace,
        timeout=timeout,
        refresh=refresh,
        trigger="manual",
    )
    _run(request, as_json=as_json)


def _run(request: OptimizeRequest, *, as_json: bool) -> None:
    """Print the report; that of a failed run too, before the error goes on."""
    try:
        report: RunReport = run_flow("flows.optimize_image.optimize_image", request, quiet=as_json)
    except RunFailed as failed:
        _show(failed.report, as_json=as_json)  # type: ignore[arg-type]
        raise
    _show(report, as_json=as_json)


def _show(report: RunReport, *, as_json: bool) -> None:
    if as_json:
        at_hand = {"made": report.calls.made, "folder": report.artifacts["folder"]}
        sys.stdout.write(json.dumps({**report.model_dump(mode="json"), **at_hand}, indent=2) + "\n")
        return
    typer.echo(f"{report.status}  workspace {report.workspace}  run {report.run_id}")
    typer.echo(f"{report.calls.made} calls made, ${report.cost_usd:.4f}, {report.seconds:.1f} s")
    for image in report.images:
        if image.code:
            typer.secho(f"failed {image.source}: {image.code}: {image.reason}", fg="red")
            continue
        lost = f", not made: {', '.join(image.failed)}" if image.failed else ""
        level = image.level.words if image.level else ""
        typer.echo(f"{image.source}: {len(image.ok)} platforms ({level}){lost}\n  {image.results}")


def _styles(given: tuple[str, ...] | None) -> tuple[str, ...]:
    """The styles named; all of them for `all`.

    Raises:
        WrongInput: there is no such style.
    """
    if not given:
        return ()
    from pressroom.media.photography.styles import photo_style, photo_styles

    if given == ("all",):
        return tuple(photo_styles())
    for name in given:
        photo_style(name)
    return given


def _focus(given: str) -> tuple[float, float] | None:
    if not given:
        return None
    try:
        across, down = (float(part) for part in given.split(","))
    except ValueError:
        raise WrongInput(f"--focus: {given!r} is not a place.", hint="Write it as 0.3,0.5: across, down.") from None
    return across, down


def _request(**values: Any) -> OptimizeRequest:
    from pydantic import ValidationError

    from pressroom.model.optimizing import OptimizeRequest
    from pressroom.platforms import image_size_for

    for name in values["platforms"] or ():
        image_size_for(name, 1, 1)
    try:
        return OptimizeRequest(**values)
    except ValidationError as error:
        raise wrong_option(error, "optimize") from None
