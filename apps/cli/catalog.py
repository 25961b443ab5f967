"""`pressroom formats`: what can be written."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(formats)


def formats(as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False) -> None:
    """List the formats a run can write in."""
    from pressroom.formats import REGISTRY

    if as_json:
        listed = [
            {"name": form.name, "platform": form.platform, "title": form.title, "schema": form.body.model_json_schema()}
            for form in REGISTRY
        ]
        sys.stdout.write(json.dumps(listed, indent=2) + "\n")
        return
    from apps.cli.show import print_table, table

    shown = table("format", "platform", "what it is", "fields")
    for form in REGISTRY:
        shown.add_row(form.name, form.platform, form.title, ", ".join(form.body.model_fields))
    print_table(shown)
