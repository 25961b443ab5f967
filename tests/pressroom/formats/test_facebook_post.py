"""Every violation of a Facebook post."""

from __future__ import annotations

from typing import Any

import pytest

BREAK_IT = [
    ({"message": ""}, ("blank", "message", 0, 1)),
    ({"closing": "\n"}, ("blank", "closing", 0, 1)),
    ({"message": "Too short."}, ("words_too_few", "text", 12, 40)),
    ({"message": "word " * 111}, ("words_too_many", "text", 121, 120)),
    ({"closing": "That was all."}, ("invitation_missing", "closing", 0, 1)),
    ({"hashtags": ["a", "b", "c"]}, ("hashtags_too_many", "hashtags", 3, 2)),
    ({"hashtags": ["two words"]}, ("hashtag_malformed", "hashtags", "two words", "one word")),
    ({"hashtags": ["same", "same"]}, ("hashtag_repeated", "hashtags", 2, 1)),
]


@pytest.mark.parametrize(("change", "violation"), BREAK_IT)
def test_breaks(found: Any, change: dict[str, Any], violation: Any) -> None:
    assert violation in found("facebook_post", **change)


def test_uses_as_many_of_the_callers_hashtags_as_fit(found: Any, wanting: Any) -> None:
    asked = wanting("one", "two", "three")
    assert found("facebook_post", asked, hashtags=["one"]) == [("caller_hashtags_missing", "hashtags", 1, 2)]
    assert found("facebook_post", asked, hashtags=["Three", "one"]) == []


@pytest.mark.parametrize("hashtags", [[], ["#one"]])
def test_needs_no_hashtags_and_forgives_their_sign(found: Any, hashtags: list[str]) -> None:
    assert found("facebook_post", hashtags=hashtags) == []


@pytest.mark.parametrize(
    "closing",
    ["And yours?", "你呢？", "وأنت؟", "Tell us about it.", "If you have one, send a photo.", "Please share it."],
)
def test_recognises_questions_and_calls_to_action(found: Any, closing: str) -> None:
    assert found("facebook_post", closing=closing) == []


def test_takes_any_closing_in_a_language_whose_verbs_it_does_not_know(found: Any, wanting: Any) -> None:
    asked = {"preferences": wanting()["preferences"].model_copy(update={"language": "de-AT"})}
    assert found("facebook_post", asked, closing="Erzählt uns davon.") == []
