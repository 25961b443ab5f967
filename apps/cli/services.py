"""`pressroom up` and `pressroom sandbox`, which keep running, and `pressroom deploy`."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer


class Pool(StrEnum):
    """A kind of work pool."""

    PROCESS = "process"
    DOCKER = "docker"
    KUBERNETES = "kubernetes"


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(deploy)
    app.command(
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
        add_help_option=False,
        epilog="`pressroom sandbox --port 8901 --latency 1.0`",
    )(sandbox)


def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the Prefect server, if one is started.")] = 4200,
    worker: Annotated[
        bool, typer.Option("--worker", help="Run deployments by a process worker, as in production.")
    ] = False,
    desk_port: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=65535,
            help="Port of the review desk; default: PRESSROOM_DESK_PORT, or a free one where it is taken.",
        ),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Make an account to try the desk with, and print its password.")
    ] = False,
) -> None:
    """Start the review desk, and Prefect if none is set; deploy what `prefect.yaml` declares; run all until Ctrl-C."""
    words = [sys.executable, "-m", "deployments.up", "--port", str(port)]
    words += ["--worker"] if worker else []
    words += ["--desk-port", str(desk_port)] if desk_port else []
    words += ["--demo"] if demo else []
    sys.stdout.flush()
    os.execv(sys.executable, words)  # noqa: S606 (our own words; signals reach what ends everything, and nothing else)


def deploy(
    pool: Annotated[Pool, typer.Option(help="Where flow runs are executed: a process, container or Job each.")] = (
        Pool.PROCESS
    ),
) -> None:
    """Put everything on the Prefect server that PREFECT_API_URL names: deployments, pool, blocks, automations."""
    os.execv(sys.executable, [sys.executable, "-m", "deployments.deploy", "--pool", pool])  # noqa: S606 (our own words)


def sandbox(context: typer.Context) -> None:
    """Run local stand-ins: a scripted provider server, or with --social ten platforms to publish to."""
    from sandbox import main

    raise typer.Exit(main(context.args, called="pressroom sandbox"))
