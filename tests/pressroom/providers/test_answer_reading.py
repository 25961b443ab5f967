"""An answer is read as a value of the request's schema, or it is said what is wrong with it."""

from __future__ import annotations

import json

import pytest
from chain_desk import Note

from pressroom.calls.reading import read
from pressroom.errors import BrokenAnswer, ContentRefused
from pressroom.model import Answer, Finish, Usage


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
