"""A publisher's publish-time choices as fields of a form, from the JSON schema of its `Options`, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel
from starlette.datastructures import FormData

from apps.web.showing import words

Kind = Literal["tick", "yes_no", "choice", "number", "line", "several"]
"""A box; a question without an answer of its own; one of several; a number; a line; words separated by commas."""

_NAMES = {"": "All readers"}


@dataclass(frozen=True)
class OptionField:
    """One choice. key: its name in the form. is_personal: it has no default, since a person has to choose."""

    name: str
    key: str
    label: str
    hint: str
    kind: Kind
    value: Any
    choices: tuple[tuple[str, str], ...] = ()
    is_personal: bool = False


def option_fields(
    model: type[BaseModel],
    prefix: str,
    chosen: Mapping[str, Any],
    offered: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> list[OptionField]:
    """The fields of `model`. chosen: values so far; offered: what the platform itself has to choose from."""
    schema = model.model_json_schema()
    required = set(schema.get("required", ()))
    return [
        _field(name, f"{prefix}.{name}", each, chosen, tuple((offered or {}).get(name, ())), name in required)
        for name, each in schema.get("properties", {}).items()
    ]


def options_of(model: type[BaseModel], prefix: str, sent: FormData) -> dict[str, Any]:
    """The choices of a form; what is left at its default is left out, so that equal choices are equal."""
    schema, found = model.model_json_schema(), dict[str, Any]()
    for name, each in schema.get("properties", {}).items():
        is_required = name in schema.get("required", ())
        value = _value(_kind(each, is_required), str(sent.get(f"{prefix}.{name}", "")).strip())
        if value is not None and (is_required or value != each.get("default")):
            found[name] = value
    return found


def _field(
    name: str,
    key: str,
    schema: Mapping[str, Any],
    chosen: Mapping[str, Any],
    offered: tuple[tuple[str, str], ...],
    is_required: bool,
) -> OptionField:
    kind = _kind(schema, is_required)
    own = tuple((each, _NAMES.get(each, words(each.lower()))) for each in _enum(schema))
    value = chosen.get(name, None if is_required else schema.get("default"))
    if kind == "several":
        value = ", ".join(value or ())
    label = str(schema["title"]).replace(" Ms", " at (milliseconds)")
    hint = str(schema.get("description", ""))
    label = label[:1] + label[1:].lower() if label.istitle() or " " in label else label
    return OptionField(name, key, label, hint, kind, value, offered or own, is_required)


def _enum(schema: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(schema.get("enum", ()))


def _type(schema: Mapping[str, Any]) -> str:
    variants = [each.get("type") for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return str(schema.get("type") or next(iter(variants), "string"))


def _kind(schema: Mapping[str, Any], is_required: bool) -> Kind:
    if _enum(schema):
        return "choice"
    kinds: dict[str, Kind] = {"integer": "number", "number": "number", "array": "several"}
    kinds["boolean"] = "yes_no" if is_required else "tick"
    return kinds.get(_type(schema), "line")


def _value(kind: Kind, written: str) -> Any:
    """A field's value; None where it was left empty. A number that can't be read stays as it was written."""
    match kind:
        case "tick":
            return bool(written)
        case "yes_no":
            return {"yes": True, "no": False}.get(written)
        case "number":
            return (int(written) if written.isdecimal() else written) if written else None
        case "several":
            return [part.strip() for part in written.split(",") if part.strip()]
        case _:
            return written or None
