"""`pressroom formats`: what can be written."""

from __future__ import annotations

from typing import Annotated

import typer

from apps.cli.printing import print_json, print_rows


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
        print_json(listed)
        return
    rows = ((form.name, form.platform, form.title, ", ".join(form.body.model_fields)) for form in REGISTRY)
    print_rows(("format", "platform", "what it is", "fields"), rows)
