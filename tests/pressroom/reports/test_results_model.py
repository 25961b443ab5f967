"""What may stand in a picture's results, and the schema that is published of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pressroom.errors import WrongInput
from pressroom.model.results import ImageFile, PlatformResult, ResultTotals
from pressroom.reports.results import from_json, schema_text, to_json
from tests.pressroom.reports import result_samples as samples

WRONG_NAMES = [
    "../x.jpg",
    "a/../../x.jpg",
    "/etc/passwd",
    "a//b.jpg",
    ".hidden",
    "-rf.jpg",
    "a\\b.jpg",
    "a b.jpg",
    "a\n.jpg",
    "x.jpg\n",
    "..",
    "",
    "C:x",
    "ü.jpg",
    "x" * 201,
]


@pytest.mark.parametrize("name", WRONG_NAMES)
def test_a_picture_cannot_lie_outside_the_folder(name: str) -> None:
    with pytest.raises(ValidationError):
        samples.image(name)


@pytest.mark.parametrize("name", ["a.jpg", "images/x-1.min.webp", "5f2c/linkedin/a_b.png"])
def test_plain_names_are_taken(name: str) -> None:
    assert samples.image(name).file == name


@pytest.mark.parametrize(
    "changes",
    [
        {"platform": "../x"},
        {"platform": "X"},
        {"platform": ""},
        {"platform": "a/b"},
        {"image": None},
        {"no_accounts_because": " "},
        {"seconds": -1},
        {"seconds": float("nan")},
        {"error": {"code": "X", "message": "m"}},
        {"status": "failed"},
        {"unknown": 1},
        {"accounts": [{"name": "two words", "why": "w", "source": "https://a.b"}]},
        {"accounts": [{"name": "@a", "why": "w", "source": "javascript:alert(1)"}]},
    ],
    ids=str,
)
def test_a_platform_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PlatformResult.model_validate({**samples.made().model_dump(mode="json"), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"totals": ResultTotals(ok=2, failed=1, seconds=1)},
        {"platforms": (samples.made(), samples.made()), "totals": ResultTotals(ok=2, failed=0, seconds=1)},
        {"timestamp": datetime(2026, 1, 1)},
        {"timestamp": datetime(9999, 12, 31, tzinfo=UTC)},
        {"is_product": True},
        {"product_confidence": 0.5},
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
        {"session_id": "../x"},
    ],
    ids=str,
)
def test_results_that_contradict_themselves_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        samples.results(**changes)


def test_the_published_schema_is_that_of_the_model() -> None:
    published = files("pressroom.reports.results").joinpath("results.schema.json").read_text("utf-8")
    assert published == schema_text(), "publish it: see pressroom/reports/results/schema.py"


def test_what_is_written_is_valid_by_the_published_schema() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    for results in (samples.results(), samples.results(samples.made(**samples.PHOTOGRAPHED), **samples.PRODUCT)):
        assert not list(validator.iter_errors(json.loads(to_json(results))))
    spoiled = json.loads(to_json(samples.results()))
    spoiled["platforms"][0]["image"]["file"] = "../x"
    assert list(validator.iter_errors(spoiled))


def test_results_read_back_equal() -> None:
    results = samples.results(samples.made(**samples.PHOTOGRAPHED), samples.failed(), **samples.PRODUCT)
    assert from_json(to_json(results)) == results
    assert from_json(to_json(results).encode()) == results
    assert list(json.loads(to_json(results))) == sorted(json.loads(to_json(results)))


@given(st.text(st.characters(exclude_categories=["Cs"])), st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_any_words_read_back_equal(caption: str, hashtags: list[str]) -> None:
    results = samples.results(samples.made(caption=caption, hashtags=tuple(hashtags)))
    assert from_json(to_json(results)) == results


def changed(**changes: Any) -> str:
    return json.dumps({**json.loads(to_json(samples.results())), **changes})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "can't be read as JSON at line 1"),
        ("{\n,", "at line 2"),
        (to_json(samples.results())[:-40], "can't be read as JSON"),
        (b"\xff\xfe\x00", "can't be read as JSON"),
        ("[" * 100_000, "can't be read as JSON"),
        ("[]", "no results of a picture"),
        ("null", "no results of a picture"),
        ('{"name": "package.json", "version": 1}', "no results of a picture"),
        (changed(schema_version=2), "schema version 2; this version of Pressroom reads 1"),
        (changed(schema_version=None), "schema version null"),
        (changed(schema_version=True), "schema version true"),
        (changed(schema_version="1" * 99), "schema version"),
        (changed(level="magic"), "damaged: level"),
        (changed(extra=1), "damaged: extra"),
        (changed(platforms=[{}] * 9), "and 15 more"),
    ],
    ids=range(15),
)
def test_what_cannot_be_read_is_said_in_a_sentence(text: str | bytes, words: str) -> None:
    with pytest.raises(WrongInput) as raised:
        from_json(text)
    assert words in raised.value.message
    assert raised.value.hint
    assert len(str(raised.value)) < 600


def test_a_picture_needs_a_size() -> None:
    with pytest.raises(ValidationError):
        ImageFile(file="a.jpg", width=0, height=1, media_type="image/png", bytes=1)
