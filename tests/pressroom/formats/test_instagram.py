"""Every violation of an Instagram caption and of a reel."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom import formats

TAGS = [f"tag{number}" for number in range(31)]
CAPTION = [
    ({"caption": ""}, ("blank", "caption", 0, 1)),
    ({"caption": "a" * 2201}, ("characters_too_many", "caption", 2201, 2200)),
    ({"hashtags": ["t" * 700 + tag for tag in TAGS[:4]]}, ("characters_too_many", "first comment", 2823, 2200)),
    ({"caption": "A #tag in it, and #another."}, ("hashtags_in_caption", "caption", 2, 0)),
    ({"hashtags": TAGS[:2]}, ("hashtags_too_few", "hashtags", 2, 3)),
    ({"hashtags": TAGS}, ("hashtags_too_many", "hashtags", 31, 5)),
    ({"hashtags": [*TAGS[:4], ""]}, ("hashtag_malformed", "hashtags", "", "one word")),
    ({"hashtags": [*TAGS[:4], "TAG1"]}, ("hashtag_repeated", "hashtags", 2, 1)),
]
REEL = [
    ({"value": ""}, ("blank", "value", 0, 1)),
    ({"scenes": ["one", "two"]}, ("scenes_too_few", "scenes", 2, 3)),
    ({"scenes": ["one", "two", ""]}, ("blank", "scenes", 0, 1)),
    ({"hook": "word " * 7}, ("seconds_too_few", "hook", 2.8, 3)),
    ({"hook": "word " * 13}, ("seconds_too_many", "hook", 5.2, 5)),
    ({"value": "word " * 99}, ("seconds_too_few", "value", 39.6, 40)),
    ({"value": "word " * 126}, ("seconds_too_many", "value", 50.4, 50)),
    ({"call_to_action": "word " * 12}, ("seconds_too_few", "call_to_action", 4.8, 5)),
    ({"call_to_action": "word " * 26}, ("seconds_too_many", "call_to_action", 10.4, 10)),
    ({"hook": "", "value": "", "call_to_action": "go"}, ("seconds_too_few", "script", 0.4, 15)),
]


@pytest.mark.parametrize(("change", "violation"), CAPTION)
def test_caption_breaks(found: Any, change: dict[str, Any], violation: Any) -> None:
    assert violation in found("instagram_caption", **change)


def test_caption_uses_the_callers_hashtags(found: Any, wanting: Any) -> None:
    missing = ("caller_hashtags_missing", "hashtags", 0, 30)
    assert found("instagram_caption", wanting(*TAGS)) == [missing]
    assert found("instagram_caption", wanting(*TAGS), hashtags=TAGS[1:]) == []


def test_hashtags_are_pasted_apart(changed: Any) -> None:
    caption, comment = formats.get("instagram_caption").parts(changed("instagram_caption", hashtags=["a", "#b"]))
    assert (caption.label, comment.label, comment.text) == ("Caption", "First comment", "#a #b")
    assert "#" not in caption.text


@pytest.mark.parametrize(("change", "violation"), REEL)
def test_reel_breaks(found: Any, change: dict[str, Any], violation: Any) -> None:
    assert violation in found("instagram_reel", **change)


def test_sections_that_are_each_within_bounds_can_be_too_long_together(found: Any) -> None:
    longest = {"hook": "word " * 12, "value": "word " * 125, "call_to_action": "word " * 25}
    assert found("instagram_reel", **longest) == [("seconds_too_many", "script", 64.8, 60)]


def test_reel_is_labelled_with_its_times(changed: Any) -> None:
    body = changed("instagram_reel", hook="word " * 10, value="word " * 105, call_to_action="word " * 15)
    labels = [part.label for part in formats.get("instagram_reel").parts(body)]
    assert labels == ["Hook (0:00–0:04)", "Value (0:04–0:46)", "Call to action (0:46–0:52)", "Scenes"]
