"""Every violation of a post on Threads, and how it is counted and composed."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom import formats

BREAK_IT = [
    ({"message": ""}, ("blank", "message", 0, 1)),
    ({"closing": " "}, ("blank", "closing", 0, 1)),
    ({"topic": ""}, ("blank", "topic", 0, 1)),
    ({"topic": ""}, ("hashtags_too_few", "topic", 0, 1)),
    ({"message": "a" * 442}, ("post_too_long", "text", 502, 500)),
    ({"message": "a" * 439 + "🚀"}, ("post_too_long", "text", 503, 500)),
    ({"message": "A tag #inside."}, ("hashtags_too_many", "topic", 2, 1)),
    ({"topic": "two words"}, ("hashtag_malformed", "topic", "two words", "one word")),
    ({"message": " ".join(f"https://a.example/{n}" for n in range(6))}, ("too_many_links", "text", 6, 5)),
    ({"closing": "That was all."}, ("invitation_missing", "closing", 0, 1)),
]


@pytest.mark.parametrize(("change", "violation"), BREAK_IT)
def test_breaks(found: Any, change: dict[str, Any], violation: Any) -> None:
    assert violation in found("threads_post", **change)


@pytest.mark.parametrize("message", ["a" * 440, "a" * 436 + "🚀"])
def test_takes_500_characters_and_an_emoji_for_its_bytes(found: Any, message: str) -> None:
    assert found("threads_post", message=message) == []


def test_the_topic_is_the_first_hashtag_asked_for(found: Any, wanting: Any) -> None:
    assert found("threads_post", wanting("one", "two"), topic="One") == []
    assert found("threads_post", wanting("one"), topic="two") == [("caller_hashtags_missing", "topic", 0, 1)]


def test_is_one_post_with_the_topic_below(changed: Any) -> None:
    body = changed("threads_post", message="A.", closing="B?", topic="#c")
    assert [(part.label, part.text) for part in formats.get("threads_post").parts(body)] == [("Post", "A.\n\nB?\n\n#c")]
