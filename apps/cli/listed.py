"""Commands of the flows in the list that have no file of their own here: options made from the request's model."""

from __future__ import annotations

import inspect
import json
import types
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

import typer
from typer.core import TyperGroup
from typer.main import get_command

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from pressroom.model.workflows import Workflow


class Listed(TyperGroup):
    """Typer's group, which knows the flows of the list too; nothing of them is imported before it is asked for one."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if (known := super().get_command(ctx, cmd_name)) is not None:
            return known
        from pressroom.model import workflows

        found = next((each for each in workflows.WORKFLOWS if each.kind == cmd_name), None)
        return command_of(found) if found else None


def command_of(workflow: Workflow) -> Any:
    """`pressroom KIND`, with an option for each field of its request."""

    def run(as_json: bool, **given: Any) -> None:
        from apps.cli.running import run_flow

        report = run_flow(workflow.flow, _request(workflow, given), quiet=as_json)
        told = report.model_dump(mode="json") if hasattr(report, "model_dump") else report
        typer.echo(json.dumps(told, indent=2, default=str))

    fields = {name: field for name, field in workflow.request.model_fields.items() if name != "trigger"}
    options = [_option(name, field) for name, field in fields.items()]
    says_json = typer.Option("--json", help="Print the report as JSON and nothing else.")
    options.append(_keyword("as_json", Annotated[bool, says_json], default=False))
    run.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    run.__annotations__ = {option.name: option.annotation for option in options}
    app = typer.Typer(rich_markup_mode="markdown")
    app.command(workflow.kind, help=workflow.description)(run)
    return get_command(app)


def _option(name: str, field: FieldInfo) -> inspect.Parameter:
    """What the model's field takes, as the command line writes it: the model itself reads the values."""
    kinds = _kinds(field.annotation)
    option = typer.Option(f"--{name.replace('_', '-')}", help=field.description)
    if kinds == {bool}:
        return _keyword(name, Annotated[bool, option], default=False)
    kind: Any = list[str] if any(get_origin(kind) is tuple for kind in kinds) else str
    if field.is_required():
        return _keyword(name, Annotated[kind, option])
    return _keyword(name, Annotated[kind | None, option], default=None)


def _keyword(name: str, annotation: Any, **values: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, **values)


def _kinds(annotation: Any) -> set[Any]:
    """What a field may be besides None."""
    if get_origin(annotation) in {Union, types.UnionType}:
        return {kind for kind in get_args(annotation) if kind is not types.NoneType}
    return {annotation}


def _request(workflow: Workflow, given: dict[str, Any]) -> BaseModel:
    from pydantic import ValidationError

    from apps.cli.running import wrong_option

    values = {name: value for name, value in given.items() if value not in (None, [], False)}
    if "trigger" in workflow.request.model_fields:
        values["trigger"] = "manual"
    try:
        return workflow.request.model_validate(values)
    except ValidationError as error:
        raise wrong_option(error, workflow.kind) from None
