"""Every violation of a post or thread on X."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom import formats, platforms
from pressroom.formats import x_thread
from tests.fixtures.documents import EXCERPT

END = "Whole. #one"
BREAK_IT = [
    ([], ("blank", "posts", 0, 1)),
    ([], ("posts_too_few", "posts", 0, 1)),
    (["Whole.", " ", END], ("blank", "posts", 0, 1)),
    (["Whole."] * 5 + [END], ("posts_too_many", "posts", 6, 5)),
    (["a" * 281, END], ("post_too_long", "post 1", 281, 280)),
    ([END, "字" * 141], ("post_too_long", "post 2", 282, 280)),
    (["🚀" * 141, END], ("post_too_long", "post 1", 282, 280)),
    (["a\ufeff.", END], ("post_invalid", "post 1", "U+FEFF", "none")),
    (["Whole."], ("hashtags_too_few", "posts", 0, 1)),
    (["#a #b", "#c"], ("hashtags_too_many", "posts", 3, 2)),
    (["#a", "#A"], ("hashtag_repeated", "posts", 2, 1)),
]
WHOLE = [
    ("It ends here.", "then it goes on."),
    ("It ends here…", "then it goes on."),
    ("It ends with a rocket 🚀", "then it goes on."),
    ("It ends with #one", "then it goes on."),
    ("Ask @somebody", "then it goes on."),
    ("See https://example.com/a", "then it goes on."),
    ("Three things:", "first, look."),
    ("No stop at the end", "But a new sentence."),
    ("没有句号", "也可以。"),
]
CUT = [
    ("It stops in the mid", "dle of a word."),
    ("It stops in a hyph-", "Enation."),
    ("See https://exa", "mple.com for more."),
    ("See https://", "Example."),
    ("See https://example.com/a", "/rest?of=it for more."),
    ("The last one is cut too: https://examp", ""),
]


@pytest.mark.parametrize(("posts", "violation"), BREAK_IT)
def test_breaks(found: Any, posts: list[str], violation: Any) -> None:
    assert violation in found("x_thread", posts=posts)


def test_a_document_has_room_for_ten(found: Any) -> None:
    asked = {"document": EXCERPT}
    assert found("x_thread", asked, posts=["Whole."] * 9 + [END]) == []
    assert found("x_thread", asked, posts=["Whole."] * 10 + [END]) == [("posts_too_many", "posts", 11, 10)]


@pytest.mark.parametrize("text", ["a" * 274, "字" * 137, "🚀" * 137, "https://example.com/" + "a" * 200])
def test_counts_as_x_does(found: Any, text: str) -> None:
    assert found("x_thread", posts=[f"{text} #one"]) == []


@pytest.mark.parametrize(("post", "following"), WHOLE)
def test_whole_posts(found: Any, post: str, following: str) -> None:
    assert "post_cut" not in [code for code, *_ in found("x_thread", posts=[post, following])]


@pytest.mark.parametrize(("post", "following"), CUT)
def test_cut_posts(found: Any, post: str, following: str) -> None:
    posts = [post, following] if following else [post]
    assert ("post_cut", "post 1", post[-20:], "whole words and links") in found("x_thread", posts=posts)


@pytest.mark.parametrize(
    "posts", [["1/2 One.", "2/2 Two. #one"], ["(1/2) One.", "Two. #one (2/2)"], ["1. One.", "2. #one"]]
)
def test_numbers_only_when_asked(found: Any, posts: list[str]) -> None:
    assert found("x_thread", {"numbered": True}, posts=posts) == []
    unasked = [("number_unasked", "post 1", "1/2", "none"), ("number_unasked", "post 2", "2/2", "none")]
    assert found("x_thread", posts=posts) == unasked


def test_every_number_has_to_be_right(found: Any) -> None:
    posts = ["1/3 One.", "Two.", "2/3 Three. #one"]
    assert found("x_thread", {"numbered": True}, posts=posts) == [
        ("number_missing", "post 2", "none", "2/3"),
        ("number_wrong", "post 3", "2/3", "3/3"),
    ]


@pytest.mark.parametrize(
    "post", ["1/2 of all teams agree.", "24/7 support is hard.", "2026. What a year.", "3.5 is a version."]
)
def test_other_numbers_are_no_numbering(found: Any, post: str) -> None:
    assert found("x_thread", posts=[post, END]) == []


def test_a_single_post_needs_no_number(found: Any) -> None:
    assert found("x_thread", {"numbered": True}, posts=[END]) == []


def test_uses_the_callers_hashtags(found: Any, wanting: Any) -> None:
    missing = ("caller_hashtags_missing", "posts", 1, 2)
    assert found("x_thread", wanting("one", "two", "three"), posts=[END]) == [missing]
    assert found("x_thread", wanting("one", "two", "three"), posts=[END, "Whole. #Three"]) == []


def test_parts_say_where_they_stand(changed: Any) -> None:
    form = formats.get("x_thread")
    assert [part.label for part in form.parts(changed("x_thread", posts=["a", "b", "c"]))] == ["1/3", "2/3", "3/3"]
    assert [part.label for part in form.parts(changed("x_thread", posts=["a"]))] == ["Post"]


def test_the_longest_thread_that_is_written_can_be_published() -> None:
    assert x_thread.MOST_POSTS <= x_thread.MOST_POSTS_FROM_DOCUMENT == platforms.get("x").thread_posts == 10
