"""`pressroom film`: a reel, Short or video of a script, with a voice and captions."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from apps.cli.options import AsJson, Estimate
from apps.cli.requests import Spelling, add_command
from apps.cli.running import run_and_show, wall_seconds
from pressroom.errors import WrongInput

if TYPE_CHECKING:
    from pressroom.model import FilmRequest, RunReport

EXAMPLES = """
**Examples**

- `pressroom film latest` makes a film of the newest script; it needs no key.
- `pressroom film 8a01 --estimate` shows what it would cost in each tier.
- `pressroom film 8a01 --tier premium --voice Rachel`
- `pressroom film 8a01 --picture front.jpg --picture 3=shop.jpg --clip 5=walk.mp4 --music song.mp3`
- `pressroom film 8a01 --scene 3` makes scene 3 again; the others stay as they are, and cost nothing.
- `pressroom film 8a01 --shape 1:1 --caption "2=Rye bread, from €4.50"`

The same script with the same wishes is the same film: a repeat pays for nothing and renders nothing.
"""

_NUMBERED = re.compile(r"(\d{1,3})=(.+)", re.DOTALL)

Pictures = Annotated[
    list[str] | None, typer.Option("--picture", metavar="[N=]FILE", help="Your own picture for scene N, or the next.")
]
Clips = Annotated[
    list[str] | None, typer.Option("--clip", metavar="[N=]FILE", help="Your own clip for scene N, or the next.")
]
Captions = Annotated[
    list[str] | None, typer.Option("--caption", metavar="N=TEXT", help="Caption of scene N in place of its words.")
]
Again = Annotated[int | None, typer.Option("--scene", min=1, help="Make this scene of the draft's film again.")]
Only = Annotated[
    Literal["all", "picture", "voice"], typer.Option("--only", help="With --scene: what of it is made again.")
]


def register(app: typer.Typer) -> None:
    helps = {"content": "The draft's id or its first digits; `latest`: the newest script."}
    spelling = Spelling(arguments={"content": "CONTENT"}, helps=helps, without=("scenes",))
    add_command(app, "film", film, spelling, epilog=EXAMPLES)


def film(
    request: FilmRequest,
    *,
    picture: Pictures = None,
    clip: Clips = None,
    caption: Captions = None,
    scene: Again = None,
    only: Only = "all",
    estimate: Estimate = False,
    as_json: AsJson = False,
) -> None:
    """Make a film of a script: its scenes pictured and spoken, with captions, ready to be posted."""
    asked = request if scene is None else _again(request, scene, only)
    for name, given in (("picture", picture), ("clip", clip), ("caption", caption)):
        for number, value in _numbered(given or (), needs_number=name == "caption"):
            asked = _with(asked, number, name, value)
    if estimate:
        return _estimate(asked, as_json=as_json)
    return run_and_show(asked, as_json=as_json, show=_show)


def _numbered(given: Iterable[str], *, needs_number: bool) -> Iterable[tuple[int, str]]:
    """Each value with the number of its scene; those without one follow each other. Raises WrongInput."""
    following = 1
    for value in given:
        found = _NUMBERED.fullmatch(value)
        if not found and needs_number:
            raise WrongInput(f"--caption {value!r} names no scene.", hint='Write it as 2="The words".')
        number, rest = (int(found[1]), found[2]) if found else (following, value)
        following = number + 1
        yield number, rest


def _with(request: FilmRequest, number: int, name: str, value: str) -> FilmRequest:
    """The request with one wish more; a picture takes the place of a clip, and the other way round."""
    from pressroom.model.films import MOST_SCENES

    if not 1 <= number <= MOST_SCENES:
        raise WrongInput(f"There is no scene {number}.", hint="Scenes are counted from 1.")
    other = {"picture": {"clip": ""}, "clip": {"picture": ""}}.get(name, {})
    return request.with_wish(request.wish(number).model_copy(update={name: value, **other}))


def _again(request: FilmRequest, scene: int, only: Literal["all", "picture", "voice"]) -> FilmRequest:
    """The request of the draft's film, with what was typed now, and one scene made again. Raises WrongInput."""
    from apps.cli import local, preflight
    from pressroom.media.film_planning import no_script

    if local.is_empty():
        raise no_script()
    home = local.home_to_look_at(request.workspace)
    draft = preflight.film_draft(home.id, request.content)
    run_id = local.lookup().film_run_of(draft.id)
    if run_id is None:
        raise WrongInput(f"Draft {draft.id[:8]} has no film yet.", hint=f"`pressroom film {draft.id[:8]}` makes it.")
    plan = local.lookup().run(run_id).plan
    if scene > len(plan.board.scenes):
        raise WrongInput(f"There is no scene {scene}: the film has {len(plan.board.scenes)}.", hint="Name one of them.")
    typed = request.model_dump(include=request.model_fields_set - {"content", "trigger"})
    known: FilmRequest = plan.request.model_copy(update=typed)
    return known.redone(scene, only)


def _estimate(request: FilmRequest, *, as_json: bool) -> None:
    """Print what the film would cost: in the tier that was asked for, or in each."""
    import json

    from apps.cli.local import estimate_film
    from pressroom.model.films import Tier

    found = {
        tier: estimate_film(request.model_copy(update={"tier": tier}))
        for tier in ((request.tier,) if request.tier else Tier)
    }
    if as_json:
        typer.echo(json.dumps({tier.value: cost.model_dump() | {"usd": cost.usd} for tier, cost in found.items()}))
        return
    for tier, cost in found.items():
        price = f"${cost.usd:.2f}" if cost.price_known else "no price known"
        typer.echo(
            f"{tier.value:<9} {price:>8}  {cost.pictures} pictures by {cost.picture_provider}, "
            f"{cost.characters} characters by {cost.speech_provider}"
            + (f"; {cost.known} answers are there already" if cost.known else "")
        )
    for note in dict.fromkeys(note for cost in found.values() for note in cost.notes):
        typer.echo(f"Note: {note}")
    typer.echo("No provider was called.")


def _show(report: RunReport, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=2) + "\n")
        return
    from apps.cli.printing import counted

    typer.echo(f"{report.status}  workspace {report.workspace}  run {report.run_id}")
    made = report.film
    if made is not None:
        voice = f", voice {made.voice}" if made.voice else ""
        typer.echo(f"{made.title}")
        typer.echo(
            f"{made.seconds:.0f} s, {made.width} x {made.height}, {counted(len(made.scenes), 'scene')}, "
            f"tier {made.tier.value}{voice}"
        )
    typer.echo(f"{counted(report.calls.made, 'call')} made, ${report.cost_usd:.4f}, {wall_seconds():.1f} s")
    for failure in report.failures:
        typer.secho(f"failed {failure.format}: {failure.reason}", fg="red")
    if made is not None:
        _show_files(report)
        for note in made.notes:
            typer.echo(f"Note: {note}")
        where = "attached to its draft" if made.is_attached else "not attached to its draft"
        typer.echo(f"The film is {where} {made.content_id[:8]}.")


def _show_files(report: RunReport) -> None:
    from apps.cli.show import short

    assert report.film is not None
    names: Sequence[str] = [name for name in ("film", "srt", "vtt", "sheet", "chapters") if name in report.film.files]
    for name in names:
        file = report.film.files[name].key.rpartition("/")[2]
        typer.echo(f"  {name:<9} {short(report.artifacts['folder'])}/{file}")
