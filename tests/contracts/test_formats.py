"""What every format keeps to. Formats are found by name, so a new one is held to this without another line."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from typing import Any

import pytest
from pydantic import BaseModel

from pressroom import formats, platforms
from pressroom.formats import prompts
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Idea, Preferences
from tests.fixtures.documents import EXCERPT

EXAMPLES = files("pressroom.formats") / "examples"
IDEA = Idea(title="Ask the night shift first", description="A replacement starts with people.", category="technology")
EVERY_FORMAT = pytest.mark.parametrize("name", formats.names())


def assignment(name: str, **changes: Any) -> Assignment:
    return Assignment(idea=IDEA, format=name, **changes)


def example(form: Format[Any], folder: Any = EXAMPLES) -> BaseModel:
    """The body in the format's example file; a format without one fails here."""
    path = folder / f"{form.name}.json"
    assert path.is_file(), f"{form.name} has no example: add {form.name}.json to pressroom/formats/examples"
    body: BaseModel = form.body.model_validate_json(path.read_text("utf-8"))
    return body


def broken(form: Format[Any], body: BaseModel, asked: Assignment) -> list[str]:
    return [f"{violation.where}: {violation.message}" for violation in form.check(body, asked)]


@EVERY_FORMAT
def test_is_called_what_its_module_is_called(name: str) -> None:
    form = formats.get(name)
    assert form.name == name
    assert form.title
    assert form.rules
    assert 0 < form.max_output_tokens <= 4096
    assert form.platform in platforms.names()


def rendered(name: str, **variables: bool) -> str:
    wanted = {"from_document": False, "numbered": False, **variables}
    return prompts.load(name).render(platform=platforms.get(formats.get(name).platform), **wanted)


@EVERY_FORMAT
@pytest.mark.parametrize("from_document", [True, False])
@pytest.mark.parametrize("numbered", [True, False])
def test_prompt_renders_with_strict_variables(name: str, from_document: bool, numbered: bool) -> None:
    words = rendered(name, from_document=from_document, numbered=numbered)
    assert len(words) > 100
    assert "{" not in words
    assert "\n\n\n" not in words


@EVERY_FORMAT
def test_prompt_explains_every_field(name: str) -> None:
    source = rendered(name)
    for field in formats.get(name).body.model_fields:
        assert field.rstrip("s") in source.lower(), f"the prompt of {name} says nothing about {field}"


@EVERY_FORMAT
def test_prompt_names_the_platforms_hashtag_range(name: str) -> None:
    form = formats.get(name)
    if "hashtags" in form.body.model_fields:
        least, most = platforms.hashtag_range(form.platform)
        assert f"{least} to {most}" in rendered(name)


@EVERY_FORMAT
@pytest.mark.parametrize("from_document", [True, False])
def test_example_keeps_every_rule(name: str, from_document: bool) -> None:
    form = formats.get(name)
    assert broken(form, example(form), assignment(name, document=EXCERPT if from_document else None)) == []


def test_a_format_without_an_example_is_found_out(tmp_path: Any) -> None:
    with pytest.raises(AssertionError, match="has no example"):
        example(formats.get("linkedin_post"), tmp_path)


@EVERY_FORMAT
def test_parts_are_labelled_and_hold_something(name: str) -> None:
    form = formats.get(name)
    parts = form.parts(example(form))
    assert parts
    assert all(part.label.strip() and part.text.strip() for part in parts)
    assert len({part.label for part in parts}) == len(parts)
    assert form.text(example(form)) == "\n\n".join(part.text for part in parts)


def _nodes(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [node for item in schema for node in _nodes(item)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(node for value in schema.values() for node in _nodes(value))]


@EVERY_FORMAT
def test_schema_is_plain_enough_for_every_provider(name: str) -> None:
    bounds = {"minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "pattern", "format", "default"}
    for node in _nodes(formats.get(name).body.model_json_schema()):
        assert not bounds & set(node)
        if node.get("type") == "object":
            assert set(node["required"]) == set(node["properties"]), "every field is required"
            assert "additionalProperties" not in node, "no dictionaries"


@EVERY_FORMAT
def test_every_field_is_described(name: str) -> None:
    assert all(field.description for field in formats.get(name).body.model_fields.values())


@EVERY_FORMAT
def test_every_violation_tells_what_was_measured_and_what_is_right(name: str) -> None:
    form = formats.get(name)
    empty = {
        field: [] if isinstance(value, list) else "" for field, value in example(form).model_dump(mode="json").items()
    }
    asked = assignment(name, document=EXCERPT, numbered=True, preferences=Preferences(hashtags=("one", "two")))
    found = form.check(form.body.model_validate(empty), asked)
    assert found
    for violation in found:
        assert violation.code == violation.code.lower().replace(" ", "_")
        assert violation.message.endswith((".", "]"))
        assert violation.where
        assert violation.measured is not None
        assert violation.limit is not None


@EVERY_FORMAT
def test_no_rule_raises_whatever_a_model_answers(name: str) -> None:
    form = formats.get(name)
    for junk in ("", " ", "\n", "#", "##x", "https://", "\ufeff", "0:00", "1/1", "🚀" * 3000, "a" * 6000, '<>,"'):
        answer = json.loads(json.dumps(example(form).model_dump()))
        for field, value in answer.items():
            answer[field] = junk if isinstance(value, str) else [_filled(item, junk) for item in value]
        form.check(form.body.model_validate(answer), assignment(name, numbered=True))


def _filled(item: Any, junk: str) -> Any:
    return dict.fromkeys(item, junk) if isinstance(item, dict) else junk


def test_fingerprints_differ_and_are_the_same_in_another_process() -> None:
    here = {name: formats.get(name).fingerprint for name in formats.names()}
    assert len(set(here.values())) == len(here)
    code = "import json, pressroom.formats as f; print(json.dumps({x.name: x.fingerprint for x in f.REGISTRY}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == here
