"""`pressroom optimize`: pictures made ready for platforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from apps.cli.options import AsJson
from apps.cli.printing import print_json
from apps.cli.requests import Spelling, add_command
from apps.cli.running import run_and_show, wall_seconds
from pressroom.errors import WrongInput

if TYPE_CHECKING:
    from pressroom.model import RunReport
    from pressroom.model.optimizing import OptimizeRequest

EVERY = ("all",)

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
    spelling = Spelling(
        arguments={"images": "IMAGE"},
        names={"analyse": "--ai", "photo_styles": "--photo", "banned": "--ban", "logo.files": "--logo"},
        readers={"platforms": _platforms, "photo_styles": _styles},
        helps={
            "images": "Files, or public addresses.",
            "platforms": "A platform to make them for.",
            "photo_styles": "A style of product photography; `all` for all.",
        },
        whole=("logo.files",),
    )
    add_command(app, "optimize", optimize, spelling, epilog=EXAMPLES)


def optimize(
    request: OptimizeRequest,
    *,
    every: Annotated[bool, typer.Option("--all", help="Make them for every platform.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make pictures ready for platforms: the right file, caption, hashtags and accounts for each."""
    if every and request.platforms:
        raise WrongInput("--all and --platform contradict each other.", hint="Give one of them.")
    if not every and not request.platforms:
        raise WrongInput("For which platforms?", hint="Name them with --platform, or give --all.")
    run_and_show(request, as_json=as_json, show=_show)


def _show(report: RunReport, *, as_json: bool) -> None:
    if as_json:
        at_hand = {"made": report.calls.made, "folder": report.artifacts["folder"]}
        print_json({**report.model_dump(mode="json"), **at_hand})
        return
    from apps.cli.printing import counted
    from apps.cli.show import short

    typer.echo(f"{report.status}  workspace {report.workspace}  run {report.run_id}")
    typer.echo(f"{counted(report.calls.made, 'call')} made, ${report.cost_usd:.4f}, {wall_seconds():.1f} s")
    for image in report.images:
        if image.code:
            typer.secho(f"failed {image.source}: {image.code}: {image.reason}", fg="red")
            continue
        lost = f", not made: {', '.join(image.failed)}" if image.failed else ""
        level = image.level.words if image.level else ""
        typer.echo(f"{image.source}: {counted(len(image.ok), 'platform')} ({level}){lost}")
        typer.echo(f"  {short(image.results or '').removesuffix('results.json')}  pictures, texts and results.json")


def _platforms(names: tuple[str, ...]) -> tuple[str, ...]:
    """The platforms named. Raises WrongInput when there is no such platform."""
    from pressroom.platforms import image_size_for

    for name in names:
        image_size_for(name, 1, 1)
    return names


def _styles(names: tuple[str, ...]) -> tuple[str, ...]:
    """The styles named; all of them for `all`. Raises WrongInput when there is no such style."""
    from pressroom.media.photography.styles import photo_style, photo_styles

    if names == EVERY:
        return tuple(photo_styles())
    for name in names:
        photo_style(name)
    return names
