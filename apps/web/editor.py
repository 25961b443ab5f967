"""A format's body as a form, and the form back as a body: one field for each of the schema's, whatever the format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData

from pressroom import formats
from pressroom.errors import WrongInput
from pressroom.model import Violation

PREFIX = "body."
"""Of the form's names, so that no field of a format can be taken for one of the page's own."""

Kind = Literal["line", "text", "rows", "tokens", "table"]
"""One line; a text; several texts; short words in one line; rows of several columns."""

_LINES = frozenset({"title", "link", "topic"})
_TOKENS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {"hashtags": re.compile(r"[\s,#＃]+"), "tags": re.compile(r"\s*[,\n]\s*")}
)
"""Lists that are written in one line, and what parts them."""


@dataclass(frozen=True)
class EditorField:
    """One field. value: a text, or of `rows` and `table` the rows; columns: (name, label) of a table's."""

    name: str
    label: str
    hint: str
    kind: Kind
    value: Any
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Its name in the form."""
        return f"{PREFIX}{self.name}"


def fields_of(form: str, body: Mapping[str, Any]) -> list[EditorField]:
    """The fields of `form`, filled from `body`."""
    declared = formats.get(form).body.model_fields
    return [_field(name, field, body.get(name)) for name, field in declared.items()]


def body_of(form: str, sent: FormData) -> dict[str, Any]:
    """The body that a form was filled in with; rows left blank are left out."""
    declared = formats.get(form).body.model_fields
    return {name: _value(name, _kind(name, field), field, sent) for name, field in declared.items()}


def with_row(body: dict[str, Any], form: str, asked: str) -> dict[str, Any]:
    """`body` with a row more (`insights+`) or without one (`insights-2`, counted from 0).

    Raises:
        WrongInput: `asked` is neither, or `form` has no such rows.
    """
    found = re.fullmatch(r"(?P<name>\w+)(?:\+|-(?P<place>\d{1,4}))", asked)
    field = formats.get(form).body.model_fields.get(found["name"]) if found else None
    if found is None or field is None or _kind(found["name"], field) not in {"rows", "table"}:
        raise WrongInput(f"{form} has no such rows.")
    rows = list(body[found["name"]])
    if found["place"]:
        return {**body, found["name"]: [row for place, row in enumerate(rows) if place != int(found["place"])]}
    columns = _columns(field)
    return {**body, found["name"]: [*rows, dict.fromkeys((name for name, _ in columns), "") if columns else ""]}


def said_of(fields: Sequence[EditorField], violations: Sequence[Violation]) -> dict[str, str]:
    """The messages for each field: violations of the field itself or of one of its rows (`post 2` of `posts`)."""
    return {
        field.name: " ".join(each.message for each in violations if _is_about(each.where, field.name))
        for field in fields
    }


def _is_about(where: str, name: str) -> bool:
    return where == name or bool(re.fullmatch(rf"{re.escape(name.removesuffix('s'))} \d+", where))


def _field(name: str, field: FieldInfo, value: Any) -> EditorField:
    kind = _kind(name, field)
    shown: Any = value or ""
    if kind == "tokens":
        shown = ", ".join(value or ()) if name == "tags" else " ".join(f"#{tag}" for tag in value or ())
    elif kind in {"rows", "table"}:
        shown = list(value or ())
    hint = (field.description or "").replace("Without the # sign", "Separate with spaces")
    return EditorField(name, name.replace("_", " ").capitalize(), hint, kind, shown, _columns(field))


def _kind(name: str, field: FieldInfo) -> Kind:
    if get_origin(field.annotation) is not list:
        return "line" if name in _LINES else "text"
    if name in _TOKENS:
        return "tokens"
    return "table" if _columns(field) else "rows"


def _columns(field: FieldInfo) -> tuple[tuple[str, str], ...]:
    held = next(iter(get_args(field.annotation)), None)
    if not (isinstance(held, type) and issubclass(held, BaseModel)):
        return ()
    return tuple((name, name.capitalize()) for name in held.model_fields)


def _value(name: str, kind: Kind, field: FieldInfo, sent: FormData) -> Any:
    key = f"{PREFIX}{name}"
    if kind == "tokens":
        return [token for token in _TOKENS[name].split(_text(sent.get(key, ""))) if token]
    if kind == "rows":
        return [text for text in map(_text, sent.getlist(key)) if text.strip()]
    if kind == "table":
        return _rows(key, [column for column, _ in _columns(field)], sent)
    return _text(sent.get(key, ""))


def _rows(key: str, columns: Sequence[str], sent: FormData) -> list[dict[str, str]]:
    texts = [[_text(value) for value in sent.getlist(f"{key}.{column}")] for column in columns]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*texts, strict=False)]
    return [row for row in rows if any(value.strip() for value in row.values())]


def _text(value: object) -> str:
    """A text as it is kept: browsers send line ends as two characters."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""
