"""What formats share: limits, hashtags, clichés, composing and times."""

from __future__ import annotations

import pytest

from pressroom import platforms as limits
from pressroom.errors import WrongInput
from pressroom.formats.shared import compose, language, scripts
from pressroom.platforms import counting, tags


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
    assert not language.cliches(" ".join(compose.STOCK))


def test_stock_sentences_are_short_and_different() -> None:
    assert len(set(compose.STOCK)) == len(compose.STOCK)
    assert all(8 <= counting.words(sentence) <= 12 for sentence in compose.STOCK)


def test_shortened_cuts_between_words() -> None:
    assert compose.shortened("One, two, three.", lambda text: len(text) <= 99) == "One, two, three."
    assert compose.shortened("One, two, three.", lambda text: len(text) <= 10) == "One, two…"
    assert compose.shortened("一二三四五", lambda text: len(text) <= 4) == "一二三…"
    assert compose.shortened("unbreakable", lambda text: len(text) <= 4) == ""


def test_filled_passes_over_what_does_not_fit_and_repeats_nothing() -> None:
    more = ["A b.", "Far too long to fit.", "A b.", "C.", "D."]
    assert compose.filled("", more, lambda text: len(text) < 10, lambda text: "C" in text) == "A b. C."


def test_composed_cuts_other_scripts_rather_than_mixing_in_english() -> None:
    def fits(text: str) -> bool:
        return counting.words(text) <= 12

    def enough(text: str) -> bool:
        return counting.words(text) >= 8

    assert compose.composed("一二三。", ["字" * 40 + "。"], fits, enough) == "一二三。 " + "字" * 9 + "…"
    assert compose.composed("One.", ["word " * 40], fits, enough).startswith("One. Start with")


@pytest.mark.parametrize(("seconds", "clock"), [(0, "0:00"), (59.9, "0:59"), (60, "1:00"), (3605, "1:00:05")])
def test_clock(seconds: float, clock: str) -> None:
    assert scripts.clock(seconds) == clock


def test_seeds_choose_among_equals() -> None:
    assert compose.turned((1, 2, 3), 4) == (2, 3, 1)
    assert compose.turned((), 4) == ()
    assert compose.some((1, 2, 3, 4), 2, 3) == (1, 4)
