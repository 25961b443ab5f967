"""`pressroom serve`: the review desk, its API and its pages."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pressroom.settings import Settings

GRACE_SECONDS = 10
"""How long requests that are under way are waited for when the desk is told to end."""

QUEUE = 2048
"""Connections that wait to be taken up."""

EXAMPLES = """
**Examples**

- `pressroom serve` for this machine alone, at http://127.0.0.1:8080.
- `pressroom serve --host 0.0.0.0 --port 80 --workers 4` for a network, by four processes.
- `PRESSROOM_DESK_URL=https://desk.example.com PRESSROOM_TRUSTED_PROXIES=10.0.0.5 pressroom serve` behind a balancer
  that speaks HTTPS.

Make the first account with `pressroom admin create-user you@example.com --workspace default`. `pressroom up` starts
the desk and Prefect together. Several desks behind a balancer share nothing but the database; give all of them the
same PRESSROOM_SECRET_KEY.
"""


def register(app: typer.Typer) -> None:
    app.command(epilog=EXAMPLES)(serve)


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; default: PRESSROOM_DESK_HOST.", show_default=False)
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port to listen on; default: PRESSROOM_DESK_PORT.", show_default=False),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
) -> None:
    """Start the review desk: sign in, review, edit and approve, in a browser or over the API."""
    os.umask(0o077)  # what it writes is for who runs it alone
    import uvicorn

    from apps.api.connections import MOST_CONNECTIONS, BoundedProtocol
    from pressroom import logs
    from pressroom.settings import settings

    if host:
        os.environ["PRESSROOM_DESK_HOST"] = host
    if port:
        os.environ["PRESSROOM_DESK_PORT"] = str(port)
    os.environ.setdefault("PRESSROOM_LOG_LEVEL", "INFO")  # a service says what it answers and what went wrong
    settings.cache_clear()  # the address of the desk comes from them
    chosen = settings()
    logs.configure()
    _check(chosen)
    if workers > 1:
        _share_metrics(chosen)
    typer.echo(f"Desk: {chosen.resolved_desk_url}  API: {chosen.resolved_desk_url}/docs  Ctrl-C ends it.")
    uvicorn.run(
        "apps.application:create_app",
        factory=True,
        host=chosen.desk_host,
        port=chosen.desk_port,
        workers=workers,
        backlog=QUEUE,
        access_log=False,  # ours says who by id and what by template
        log_config=None,
        proxy_headers=False,  # ours believes PRESSROOM_TRUSTED_PROXIES alone
        server_header=False,
        http=BoundedProtocol,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _check(chosen: Settings) -> None:
    """Open and close the connections once: what is wrong is said here, once, and not by every process."""
    from apps.application import open_desk, open_operators

    with open_operators(chosen) as operators, open_desk(chosen, operators):
        pass


def _share_metrics(chosen: Settings) -> None:
    """Have the processes put their metrics where any of them finds all."""
    from apps.api.metrics import SHARED_FOLDER

    folder = (chosen.home / "desk-metrics").absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[SHARED_FOLDER] = str(folder)
