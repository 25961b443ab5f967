"""Every command, option, route and parameter that an earlier version had is still there, whatever makes them now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from apps.application import create_app
from apps.cli.main import app
from pressroom.model.workflows import WORKFLOWS

KEPT = Path(__file__).parent.parent / "data" / "kept" / "interfaces.txt"


def test_commands_options_routes_and_parameters_of_before_are_there() -> None:
    there = {**dict(_commands(get_command(app), "")), **dict(_routes(create_app().openapi()))}
    lines = [line for line in KEPT.read_text("utf-8").splitlines() if not line.startswith("#")]
    kept = {name: set(names.split()) for name, _, names in (line.partition(" |") for line in lines)}
    assert set(kept) <= set(there)
    assert {name: gone for name, names in kept.items() if (gone := names - there[name])} == {}


def _commands(command: Any, path: str) -> Iterator[tuple[str, set[str]]]:
    context = command.make_context(path or "pressroom", [], resilient_parsing=True)
    yield f"cli {path or 'pressroom'}", {name for each in command.params for name in _written(each)}
    names = command.list_commands(context) if hasattr(command, "list_commands") else []
    for name in (*names, *(() if path else (each.kind for each in WORKFLOWS))):
        yield from _commands(command.get_command(context, name), f"{path} {name}".strip())


def _written(parameter: Any) -> list[str]:
    """`--json` for a flag, `--date=` for an option with a value, `--chain=...` for one that may be repeated."""
    several = "..." if getattr(parameter, "multiple", False) or parameter.nargs == -1 else ""
    value = "=" if parameter.param_type_name == "option" and not parameter.is_flag else ""
    return [f"{name}{value}{several}" for name in (*parameter.opts, *parameter.secondary_opts)]


def _routes(document: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"api {method.upper()} {path}", {each["name"] for each in operation.get("parameters", ())}
