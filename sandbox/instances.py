"""The plainest value that fits a JSON schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def instance(schema: Mapping[str, Any]) -> Any:
    """A small valid value for `schema`: every property filled in, arrays as short as allowed but not empty."""
    return _value(schema, schema, "text")


def _value(schema: Mapping[str, Any], root: Mapping[str, Any], name: str) -> Any:
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if "$ref" in schema:
        return _value(_resolve(schema["$ref"], root), root, name)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return _value(schema[key][0], root, name)
    return _of_type(schema, root, name)


def _of_type(schema: Mapping[str, Any], root: Mapping[str, Any], name: str) -> Any:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    match kind[0] if isinstance(kind, list) else kind:
        case "object":
            return {key: _value(sub, root, key) for key, sub in schema.get("properties", {}).items()}
        case "array":
            return [_value(schema.get("items", {}), root, name) for _ in range(max(1, schema.get("minItems", 1)))]
        case "boolean":
            return False
        case "null":
            return None
        case "integer" | "number":
            return _number(schema)
        case _:
            return _text(schema, name)


def _number(schema: Mapping[str, Any]) -> Any:
    if "exclusiveMinimum" in schema:
        return schema["exclusiveMinimum"] + 1
    return schema.get("minimum", min(1, schema.get("maximum", 1)))


def _text(schema: Mapping[str, Any], name: str) -> str:
    formats = {"date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z", "uri": "https://example.org/"}
    text = formats.get(schema.get("format", ""), f"A sentence for {name.replace('_', ' ')}.")
    return text.ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength")]


def _resolve(reference: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = root
    for step in reference.lstrip("#/").split("/"):
        found = found[step]
    assert isinstance(found, Mapping)
    return found
