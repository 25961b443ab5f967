"""The options that commands share."""

from __future__ import annotations

import re
from typing import Annotated

import typer


def _workspace_name(value: str | None) -> str | None:
    """The name itself; refused where no workspace can have it."""
    from pressroom.model.repairs import WORKSPACE

    if value is not None and not re.fullmatch(WORKSPACE, value):
        raise typer.BadParameter(f"{value!r} can't be a name: small letters, digits and hyphens, 63 at most.")
    return value


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
InWorkspace = Annotated[
    str | None,
    typer.Option(
        "--workspace", callback=_workspace_name, help="Which workspace; default: PRESSROOM_WORKSPACE, or `default`."
    ),
]
ARun = Annotated[str, typer.Argument(help="A run's id or its first digits, its date, or `latest`.")]
