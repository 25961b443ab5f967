"""Requests as forms: the schema that a request's model gives names the choices there are and the defaults that hold.

Prefect's page, the API and programs build their forms from it. A field that may be left out is no union with null, and
what happens then is its default, as the settings of this process have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from operator import attrgetter
from typing import Any, ClassVar

from pydantic import ConfigDict

from pressroom.model.base import Frozen

Made = Callable[[], Any]
"""Makes choices, or a default, when a schema is asked for: a list of formats is not there when this is imported."""

Table = Mapping[str, Any]
"""By the name of a field: a `Made`, or a list of examples."""


def named_by(place: str) -> Made:
    """The answer of the function `package.module:name`, or the value of that name."""
    module, _, name = place.partition(":")

    def find() -> Any:
        found = attrgetter(name)(import_module(module))
        return found() if callable(found) else found

    return find


def fixed(value: Any) -> Made:
    """`value`, in any process."""
    return lambda: value


def setting(path: str) -> Made:
    """The value of a setting, such as `films.tier`."""

    def find() -> Any:
        from pressroom.settings import settings

        return attrgetter(path)(settings())

    return find


FORMATS, PLATFORMS = named_by("pressroom.formats:names"), named_by("pressroom.platforms:names")
STYLES = named_by("pressroom.media.pictures.wanting:styles")


class Request(Frozen):
    """A request to a flow. choices: of a field, or of the items of a list. usual: the value of a field left out.

    examples: of fields that take any text.
    """

    choices: ClassVar[Table] = {}
    usual: ClassVar[Table] = {}
    examples: ClassVar[Table] = {}

    model_config = ConfigDict(json_schema_extra=lambda schema, kind: _shape(schema, kind))  # noqa: PLW0108 (below)


def _shape(schema: dict[str, Any], kind: type[Any]) -> None:
    for name, field in schema.get("properties", {}).items():
        _without_null(field)
        if made := kind.choices.get(name):
            target = field["items"] if field.get("type") == "array" else field
            target["enum"] = sorted(made())
        if made := kind.usual.get(name):
            value = made()
            if value not in ("", (), None):  # an empty chain is whatever has a key where the run happens
                field["default"] = list(value) if isinstance(value, tuple) else value
        if name in kind.examples:
            field["examples"] = list(kind.examples[name])


def _without_null(field: dict[str, Any]) -> None:
    kinds = field.get("anyOf", ())
    rest = [each for each in kinds if each.get("type") != "null"]
    if len(rest) == 1 and len(rest) < len(kinds):
        del field["anyOf"]
        field.update(rest[0])
        if field.get("default", "") is None:
            del field["default"]
