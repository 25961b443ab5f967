"""Commands made from the requests of the flows: an option for each field of the model."""

from __future__ import annotations

import datetime as dt
import inspect
import json
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from apps.cli import running
from apps.cli.options import READERS, AsJson, Reader
from pressroom.errors import WrongInput

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic.fields import FieldInfo

    from pressroom.model.workflows import Workflow

OURS = "trigger"
"""The field of a request that the command itself fills in: it is always `manual`."""


@dataclass(frozen=True)
class Spelling:
    """How a request is typed where it does not follow from its model. A field of a model within it is `logo.place`.

    names: options by field; by a model within, what the names of its options begin with. arguments: metavars of the
    fields that are typed without an option, in their order. readers: make a field's value of the words typed for it.
    helps: sentences in place of a field's description. whole: lists whose items may hold commas. without: fields that
    have no option.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)
    helps: Mapping[str, str] = field(default_factory=dict)
    whole: Sequence[str] = ()
    without: Sequence[str] = ()


def add_command(
    app: typer.Typer, kind: str, function: Callable[..., None], spelling: Spelling | None = None, *, epilog: str = ""
) -> None:
    """Add `pressroom KIND`: it calls `function(request, ...)`, whose other parameters are options as typer has them."""

    def command() -> None:
        """Stands for the function until the command is called."""

    made = partial(RequestCommand, function=function, spelling=spelling or Spelling())
    app.command(kind, cls=cast(type[TyperCommand], made), help=inspect.getdoc(function), epilog=epilog)(command)


class RequestCommand(TyperCommand):
    """A command whose options are the fields of its flow's request.

    They are made when the command is called: its models take 0.3 s to import, which no other command waits for.
    """

    def __init__(self, name: str, *, function: Callable[..., None], spelling: Spelling, **known: Any) -> None:
        super().__init__(name, **known)
        self._function, self._spelling, self._is_made = function, spelling, False

    def make_context(self, *args: Any, **known: Any) -> Any:
        if not self._is_made:
            from pressroom.model import workflows

            workflow = next(each for each in workflows.WORKFLOWS if each.kind == self.name)
            app = typer.Typer(add_completion=False)
            app.command()(_with_options(workflow, self._function, self._spelling))
            made = get_command(app)
            self.params, self.callback, self._is_made = made.params, made.callback, True
        return super().make_context(*args, **known)


class RequestGroup(TyperGroup):
    """A group that has a command for every flow of the list, with the rules alone where no file here adds one."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if (known := super().get_command(ctx, cmd_name)) is not None:
            return known
        from pressroom.model import workflows

        found = next((each for each in workflows.WORKFLOWS if each.kind == cmd_name), None)
        known_by = {"help": found.description, "rich_markup_mode": self.rich_markup_mode} if found else {}
        return RequestCommand(cmd_name, function=run_and_print, spelling=Spelling(), **known_by) if found else None


def run_and_print(request: Any, *, as_json: AsJson = False) -> None:
    """Run the flow and print what it returns."""
    report = running.run_flow(request, quiet=as_json)
    shown = report.model_dump(mode="json") if hasattr(report, "model_dump") else report
    typer.echo(json.dumps(shown, indent=2, default=str))


@dataclass(frozen=True)
class _Typed:
    """A field of a request as it is typed. path: names from the request to it. kind: its type, None left out.

    option: empty for the field that the command itself fills in.
    """

    path: tuple[str, ...]
    field: FieldInfo
    kind: Any
    option: str
    is_argument: bool

    @property
    def name(self) -> str:
        return "_".join(self.path)

    @property
    def key(self) -> str:
        return ".".join(self.path)

    @property
    def is_list(self) -> bool:
        """True for a tuple of any length, which is an option that may be repeated."""
        return get_origin(self.kind) is tuple and get_args(self.kind)[-1] is ...

    @property
    def metavar(self) -> str | None:
        if get_origin(self.kind) is tuple and not self.is_list:
            return ",".join(each.__name__.upper() for each in get_args(self.kind))
        return "YYYY-MM-DD" if self.kind is dt.date else None

    @property
    def bounds(self) -> dict[str, Any]:
        """The least and greatest number, as typer names them."""
        keys = (("min", "ge"), ("max", "le")) if self.kind in {int, float} else ()
        return {name: getattr(each, key) for each in self.field.metadata for name, key in keys if hasattr(each, key)}


def _with_options(workflow: Workflow, function: Callable[..., None], spelling: Spelling) -> Callable[..., None]:
    """`function` with the fields of the workflow's request as its parameters, in place of the request."""
    fields = list(_fields(workflow.request, spelling))
    hints = get_type_hints(function, localns={workflow.request.__name__: workflow.request}, include_extras=True)
    own = [
        each.replace(annotation=hints[each.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for each in list(inspect.signature(function).parameters.values())[1:]
    ]

    def run(**given: Any) -> None:
        others = {each.name: given.pop(each.name) for each in own}
        function(_request(workflow, fields, given, spelling), **others)

    order = [*spelling.arguments]
    typed = sorted(
        (each for each in fields if each.option), key=lambda one: one.is_argument and -len(order) + order.index(one.key)
    )
    run.__signature__ = inspect.Signature([*(_parameter(each, spelling) for each in typed), *own])  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in run.__signature__.parameters.values()}  # type: ignore[attr-defined]
    return run


def _fields(
    model: type[BaseModel], spelling: Spelling, path: tuple[str, ...] = (), start: str = "--"
) -> Iterator[_Typed]:
    """The fields of the model and of those within it."""
    for name, each in model.model_fields.items():
        at, kind = (*path, name), _kind(each.annotation)
        key, dashed = ".".join(at), name.replace("_", "-")
        if key in spelling.without:
            continue
        if hasattr(kind, "model_fields"):
            yield from _fields(kind, spelling, at, spelling.names.get(key, f"--{dashed}-"))
            continue
        one = _Typed(at, each, kind, "", key in spelling.arguments)
        rule = f"{start}{dashed.removesuffix('s') if one.is_list else dashed}"
        option = spelling.arguments.get(key) or spelling.names.get(key, rule)
        yield one if name == OURS else replace(one, option=option)


def _kind(annotation: Any) -> Any:
    """The type of a field, None left out."""
    if get_origin(annotation) in {Union, types.UnionType}:
        (annotation,) = (kind for kind in get_args(annotation) if kind is not types.NoneType)
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _parameter(one: _Typed, spelling: Spelling) -> inspect.Parameter:
    """The field as typer takes it. Typer reads numbers and choices, and the model checks all the rest."""
    is_choice = get_origin(one.kind) is Literal or (isinstance(one.kind, type) and issubclass(one.kind, StrEnum))
    kind: Any = one.kind if one.kind in {bool, int, float} or is_choice else str
    about = spelling.helps.get(one.key, one.field.description)
    if one.is_argument:
        info: Any = typer.Argument(metavar=one.option, help=about, show_default=bool(one.field.default))
    else:
        more = " May be given several times." if one.is_list else ""
        no = f"{one.option}/--no-{one.option.removeprefix('--')}"
        info = typer.Option(
            no if kind is bool else one.option,
            help=f"{about or ''}{more}",
            metavar=one.metavar,
            show_default=one.field.default is not False,
            **one.bounds,
        )
    kind = list[str] if one.is_list else kind
    if one.field.is_required():
        return _keyword(one.name, Annotated[kind, info])
    default = one.field.default
    default = default if isinstance(default, bool) or (default and not one.is_list) else None
    return _keyword(one.name, Annotated[kind if default is not None else kind | None, info], default=default)


def _keyword(name: str, annotation: Any, **default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, **default)


def _request(workflow: Workflow, fields: Sequence[_Typed], given: Mapping[str, Any], spelling: Spelling) -> BaseModel:
    """The request with the values that differ from its defaults.

    Raises:
        WrongInput: names the option and what is wrong with it.
    """
    from pydantic import ValidationError

    values: dict[str, Any] = {}
    for one in fields:
        value = _read(one, given[one.name], spelling) if one.option else "manual"
        if value is not None and value != one.field.default:
            holder = values
            for name in one.path[:-1]:
                holder = holder.setdefault(name, {})
            holder[one.path[-1]] = value
    try:
        return workflow.request.model_validate(values)
    except ValidationError as error:
        raise _wrong(error, workflow.kind, fields) from None


def _read(one: _Typed, value: Any, spelling: Spelling) -> Any:
    """The value for the model, of what typer has read; None where nothing was typed."""
    if one.is_list and value:
        is_whole = one.is_argument or one.key in spelling.whole
        value = tuple(value) if is_whole else tuple(filter(None, _split(value)))
    if value in (None, [], ()):
        return None
    if one.kind is dt.date:
        return _day(one, value)
    if one.metavar:
        return _split([value])
    reader = spelling.readers.get(one.key, READERS.get(one.path[-1]))
    try:
        return reader(value) if reader else value
    except WrongInput as error:
        raise WrongInput(f"{one.option}: {error.message}", hint=error.hint) from None


def _split(given: Sequence[str]) -> tuple[str, ...]:
    """Repeated names, and names with commas between, as one."""
    return tuple(name.strip() for value in given for name in value.split(","))


def _day(one: _Typed, value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        hint = "Write it as YYYY-MM-DD, for instance 2026-11-20."
        raise WrongInput(f"{one.option}: {value!r} is not a date.", hint=hint) from None


def _wrong(error: ValidationError, command: str, fields: Sequence[_Typed]) -> WrongInput:
    """The first thing that the model finds wrong, in the words of the option it came from."""
    first = error.errors()[0]
    option = next((one.option for one in fields if one.path == first["loc"][: len(one.path)]), command)
    return WrongInput(f"{option}: {_reason(first)}.", hint=f"See `pressroom {command} --help`.")


def _reason(fault: Mapping[str, Any]) -> str:
    """The mistake in a value; how many are taken and were given, in place of the name of a Python type."""
    limits = fault.get("ctx", {})
    if fault["type"] == "too_long":
        return f"at most {limits['max_length']:,} are taken, and {limits['actual_length']:,} were given"
    if fault["type"] == "string_too_long":
        return f"at most {limits['max_length']:,} characters are taken"
    if fault["type"] == "string_pattern_mismatch":
        return f"{fault['input']!r} can't be one: it must match {limits['pattern']}"
    if fault["type"] == "missing" and len(fault["loc"]) > 1:
        return "a value is missing; separate them with commas"
    return str(fault["msg"]).removeprefix("Value error, ")
