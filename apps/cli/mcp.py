"""`pressroom mcp`: an assistant's tools over standard input and output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pressroom.model import Caller

EXAMPLES = """
**Examples**

- `pressroom mcp` is started by an assistant's program; its settings name the command, e.g.
  `{"command": "pressroom", "args": ["mcp", "--workspace", "default"]}`.
- `pressroom mcp --read-only` has no tool that changes or starts anything.

An assistant on another machine takes `https://YOUR-DESK/mcp` with a token of the scope `mcp:read` or `mcp:write`,
which an owner makes at Settings, Tokens. Work that it starts needs `pressroom up`, as work of the desk does.
"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EXAMPLES)(mcp)


def mcp(
    workspace: Annotated[
        str | None, typer.Option(help="Workspace; default: that of the settings.", show_default=False)
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Only tools that read.")] = False,
) -> None:
    """Give an assistant the desk's tools by the Model Context Protocol: read, propose texts, start runs."""
    import sys

    if sys.stdin.isatty():
        typer.echo("Waiting for an assistant's program on standard input; Ctrl-C ends it.", err=True)
    import anyio

    from apps.cli.local import as_operator
    from pressroom.people.service_tokens import ASSISTANT_SCOPES

    _, person = as_operator(workspace)
    scope = "mcp:read" if read_only else "mcp:write"
    caller = person.model_copy(update={"name": f"assistant of {person.name}", "scopes": ASSISTANT_SCOPES[scope]})
    anyio.run(_serve, caller)


async def _serve(caller: Caller) -> None:
    from mcp.server.stdio import stdio_server

    from apps.api import app as api
    from apps.application import open_desk, open_operators
    from apps.mcp.server import server
    from pressroom.settings import settings

    chosen = settings()
    app = api.create(chosen)
    with open_operators(chosen) as operators, open_desk(chosen, operators) as desk:
        app.state.desk = desk
        serving = server(app, lambda _context: caller)
        async with stdio_server() as (received, sent):
            await serving.run(received, sent, serving.create_initialization_options())
