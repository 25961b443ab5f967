"""Lists as tables, and values as JSON, alike in every command."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import typer

COLOURS: Mapping[str, str] = MappingProxyType(
    {"completed": "green", "partial": "yellow", "failed": "red", "running": "cyan", "cancelled": "magenta"}
)
"""By the status of a run."""

PIPE_WIDTH = 400
"""A table may take this many columns outside a terminal."""


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str = "") -> None:
    """Print a table; in a pipe as wide as it needs to be, so that no date is broken over two lines.

    A status has its colour. empty: a line instead of a table without rows.
    """
    found = list(rows)
    if not found and empty:
        typer.echo(empty)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in found:
        made.add_row(*(Text(cell, style=COLOURS.get(cell, "")) for cell in row))
    console = Console()
    (console if console.is_terminal else Console(width=PIPE_WIDTH)).print(made)


def print_json(found: Any) -> None:
    """Print a value that JSON can hold, and nothing else."""
    sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def counted(number: int, thing: str, things: str = "") -> str:
    """`1 draft`, `2 drafts`, `10,000 drafts`. things: more than one of them, where an s does not do."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def ended(text: str, most: int = 80) -> str:
    """`text` in at most so many characters; a cut is shown by an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
