"""`pressroom admin`: an operator manages the review desk's accounts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from apps.cli.options import InWorkspace
from apps.cli.running import typed

if TYPE_CHECKING:
    from pressroom.model import Role

EXAMPLE = """
**Examples**

- `pressroom admin create-user ada@example.com --workspace mill` asks for a password.
- `pressroom admin create-user ada@example.com --workspace mill --generate` prints one.
- `pressroom admin set-password ada@example.com --password-stdin < password.txt`
- `pressroom admin set-plan mill team`
"""

admin = typer.Typer(no_args_is_help=True, help="Accounts of the review desk.", epilog=EXAMPLE)
Email = Annotated[str, typer.Argument(help="The user's e-mail address.")]
RoleName = Annotated[str, typer.Option("--role", help="owner, editor or viewer.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a password, and print it.")]


def register(app: typer.Typer) -> None:
    app.add_typer(admin, name="admin")


@admin.command("create-user", epilog=EXAMPLE)
def create_user(
    email: Email,
    workspace: InWorkspace = None,
    role: RoleName = "owner",
    name: Annotated[str, typer.Option(help="Name shown to others; default: the mailbox's.")] = "",
    password_stdin: FromStdin = False,
    generate: Generate = False,
) -> None:
    """Make an account, a member of a workspace; the workspace is made too when it is not there."""
    from apps.cli.local import desk_database
    from pressroom.people import operators
    from pressroom.settings import settings

    home, wanted = workspace or settings().workspace, _role(role)
    password = _password(password_stdin, generate)
    user = operators.create_user(desk_database(), email, password, workspace=home, role=wanted, name=name)
    typer.echo(f"{user.email} is now {wanted} of {home}.")
    _show(password, generate)


@admin.command("add-member", epilog="**Example**: `pressroom admin add-member ada@example.com --workspace mill`")
def add_member(email: Email, workspace: InWorkspace = None, role: RoleName = "editor") -> None:
    """Let a user into a workspace, or make them something else there."""
    from apps.cli.local import desk_database
    from pressroom.people import operators
    from pressroom.settings import settings

    home, wanted = workspace or settings().workspace, _role(role)
    operators.add_member(desk_database(), email, workspace=home, role=wanted)
    typer.echo(f"{email} is now {wanted} of {home}.")


@admin.command("list-users")
def list_users() -> None:
    """List all users, and what they are in which workspace."""
    from apps.cli.local import desk_database
    from pressroom.people import operators

    found = operators.list_users(desk_database())
    for account in found:
        roles = ", ".join(f"{role} of {name}" for name, role in account.roles.items())
        typer.echo(f"{account.email}  {account.name}  {roles or 'in no workspace'}")
    if not found:
        typer.echo("There is no user. Make one: pressroom admin create-user EMAIL", err=True)


@admin.command("set-password", epilog=EXAMPLE)
def set_password(email: Email, password_stdin: FromStdin = False, generate: Generate = False) -> None:
    """Give a user another password; all their sign-ins end."""
    from apps.cli.local import desk_database
    from pressroom.people import operators

    password = _password(password_stdin, generate)
    operators.set_password(desk_database(), email, password)
    typer.echo(f"{email} has another password, and is signed out everywhere.")
    _show(password, generate)


@admin.command("sign-out", epilog="**Example**: `pressroom admin sign-out ada@example.com`")
def sign_out(email: Email) -> None:
    """End all sign-ins of a user."""
    from apps.cli.local import desk_database
    from pressroom.people import operators

    ended = operators.sign_out(desk_database(), email)
    typer.echo(f"{email} is signed out everywhere ({ended} sign-ins).")


@admin.command("rotate-keys")
def rotate_keys(
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Refuse tokens of the keys before, as after a leak; clients refresh.")
    ] = False,
) -> None:
    """Sign access tokens with a new key from now on."""
    from apps.cli.local import desk_database
    from pressroom.people import keys
    from pressroom.vault import Vault

    keys.rotate(desk_database(), Vault.from_settings(), at_once=at_once)
    typer.echo(f"A new key signs; every process knows within {keys.LOOK.seconds} seconds.")


@admin.command("set-plan", epilog="**Example**: `pressroom admin set-plan mill team`")
def set_plan(
    workspace: Annotated[str, typer.Argument(help="The workspace's name.")],
    plan: Annotated[str, typer.Argument(help="A plan's name; `default` for that of PRESSROOM_PLAN.")],
) -> None:
    """Give a workspace a plan."""
    from apps.cli.local import desk_database
    from pressroom.people import plans

    with typed():
        plans.set_plan(desk_database(), workspace, "" if plan == "default" else plan)
    typer.echo(f"Workspace {workspace} has the plan {plan}.")


def _role(name: str) -> Role:
    from pressroom.errors import WrongInput
    from pressroom.model import Role

    if name not in list(Role):
        raise WrongInput(f"There is no role {name!r}.", hint=f"Roles: {', '.join(Role)}.")
    return Role(name)


def _password(from_stdin: bool, generated: bool) -> str:
    from pressroom.errors import WrongInput
    from pressroom.people import passwords

    if from_stdin and generated:
        raise WrongInput("--password-stdin and --generate exclude each other.")
    if generated:
        return passwords.generate()
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise WrongInput(
            "There is no terminal to type a password at.",
            hint="Give --generate to have one made, or --password-stdin to read it from standard input.",
        )
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _show(password: str, generated: bool) -> None:
    if generated:
        typer.echo(f"Password, shown this once: {password}")
