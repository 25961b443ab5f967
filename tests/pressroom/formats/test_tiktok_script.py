"""Every violation of a TikTok script."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom import formats

BREAK_IT = [
    ({"hook": ""}, ("blank", "hook", 0, 1)),
    ({"on_screen_text": []}, ("blank", "on_screen_text", 0, 1)),
    ({"hook": "word " * 3, "content": "word " * 3, "call_to_action": "go"}, ("seconds_too_few", "script", 2.8, 15)),
    ({"hook": "word", "content": "word " * 149, "call_to_action": "go"}, ("seconds_too_many", "script", 60.4, 60)),
    ({"caption": "a" * 2191, "hashtags": ["a", "b", "c"]}, ("characters_too_many", "caption", 2201, 2200)),
    ({"caption": "🙂" * 1096, "hashtags": ["a", "b", "c"]}, ("characters_too_many", "caption", 2202, 2200)),
    ({"hashtags": ["a", "b"]}, ("hashtags_too_few", "hashtags", 2, 3)),
    ({"hashtags": list("abcdefg")}, ("hashtags_too_many", "hashtags", 7, 6)),
    ({"hashtags": ["a", "b", "2026"]}, ("hashtag_malformed", "hashtags", "2026", "one word")),
    ({"caption": "With #worktips in it."}, ("hashtag_repeated", "hashtags", 2, 1)),
]


@pytest.mark.parametrize(("change", "violation"), BREAK_IT)
def test_breaks(found: Any, change: dict[str, Any], violation: Any) -> None:
    assert violation in found("tiktok_script", **change)


def test_uses_the_callers_hashtags(found: Any, wanting: Any) -> None:
    assert found("tiktok_script", wanting("worktips", "cake")) == [("caller_hashtags_missing", "hashtags", 1, 2)]


def test_caption_is_pasted_with_its_hashtags(changed: Any) -> None:
    parts = formats.get("tiktok_script").parts(changed("tiktok_script", caption="Look.", hashtags=["a", "b", "c"]))
    assert parts[-1].label == "Caption"
    assert parts[-1].text == "Look.\n\n#a #b #c"
    assert parts[-2].label == "On-screen text"
