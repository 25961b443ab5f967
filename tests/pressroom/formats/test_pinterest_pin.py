"""Every violation of a Pinterest pin."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom import formats

BREAK_IT = [
    ({"title": " "}, ("blank", "title", 0, 1)),
    ({"title": "a" * 101}, ("characters_too_many", "title", 101, 100)),
    ({"description": ""}, ("blank", "description", 0, 1)),
    ({"description": "a" * 794, "hashtags": ["a", "b"]}, ("characters_too_many", "description", 801, 800)),
    ({"link": "example.com"}, ("link_malformed", "link", "example.com", "http(s)://")),
    ({"link": "https://"}, ("link_malformed", "link", "https://", "http(s)://")),
    ({"link": "http://[bad"}, ("link_malformed", "link", "http://[bad", "http(s)://")),
    ({"link": "javascript:alert(1)"}, ("link_malformed", "link", "javascript:alert(1)", "http(s)://")),
    ({"hashtags": ["a"]}, ("hashtags_too_few", "hashtags", 1, 2)),
    ({"hashtags": list("abcdef")}, ("hashtags_too_many", "hashtags", 6, 5)),
    ({"hashtags": ["a", "b!"]}, ("hashtag_malformed", "hashtags", "b!", "one word")),
    ({"hashtags": ["a", "a"]}, ("hashtag_repeated", "hashtags", 2, 1)),
]


@pytest.mark.parametrize(("change", "violation"), BREAK_IT)
def test_breaks(found: Any, change: dict[str, Any], violation: Any) -> None:
    assert violation in found("pinterest_pin", **change)


def test_uses_the_callers_hashtags(found: Any, wanting: Any) -> None:
    assert found("pinterest_pin", wanting("checklist", "x")) == [("caller_hashtags_missing", "hashtags", 1, 2)]


def test_a_link_is_optional_and_then_no_part(found: Any, changed: Any) -> None:
    assert found("pinterest_pin", link="") == []
    labels = [part.label for part in formats.get("pinterest_pin").parts(changed("pinterest_pin", link=""))]
    assert labels == ["Title", "Description"]
