"""The form of a format's body: whatever is declared can be written on, and comes back as it was."""

from __future__ import annotations

from importlib.resources import files

import pytest
from starlette.datastructures import FormData

from apps.web import editor
from pressroom import formats
from pressroom.errors import WrongInput
from pressroom.model import Violation


def example(form: str) -> dict:
    text = files("pressroom.formats").joinpath(f"examples/{form}.json").read_text("utf-8")
    return formats.get(form).body.model_validate_json(text).model_dump(mode="json")


def sent(fields: list[editor.EditorField]) -> FormData:
    """What a browser sends of a form with these fields: every line end as two characters."""
    pairs: list[tuple[str, str]] = []
    for field in fields:
        if field.kind == "rows":
            pairs += [(field.key, row) for row in field.value]
        elif field.kind == "table":
            pairs += [(f"{field.key}.{name}", row[name]) for row in field.value for name, _ in field.columns]
        else:
            pairs.append((field.key, field.value))
    return FormData([(name, value.replace("\n", "\r\n")) for name, value in pairs])


@pytest.mark.parametrize("form", formats.names())
def test_what_is_shown_comes_back_as_it_was(form: str) -> None:
    body = example(form)
    assert editor.body_of(form, sent(editor.fields_of(form, body))) == body


@pytest.mark.parametrize("form", formats.names())
def test_every_field_of_the_schema_is_there_in_its_order(form: str) -> None:
    assert [field.name for field in editor.fields_of(form, {})] == list(formats.get(form).body.model_fields)


def test_hashtags_are_taken_however_they_are_written() -> None:
    form = FormData([("body.hashtags", "#DataQuality, Plumbing  #ＡＢ＃two")])
    assert editor.body_of("linkedin_post", form)["hashtags"] == ["DataQuality", "Plumbing", "ＡＢ", "two"]


def test_rows_left_blank_are_left_out() -> None:
    form = FormData([("body.posts", "One."), ("body.posts", "  "), ("body.posts", "Two.")])
    assert editor.body_of("x_thread", form) == {"posts": ["One.", "Two."]}


def test_a_row_is_added_or_taken_out() -> None:
    body = {"posts": ["One.", "Two.", "Three."]}
    assert editor.with_row(body, "x_thread", "posts+")["posts"] == ["One.", "Two.", "Three.", ""]
    assert editor.with_row(body, "x_thread", "posts-1")["posts"] == ["One.", "Three."]
    chapters = editor.with_row(example("youtube_video"), "youtube_video", "chapters+")["chapters"]
    assert chapters[-1] == {"start": "", "title": ""}


@pytest.mark.parametrize("asked", ["posts", "hashtags+", "__class__+", "posts-", "posts-99999999"])
def test_other_rows_are_refused(asked: str) -> None:
    with pytest.raises(WrongInput):
        editor.with_row({"posts": ["One."]}, "x_thread", asked)


def test_a_rule_is_told_at_its_field_or_at_the_field_of_its_row() -> None:
    fields = editor.fields_of("x_thread", {"posts": ["One."]})
    found = [
        Violation(code="post_too_long", message="Too long.", where="post 1"),
        Violation(code="hashtags", message="Too few.", where="hashtags"),
    ]
    assert editor.said_of(fields, found) == {"posts": "Too long."}
