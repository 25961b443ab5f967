"""Every violation of a post on Bluesky, and how its links are counted."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom import formats

FAMILY = "👩‍👩‍👧‍👦"  # one grapheme of 25 bytes
LONG_LINK = "https://example.com/" + "a/path/" * 60  # shown as example.com and 16 characters more

BREAK_IT = [
    ({"message": ""}, ("blank", "message", 0, 1)),
    ({"message": "a" * 283}, ("post_too_long", "text", 301, 300)),
    ({"message": FAMILY * 280}, ("post_too_heavy", "text", 7018, 3000)),
    ({"message": "a" * 256 + "\n" + LONG_LINK}, ("post_too_long", "text", 302, 300)),
    ({"hashtags": []}, ("hashtags_too_few", "hashtags", 0, 1)),
    ({"hashtags": ["a", "b", "c"]}, ("hashtags_too_many", "hashtags", 3, 2)),
    ({"hashtags": ["Same"], "message": "As #same."}, ("hashtag_repeated", "hashtags", 2, 1)),
    ({"hashtags": ["two words"]}, ("hashtag_malformed", "hashtags", "two words", "one word")),
]


@pytest.mark.parametrize(("change", "violation"), BREAK_IT)
def test_breaks(found: Any, change: dict[str, Any], violation: Any) -> None:
    assert violation in found("bluesky_post", **change)


@pytest.mark.parametrize(
    "message", ["a" * 282, "e\u0301" * 282, "語" * 282, FAMILY * 100 + "a" * 182, "a" * 254 + "\n" + LONG_LINK]
)
def test_takes_300_characters_as_they_are_seen(found: Any, message: str) -> None:
    assert found("bluesky_post", message=message) == []


def test_uses_as_many_of_the_callers_hashtags_as_fit(found: Any, wanting: Any) -> None:
    asked = wanting("one", "two", "three")
    assert found("bluesky_post", asked, hashtags=["one"]) == [("caller_hashtags_missing", "hashtags", 1, 2)]
    assert found("bluesky_post", asked, hashtags=["Three", "one"]) == []


def test_the_link_is_pasted_whole(changed: Any) -> None:
    body = changed("bluesky_post", message=f"A.\n\n{LONG_LINK}", hashtags=["b"])
    (part,) = formats.get("bluesky_post").parts(body)
    assert part.text == f"A.\n\n{LONG_LINK}\n\n#b"
