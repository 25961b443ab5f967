"""`pressroom publications`: where publications stand, and what a person does about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from apps.cli.options import AsJson, InWorkspace
from apps.cli.printing import ended, print_json, print_rows
from apps.cli.publish import time_of
from pressroom.errors import WrongInput

if TYPE_CHECKING:
    from pressroom.review.publication_views import PartView, PublicationDetail, PublicationView

EXAMPLES = """
**Examples**

- `pressroom publications --state needs_person` lists what waits for you.
- `pressroom publications show 4f0c` shows its parts, every request to the platform, and what you can do.
- `pressroom publications move 4f0c --at "2026-12-01 09:00"`
- `pressroom publications decide 4f0c there --url https://example.com/post/1` after you have looked at the platform.
- `pressroom publications delete 4f0c` takes it down at the platform, after a question.
"""

publications = typer.Typer(
    invoke_without_command=True, help="Publications: what goes out, where, when, and how it stands.", epilog=EXAMPLES
)
Id = Annotated[str, typer.Argument(metavar="ID", help="A publication's id or its first digits.")]


def register(app: typer.Typer) -> None:
    app.add_typer(publications, name="publications")


@publications.callback()
def _list(
    context: typer.Context,
    state: Annotated[list[str] | None, typer.Option(help="In this state. May be given several times.")] = None,
    channel: Annotated[str | None, typer.Option(help="Of this channel: name, id or platform.")] = None,
    content: Annotated[str | None, typer.Option(help="Of this draft: its id or its first digits.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many, those added last first.")] = 20,
    workspace: InWorkspace = None,
    as_json: AsJson = False,
) -> None:
    """List publications, those added last first."""
    if context.invoked_subcommand is not None:
        return
    from apps.cli.local import as_operator
    from pressroom.model.publication_states import PublicationState
    from pressroom.review.publication_views import PublicationFilter, list_publications
    from pressroom.review.publications import find_channel
    from pressroom.store.contents import find_content

    database, caller = as_operator(workspace)
    known = [each.value for each in PublicationState]
    if unknown := set(state or ()) - set(known):
        raise WrongInput(f"There is no state {min(unknown)!r}.", hint=f"States: {', '.join(known)}.")
    wanted = PublicationFilter(
        states=tuple(PublicationState(each) for each in state or ()),
        channel=find_channel(database, channel).id if channel else None,
        content=find_content(database, caller.workspace_id, content).id if content else None,
    )
    found = list_publications(database, wanted, limit=limit).items
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
    elif found:
        _print_table(found)
    else:
        typer.echo("No publications. `pressroom publish CONTENT --channel NAME` plans one.")


@publications.command(epilog=EXAMPLES)
def show(publication: Id, workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """Show one publication: its parts, every request to the platform, both texts where they differ."""
    from apps.cli.local import as_operator
    from pressroom.review.publication_views import get_publication
    from pressroom.review.publications import find_publication

    database, _ = as_operator(workspace)
    found = get_publication(database, find_publication(database, publication).id)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        _print_detail(found)


@publications.command()
def cancel(publication: Id, workspace: InWorkspace = None) -> None:
    """Take a publication off the plan; what is public of it stays."""
    _act(workspace, publication, "cancel")


@publications.command()
def move(
    publication: Id,
    at: Annotated[
        str | None, typer.Option(metavar='"YYYY-MM-DD HH:MM"', help="Clock time in the workspace's zone.")
    ] = None,
    next_free: Annotated[bool, typer.Option("--next", help="At the channel's next free slot.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Within a minute.")] = False,
    workspace: InWorkspace = None,
) -> None:
    """Give a publication another time, also one that was missed, refused or cancelled."""
    if not (at or next_free or now):
        raise WrongInput("To which time?", hint="Give one of --at, --next and --now.")
    _act(workspace, publication, "move", time_of(at, next_free=next_free, now=now))


@publications.command(epilog=EXAMPLES)
def decide(
    publication: Id,
    decision: Annotated[
        Literal["there", "send", "leave"],
        typer.Argument(help="`there`: it is public. `send`: it is not, send it. `leave`: it is not, and stays so."),
    ],
    url: Annotated[str, typer.Option(help="Address of the post, where it is there.")] = "",
    workspace: InWorkspace = None,
) -> None:
    """Say what only a person can tell: look at the platform first."""
    if url and decision != "there":
        raise WrongInput("An address is given, but it is not there.", hint="Say `there`, or leave out --url.")
    _act(workspace, publication, "decide", decision, permalink=url)


@publications.command()
def accept(publication: Id, workspace: InWorkspace = None) -> None:
    """Leave what is public as it is, though it differs from what was approved."""
    _act(workspace, publication, "accept")


@publications.command()
def delete(
    publication: Id,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    workspace: InWorkspace = None,
) -> None:
    """Take down at the platform what is public of it."""
    from apps.cli.local import access_to, as_operator
    from pressroom.review import publications as known

    database, caller = as_operator(workspace)
    row = known.find_publication(database, publication)
    if not yes:
        typer.confirm(f"Take down {row.permalink or row.id[:8]} at the platform?", abort=True)
    known.delete(database, caller, access_to(database), row.id)
    typer.echo(f"{row.id[:8]} is deleted at the platform.")


def _act(workspace: str | None, publication: str, act: str, *words: Any, **more: Any) -> None:
    """Do one act of `review.publications`, and say how the publication stands then."""
    from apps.cli.local import as_operator
    from pressroom.review import publications as known

    database, caller = as_operator(workspace)
    row = known.find_publication(database, publication)
    row = getattr(known, act)(database, caller, row.id, *words, **more)
    typer.echo(f"{row.id[:8]} is {row.state.replace('_', ' ')}, for {row.planned_wall.replace('T', ' ')} ({row.zone}).")


def _print_table(found: list[PublicationView]) -> None:
    columns = ("publication", "state", "planned", "zone", "channel", "platform", "post", "reason or address")
    print_rows(columns, ((each.id[:8], each.state, each.planned_wall.replace("T", " "), each.zone, each.channel,
                          each.platform, ended(each.excerpt, 40), each.permalink or ended(each.reason, 60))
                         for each in found))  # fmt: skip


def _print_detail(found: PublicationDetail) -> None:
    typer.secho(f"{found.state}  {found.channel} ({found.platform})  publication {found.id}", bold=True)
    typer.echo(f"planned for {found.planned_wall.replace('T', ' ')} ({found.zone}), draft {found.content_id[:8]}")
    for line in (found.permalink, f"{found.reason} {found.hint}".strip()):
        if line:
            typer.echo(line)
    for part in found.parts:
        _print_part(part)
    for one in found.attempts:
        answer = "no answer" if one.status is None else str(one.status)
        typer.echo(
            f"  {one.at:%Y-%m-%d %H:%M:%S}  part {one.part + 1}  {one.phase:<8} {one.method} {one.address}  {answer}"
        )
    for offer in found.offers:
        act, more = COMMANDS.get(offer.act, (offer.act, offer.decision))
        words = f"{act} {found.id[:8]} {more}".strip()
        typer.echo(f"- {offer.label}: {offer.means} (`pressroom publications {words}`)")


COMMANDS = {"publish-now": ("move", "--now"), "move": ("move", "--next")}
"""The command, and its option, of an act that has no command of its own name."""


def _print_part(part: PartView) -> None:
    typer.echo(
        f"\n{part.kind} {part.position + 1}: {part.state_title}. {part.means} {part.reason} {part.hint}".rstrip()
    )
    if part.seen:
        typer.echo(f"  approved:\n{_indent(part.text)}")
        for post in part.seen:
            typer.echo(f"  at the platform {post.permalink}:\n{_indent(post.text)}")
    else:
        typer.echo(_indent(part.text))


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
