"""`pressroom channels`: the accounts that a workspace publishes to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apps.cli.options import AsJson, InWorkspace
from apps.cli.printing import print_json

if TYPE_CHECKING:
    from pressroom.model import Caller
    from pressroom.publishers.ledger.access import Access
    from pressroom.review.connectable import Connectable
    from pressroom.store.database import Database

EXAMPLE = """
**Examples**

- `pressroom channels add bluesky --identifier name.bsky.social` asks for the app password, hidden.
- `pressroom channels add mastodon --server mastodon.social --secret-file token.txt`
- `pressroom channels add bluesky --identifier name.bsky.social < password.txt`
- `pressroom channels add x` prints the desk's page where a person allows it at X.
- `pressroom channels add bluesky --sandbox` connects the demo account of `pressroom sandbox --social`.
- `pressroom channels check` asks the platforms if the sign-ins hold; `pressroom channels check 9f1b` one.
"""

channels = typer.Typer(no_args_is_help=True, help="The accounts that a workspace publishes to.", epilog=EXAMPLE)
NO_CHANNEL = "Workspace {workspace} has no channel. Connect one with `pressroom channels add PLATFORM`."
AChannel = Annotated[str, typer.Argument(help="A channel's id or its first digits.")]
SecretFile = Annotated[Path | None, typer.Option("--secret-file", help="Read the secret from this file.")]


def register(app: typer.Typer) -> None:
    app.add_typer(channels, name="channels")


@channels.command("list", epilog="**Example**: `pressroom channels list --workspace mill`")
def list_(workspace: InWorkspace = None, as_json: AsJson = False) -> None:
    """List the channels of a workspace, with what is wrong with each."""

    from apps.cli.local import as_operator
    from pressroom.review import channels as domain

    database, caller = as_operator(workspace)
    found = domain.list_channels(database)
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
        return
    for each in found:
        state = "paused" if each.paused else each.state.replace("_", " ")
        typer.echo(f"{each.id[:8]}  {each.platform_title} {each.account.name}: {state}, {each.planned} planned")
        if each.problem:
            typer.echo(f"          {each.problem.message} {each.problem.hint}".rstrip())
    if not found:
        typer.echo(NO_CHANNEL.format(workspace=caller.workspace), err=True)


@channels.command(epilog=EXAMPLE)
def add(
    platform: Annotated[str, typer.Argument(help="Which platform, e.g. bluesky.")],
    identifier: Annotated[
        str, typer.Option(help="Name or handle of the account, where the platform asks for it.")
    ] = "",
    server: Annotated[str, typer.Option(help="Server that the account lives on; default: the usual one.")] = "",
    secret_file: SecretFile = None,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="The demo account of the stand-ins at PRESSROOM_SOCIAL_SANDBOX.")
    ] = False,
    workspace: InWorkspace = None,
) -> None:
    """Connect an account. Its secret is asked for, or read from a file or standard input; it is never an argument."""
    from apps.cli.local import access_to, as_operator
    from pressroom.review import channels as domain
    from pressroom.review import connecting
    from pressroom.review.connectable import connectable, publisher_of
    from pressroom.vault import Vault

    name = publisher_of(platform).platform
    database, caller = as_operator(workspace)
    access, vault = access_to(database), Vault.from_settings()
    way = next(each for each in connectable(access) if each.platform == name)
    if sandbox:
        channel_id = connecting.connect_seed(database, caller, vault, name, _seed(access, name))
    elif way.way == "oauth":
        typer.echo(_page(way))
        return
    else:
        given = {"identifier": identifier, "secret": _secret(way, identifier, secret_file)}
        channel_id = connecting.sign_in(database, caller, vault, access, name, given, server=server)
    found = domain.get(database, channel_id)
    typer.echo(f"{found.platform_title} {found.account.name} is connected: channel {found.id[:8]}. {found.sign_in}")
    if found.problem:
        typer.echo(f"  {found.problem.message} {found.problem.hint}".rstrip(), err=True)


@channels.command(epilog="**Examples**: `pressroom channels check`, `pressroom channels check 9f1b`")
def check(
    channel: Annotated[str | None, typer.Argument(help="A channel's id or its first digits; default: all.")] = None,
    workspace: InWorkspace = None,
) -> None:
    """Ask platforms if sign-ins hold, and what is left of their quotas. Exit code 1 when one does not work."""
    from apps.cli.local import access_to, as_operator
    from pressroom.review import channels as domain

    database, caller = as_operator(workspace)
    wanted = [channel] if channel is not None else [each.id for each in domain.list_channels(database)]
    if not wanted:
        typer.echo(NO_CHANNEL.format(workspace=caller.workspace), err=True)
    works = [_check(database, caller, access_to(database), each, alone=channel is not None) for each in wanted]
    if not all(works):
        raise typer.Exit(1)


def _check(database: Database, caller: Caller, access: Access, channel: str, *, alone: bool) -> bool:
    """Check one, and print what was found; True when its sign-in works. One that can't be asked stops no other."""
    from pressroom.errors import PressroomError
    from pressroom.review import channels as domain

    try:
        done = domain.check(database, caller, access, channel)
    except PressroomError as error:
        if alone:
            raise
        typer.echo(f"Channel {channel[:8]}: {error} {error.hint or ''}".rstrip(), err=True)
        return False
    found = done.channel
    named = f"{found.platform_title} {found.account.name}"
    if done.works:
        typer.echo(f"{named}: the sign-in works. {done.quota or found.sign_in}")
    if found.problem:
        typer.echo(f"{named}: {found.problem.message} {found.problem.hint}", err=True)
    return done.works


@channels.command(epilog="**Example**: `pressroom channels remove 9f1b --yes`")
def remove(
    channel: AChannel,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    workspace: InWorkspace = None,
) -> None:
    """Forget a channel's secrets and cancel what is planned on it. What is public stays public."""
    from apps.cli.local import as_operator
    from pressroom.review import channels as domain

    database, caller = as_operator(workspace)
    found = domain.get(database, channel)
    if not yes:
        question = f"Remove {found.platform_title} {found.account.name}? Publications planned on it: {found.planned}."
        typer.confirm(question, abort=True)
    cancelled = domain.remove(database, caller, found.id)
    typer.echo(f"{found.platform_title} {found.account.name} is removed. Publications cancelled: {cancelled}.")


def _page(way: Connectable) -> str:
    from pressroom.settings import settings

    address = f"{settings().resolved_desk_url}/settings/channels"
    missing = f"\n{way.missing}" if way.missing else ""
    return f"{way.title} is connected on the desk: a person allows it there. Open {address}{missing}"


def _secret(way: Connectable, identifier: str, file: Path | None) -> str:
    """The secret of the account. Raises `WrongInput` when the file can't be read, or a needed name is missing."""
    from pressroom.errors import WrongInput

    if any(each.name == "identifier" for each in way.asks) and not identifier:
        raise WrongInput(f"{way.title} needs --identifier.", hint=f"For instance: {EXAMPLE.split('`')[1]}.")
    if file is not None:
        try:
            return file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise WrongInput(f"The secret can't be read from {file}: {error}.") from None
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    label = next(each.label for each in way.asks if each.secret)
    return str(typer.prompt(label, hide_input=True))


def _seed(access: Access, platform: str) -> dict[str, Any]:
    """The demo account of a platform's stand-in. Raises `Misconfigured` where none is running."""
    import httpx2

    from pressroom.errors import Misconfigured

    if not access.sandbox:
        raise Misconfigured(
            "PRESSROOM_SOCIAL_SANDBOX is not set.",
            hint="Start `pressroom sandbox --social`, and set it to its address.",
        )
    try:
        seeds = httpx2.get(f"{access.sandbox}/__social/seeds", timeout=10).raise_for_status().json()
        found: dict[str, Any] = seeds[platform]
    except (httpx2.HTTPError, ValueError, KeyError):
        raise Misconfigured(
            f"The stand-ins at {access.sandbox} don't answer for {platform}.",
            hint="Is `pressroom sandbox --social` up?",
        ) from None
    return found
