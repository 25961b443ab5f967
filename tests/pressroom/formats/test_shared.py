"""What formats share: limits, hashtags, clichés, cutting and times."""

from __future__ import annotations

import pytest

from pressroom import platforms as limits
from pressroom.errors import WrongInput
from pressroom.formats.shared import cutting, language, scripts
from pressroom.platforms import tags


@pytest.mark.parametrize(
    ("platform", "shape", "size"),
    [
        ("instagram", (4000, 4000), (1080, 1080)),
        ("instagram", (3000, 4000), (1080, 1350)),
        ("instagram", (4000, 2000), (1080, 566)),
        ("instagram", (1, 1000), (1080, 1350)),
        ("pinterest", (4000, 300), (1000, 1500)),
        ("tiktok", (300, 300), (1080, 1920)),
    ],
)
def test_image_size_is_the_nearest_shape(platform: str, shape: tuple[int, int], size: tuple[int, int]) -> None:
    assert limits.image_size_for(platform, *shape) == size


def test_image_size_of_nothing() -> None:
    with pytest.raises(WrongInput, match="Choose from: bluesky, facebook, instagram"):
        limits.image_size_for("myspace", 300, 300)
    with pytest.raises(WrongInput, match="300x0"):
        limits.image_size_for("x", 300, 0)


def test_platforms_are_data() -> None:
    assert limits.hashtag_range("x") == (1, 2)
    assert limits.limit("x", "post_weight") == 280
    assert limits.limit("youtube", "chapters") == 3


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ("data mesh", "datamesh"),
        ("#One", "One"),
        ("C++", "C"),
        ("2026", ""),
        ("!", ""),
        ("हिन्दी", "हिन्दी"),
        ("a" * 51, ""),
    ],
)
def test_as_tag(words: str, tag: str) -> None:
    assert tags.as_tag(words) == tag


def test_usable_tags() -> None:
    assert tags.usable(["Data mesh", "datamesh", "", "42", "b"]) == ["Datamesh", "b"]
    assert tags.written(["a", "#b"]) == "#a #b"


def test_plain_words_stand_in_for_cliches() -> None:
    text = "Unleash a Game-Changer, don’t miss out."
    assert language.cliches(text) == ["unleash", "game-changer", "don't miss out"]
    assert language.without_cliches(text) == "Use a Real change, take a look."
    assert not any(language.cliches(plain) for plain in language.PLAIN_WORDS.values())


@pytest.mark.parametrize(("seconds", "clock"), [(0, "0:00"), (59.9, "0:59"), (60, "1:00"), (3605, "1:00:05")])
def test_clock(seconds: float, clock: str) -> None:
    assert scripts.clock(seconds) == clock


def test_shortened_cuts_between_words() -> None:
    assert cutting.shortened("One, two, three.", lambda text: len(text) <= 99) == "One, two, three."
    assert cutting.shortened("One, two, three.", lambda text: len(text) <= 10) == "One, two…"
    assert cutting.shortened("一二三四五", lambda text: len(text) <= 4) == "一二三…"
    assert cutting.shortened("unbreakable", lambda text: len(text) <= 4) == ""
