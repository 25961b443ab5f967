"""Every violation of a LinkedIn post."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.documents import EXCERPT

INSIGHT = "word " * 45
BREAK_IT = [
    ({"hook": " "}, ("blank", "hook", 0, 1)),
    ({"insights": ["word " * 110]}, ("insights_too_few", "insights", 1, 2)),
    ({"insights": [INSIGHT] * 4}, ("insights_too_many", "insights", 4, 3)),
    ({"insights": ["Short.", "Shorter."]}, ("words_too_few", "text", 45, 150)),
    ({"insights": ["word " * 90] * 3}, ("words_too_many", "text", 313, 300)),
    ({"insights": ["w" * 2000 + "ord " * 60, INSIGHT, "x" * 1000]}, ("characters_too_many", "text", 3761, 3000)),
    ({"hook": "", "insights": [INSIGHT], "takeaway": ""}, ("paragraph_break_missing", "text", 1, 2)),
    ({"hashtags": ["one"]}, ("hashtags_too_few", "hashtags", 1, 3)),
    ({"hashtags": list("abcdef")}, ("hashtags_too_many", "hashtags", 6, 5)),
    ({"hook": "A #hook #with #tags in it."}, ("hashtags_too_many", "hashtags", 6, 5)),
    ({"hashtags": ["a-b", "c", "d"]}, ("hashtag_malformed", "hashtags", "a-b", "one word")),
    ({"hashtags": ["a", "b", "A"]}, ("hashtag_repeated", "hashtags", 2, 1)),
    ({"hook": "A real Game-Changer."}, ("cliche", "text", "game-changer", "none")),
]


@pytest.mark.parametrize(("change", "violation"), BREAK_IT)
def test_breaks(found: Any, change: dict[str, Any], violation: Any) -> None:
    assert violation in found("linkedin_post", **change)


def test_a_repurposed_post_calls_to_action(found: Any) -> None:
    change = {"takeaway": "Modernising is a habit, not a project."}
    assert ("invitation_missing", "takeaway", 0, 1) in found("linkedin_post", {"document": EXCERPT}, **change)
    assert "invitation_missing" not in [code for code, *_ in found("linkedin_post", **change)]


def test_uses_the_callers_hashtags(found: Any, wanting: Any) -> None:
    asked = wanting("#Leadership", "data mesh", "???", *"abcdef")
    assert found("linkedin_post", asked) == [("caller_hashtags_missing", "hashtags", 1, 5)]
    assert found("linkedin_post", wanting("LEADERSHIP")) == []


@pytest.mark.parametrize("text", ["The fact nowadays is plain.", "Synergistic effects.", "Outact nowhere."])
def test_a_cliche_is_whole_words(found: Any, text: str) -> None:
    assert found("linkedin_post", hook=text) == []
