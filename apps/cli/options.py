"""Options and names that several commands share."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer


def _workspace_name(value: str | None) -> str | None:
    """The name itself; refused where no workspace can have it."""
    if value is None:
        return None
    from pressroom.model.repairs import WORKSPACE

    if not re.fullmatch(WORKSPACE, value):
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
Estimate = Annotated[bool, typer.Option("--estimate", help="Show what it would cost, and make nothing.")]

Reader = Callable[[tuple[str, ...]], Any]


def known_formats(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names themselves. Raises WrongInput when there is no such format."""
    from pressroom import formats

    return formats.resolve(names, ())


def known_providers(kind: str) -> Reader:
    """The reader of a chain of `kind`. It raises WrongInput when there is no such vendor or endpoint."""

    def known(names: tuple[str, ...]) -> tuple[str, ...]:
        from apps.cli.running import typed
        from pressroom.calls.accounts import check_name
        from pressroom.settings import settings

        with typed():
            for name in names:
                check_name(name, settings(), kind)
        return names

    return known


READERS: Mapping[str, Reader] = types.MappingProxyType(
    {"formats": known_formats, "chain": known_providers("text"), "image_chain": known_providers("image")}
)
"""How names are checked before a server is started, by field; the same in every command."""
