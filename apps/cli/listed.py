"""Commands of the flows in the list that have no file of their own here: options made from the request's model."""

from __future__ import annotations

import json
import types
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

import click
from typer.core import TyperGroup

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from pressroom.model.workflows import Workflow


class Listed(TyperGroup):
    """Typer's group, which knows the flows of the list too; nothing of them is imported before it is asked for one."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if (known := super().get_command(ctx, cmd_name)) is not None:
            return known
        from pressroom.model import workflows

        found = next((each for each in workflows.WORKFLOWS if each.kind == cmd_name), None)
        return found and command_of(found)


def command_of(workflow: Workflow) -> click.Command:
    """`pressroom KIND`, with an option for each field of its request."""
    fields = workflow.request.model_fields
    options = [_option(name, field) for name, field in fields.items() if name != "trigger"]
    as_json = click.Option(["--json", "as_json"], is_flag=True, help="Print the report as JSON and nothing else.")

    def run(as_json: bool, **given: Any) -> None:
        from apps.cli.running import run_flow

        request = _request(workflow, given)
        report = run_flow(workflow.flow, request, quiet=as_json)
        told = report.model_dump(mode="json") if hasattr(report, "model_dump") else report
        click.echo(json.dumps(told, indent=2, default=str))

    return click.Command(workflow.kind, callback=run, params=[*options, as_json], help=workflow.description)


def _option(name: str, field: FieldInfo) -> click.Option:
    kinds = _kinds(field.annotation)
    flag, several = kinds == {bool}, any(get_origin(kind) is tuple for kind in kinds)
    return click.Option(
        [f"--{name.replace('_', '-')}", name],
        is_flag=flag,
        multiple=several,
        default=None if not flag else False,
        required=field.is_required(),
        help=(field.description or "") + (" May be repeated." if several else ""),
    )


def _kinds(annotation: Any) -> set[Any]:
    """What a field may be besides None."""
    if get_origin(annotation) in {Union, types.UnionType}:
        return {kind for kind in get_args(annotation) if kind is not types.NoneType}
    return {annotation}


def _request(workflow: Workflow, given: dict[str, Any]) -> BaseModel:
    from pydantic import ValidationError

    from apps.cli.running import wrong_option

    values = {name: value for name, value in given.items() if value not in (None, (), False)}
    if "trigger" in workflow.request.model_fields:
        values["trigger"] = "manual"
    try:
        return workflow.request.model_validate(values)
    except ValidationError as error:
        raise wrong_option(error, workflow.kind) from None
