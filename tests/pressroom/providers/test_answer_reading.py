"""An answer is read as a value of the request's schema, or it is said what is wrong with it."""

from __future__ import annotations

import json

import pytest

from pressroom.calls.reading import read
from pressroom.errors import BrokenAnswer, ContentRefused
from pressroom.model import Answer, Finish, Usage
from tests.pressroom.providers.chain_desk import Note


def test_reading_names_what_is_wrong() -> None:
    with pytest.raises(BrokenAnswer, match=r"title: Field required"):
        read(Answer(text="{}"), Note)
    with pytest.raises(BrokenAnswer, match="the whole"):
        read(Answer(text=""), Note)
    with pytest.raises(BrokenAnswer, match="77 output tokens"):
        read(Answer(text="{", finish=Finish.LENGTH, usage=Usage(output_tokens=77)), Note)
    with pytest.raises(ContentRefused, match="I'd rather not"):
        read(Answer(text="I'd rather not", finish=Finish.REFUSAL), Note)
    with pytest.raises(ContentRefused, match="without a reason"):
        read(Answer(text="", finish=Finish.REFUSAL), Note)


@pytest.mark.parametrize("title", ["NUL \x00 inside", "half an emoji \ud83d inside"])
def test_what_no_database_keeps_is_broken(title: str) -> None:
    with pytest.raises(BrokenAnswer):
        read(Answer(text=json.dumps({"title": title})), Note)


GOOD = '{"title": "Migrate by day"}'

AROUND = [
    f"```json\n{GOOD}\n```",
    f"```\n{GOOD}```",
    f"\ufeff{GOOD}",
    f"\n\n  {GOOD}  \n",
    f'<think>\nA note about {{days}} or {{"title": 3}}?\n</think>\n\n{GOOD}',
    f'I could say {{"title": "no"}}.\n</think>\n{GOOD}',
    f"[THINK]hm[/THINK]{GOOD}",
    f"<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>{GOOD}",
    f"Sure! Here it is:\n\n```json\n{GOOD}\n```\n\nLet me know {{if}} you want changes.",
    f"{GOOD}\n\n(20 characters)",
    f"{GOOD}\n{GOOD}",
    f"[{GOOD}]",
    '{"title": "Migrate by day",}',
    '```json\n{"title": "Migrate by day",\n}\n```',
    f'{{"plan": ["a", "b"]}}\n{GOOD}',
]


def test_the_one_object_is_taken_out_of_what_surrounds_it() -> None:
    for text in AROUND:
        assert read(Answer(text=text), Note) == Note(title="Migrate by day"), text


def test_what_is_inside_of_a_text_stays() -> None:
    inside = "A fence ```json {} ``` and </think> and a list [1,]\nin two lines"
    for text in (json.dumps({"title": inside}), "So: " + json.dumps({"title": inside})[:-1] + ",}"):
        assert read(Answer(text=text), Note) == Note(title=inside)
    assert read(Answer(text='{"title": "two\nlines"}'), Note) == Note(title="two\nlines")


def test_what_could_mean_two_things_is_broken() -> None:
    for text in (
        '{"title": "this"} or {"title": "that"}',
        '<think>I could say {"title": "no"}.</think> I would rather not.',
        '<think>I could say {"title": "no"}, or',
        'I could say {"title": "no"}.\n</think>\nSorry.',
        "title: Migrate by day",
        '{"title": "Migrate by day"',
        '{title: "Migrate by day"}',
        "{" * 100_000,
        '{"a":' * 100_000,
    ):
        with pytest.raises(BrokenAnswer):
            read(Answer(text=text), Note)
