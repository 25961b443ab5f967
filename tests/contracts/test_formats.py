"""What every format keeps to. Formats are found by name, so a new one is held to this without another line."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from pressroom import formats, platforms
from pressroom.formats import prompts
from pressroom.formats.shared.declare import Format
from pressroom.model import Assignment, Idea, Insight, Material, Preferences
from pressroom.platforms import counting
from tests.fixtures.documents import EXCERPT

EXAMPLES = files("pressroom.formats") / "examples"
IDEA = Idea(title="Ask the night shift first", description="A replacement starts with people.", category="technology")
EVERY_FORMAT = pytest.mark.parametrize("name", formats.names())

SCRIPTS = {
    "english": ("ask people what they dread before any plan is drawn for an old system again", " ", ".", "?"),
    "terse": ("a i o we go so it is no up", " ", ".", "?"),
    "long words": (
        "internationalisation counterrevolutionary misunderstandings acknowledgements",
        " ",
        "!",
        "?",
    ),
    "chinese": ("今天我们谈谈旧系统的更换从值班的人开始问他们害怕什么", "", "。", "？"),
    "japanese": ("夜勤のひとにきいてからふるいシステムをかえるとうまくいく", "", "。", "？"),
    "korean": ("오래된 시스템을 바꾸기 전에 밤에 일하는 사람에게 물어보세요", " ", ".", "?"),
    "arabic": ("اسأل من يعمل ليلا قبل أن تغير النظام القديم كله", " ", ".", "؟"),
    "hebrew": ("שאלו את משמרת הלילה לפני שמחליפים את המערכת הישנה", " ", ".", "?"),
    "hindi": ("पुरानी प्रणाली बदलने से पहले रात की पाली से पूछें", " ", "।", "?"),
    "thai": ("ถามคนที่ทำงานกลางคืนก่อนเปลี่ยนระบบเก่า เสมอ แล้วค่อยเริ่ม", " ", ".", "?"),
    "promotional": (
        "this game-changer will revolutionize synergy and unleash cutting-edge tools",
        " ",
        ".",
        "?",
    ),
    "linked": ("see https://example.com/a/long/path?of=links and node.js or example.org today", " ", ".", "?"),
}


class Writer:
    """Sentences of one script within bounds of characters and words, the same for the same seed."""

    def __init__(self, script: str, seed: int) -> None:
        vocabulary, self.space, self.stop, self.mark = SCRIPTS[script]
        self.vocabulary = vocabulary.split() if self.space else list(vocabulary)
        self.random = random.Random(seed)

    def characters(self, least: int, most: int, end: str | None = None) -> str:
        end = self.stop if end is None else end
        goal, text = self.random.randint(least, most), self.random.choice(self.vocabulary)
        while len(text) + len(end) < least or len(text) < goal - 15:
            text = text + self.space + self.random.choice(self.vocabulary)
        kept = text[: most - len(end)]
        whole = kept.rpartition(" ")[0] if self.space and len(kept) < len(text) else kept
        return (whole if len(whole) >= 25 else kept).rstrip(" -.") + end

    def words(self, least: int, most: int) -> str:
        goal, text = self.random.randint(least, most - 6), ""
        while counting.words(text) < goal:
            text = (text + self.space + self.random.choice(self.vocabulary)).strip()
        return text + self.stop

    def tag(self, number: int) -> str:
        return "".join(self.random.choices("abcdefghijklmnopqrstuvwxyzäéñ漢字ש", k=self.random.randint(2, 24))) + str(
            number
        )


@st.composite
def materials(draw: st.DrawFn) -> Material:
    """Any material that keeps to its docstring."""
    writer = Writer(draw(st.sampled_from(sorted(SCRIPTS))), draw(st.integers(0, 2**32)))
    title = draw(st.sampled_from(["🚀", "🚀🔥👩‍💻" * 10, writer.characters(5, 90, ""), writer.characters(85, 90, "")]))
    wordy = draw(st.sampled_from([(15, 21), (15, 45), (39, 45)]))
    long = draw(st.booleans())
    return Material(
        title=title,
        hooks=tuple(writer.characters(100 if long else 25, 110) for _ in range(draw(st.integers(3, 4)))),
        insights=tuple(
            Insight(point=writer.characters(100 if long else 12, 110), detail=writer.words(*wordy))
            for _ in range(draw(st.integers(6, 8)))
        ),
        takeaway=writer.words(15, 35),
        question=writer.characters(10, 100, writer.mark),
        call_to_action=writer.characters(10, 90),
        scenes=tuple(writer.characters(10, 90, "") for _ in range(draw(st.integers(3, 8)))),
        hashtags=tuple(writer.tag(number) for number in range(draw(st.integers(30, 40)))),
        link=draw(st.sampled_from([None, "https://example.com/an/article?with=parameters", "http://例え.jp/記事"])),
        seed=draw(st.integers(0, 2**63)),
    )


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
@given(material=materials())
@settings(max_examples=12, deadline=None, database=None)
def test_composes_what_keeps_every_rule(name: str, material: Material) -> None:
    form = formats.get(name)
    own = material.hashtags[: material.seed % 40]
    material = material.model_copy(update={"own_hashtags": len(own)})
    body = form.compose(material)
    asked = assignment(name, preferences=Preferences(hashtags=own))
    for document in (None, EXCERPT):
        assert broken(form, body, asked.model_copy(update={"document": document})) == []
    assert body == form.compose(material), "the same material makes the same draft"
    assert all(part.text.strip() for part in form.parts(body))


@EVERY_FORMAT
@given(material=materials())
@settings(max_examples=5, deadline=None, database=None)
def test_composed_fields_repeat_no_sentence(name: str, material: Material) -> None:
    own = [*material.hooks, material.takeaway, material.question, material.call_to_action]
    own += [text for one in material.insights for text in (one.point, one.detail)]
    distinct = [piece for piece in own if sum(piece in other for other in own) == 1]
    for text in _texts(formats.get(name).compose(material).model_dump()):
        assert all(text.count(piece) <= 1 for piece in distinct)


def _texts(fields: dict[str, Any]) -> list[str]:
    """Every field as one text, lists of sentences joined."""
    lists = ["\n".join(map(str, value)) for value in fields.values() if isinstance(value, list)]
    return [*lists, *(value for value in fields.values() if isinstance(value, str))]


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
