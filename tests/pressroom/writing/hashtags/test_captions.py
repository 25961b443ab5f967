"""Captions without a model say what was said, fit the platform, and nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom import platforms
from pressroom.errors import WrongInput
from pressroom.platforms import counting
from pressroom.writing.hashtags import caption_for, niches
from pressroom.writing.hashtags.captions import LABEL, NOTHING_SAID

PLATFORMS = platforms.names()
TAGS = ("coffee", "latteart")


def fits_with_tags(platform: str, caption: str) -> bool:
    known = platforms.get(platform)
    return known.fits(known.whole_post(caption, TAGS))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_description_the_words_it_lacks_and_a_closing_line(platform: str) -> None:
    caption = caption_for(platform, "our first #latte of the day", (), ("lattes", "Kreuzberg"), hashtags=TAGS)
    blocks = caption.split("\n\n")
    assert blocks[:2] == ["Our first latte of the day.", "Kreuzberg"]
    assert len(blocks) == (2 if platform in {"x", "bluesky"} else 3)
    assert counting.hashtags(caption) == []


def test_without_a_description_the_words_are_the_caption() -> None:
    assert caption_for("x", "", (), ("latte art", " morning  light ", "", "latte art")) == "Latte art, morning light."


def test_with_nothing_but_a_niche_that_is_named() -> None:
    assert caption_for("x", "", niches("a latte")) == "A new picture: coffee."
    assert caption_for("x") == NOTHING_SAID


def test_only_english_gets_a_closing_line() -> None:
    assert caption_for("instagram", "Der erste Kaffee", language="de-AT") == "Der erste Kaffee."
    assert caption_for("instagram", "The first coffee", language="en-GB").endswith("?")


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    "text", ["A long walk. " * 2000, "x" * 9000, "x" * 1500, "日本語" * 3000, "☕️ " * 3000, "Grüße ⚡ " * 900]
)
def test_any_length_fits_with_its_hashtags(platform: str, text: str) -> None:
    caption = caption_for(platform, text, (), ("w" * 500, "two"), hashtags=TAGS)
    assert fits_with_tags(platform, caption)
    assert caption == caption.strip() != ""


@given(st.sampled_from(PLATFORMS), st.text(), st.lists(st.text(), max_size=12), st.booleans())
def test_any_words_make_a_caption_that_fits(platform: str, description: str, words: list[str], english: bool) -> None:
    language = "en" if english else "fr"
    caption = caption_for(platform, description, (), words, hashtags=TAGS, language=language)
    assert caption.strip()
    assert "#" not in caption
    assert fits_with_tags(platform, caption)


def test_every_limit_of_a_platform_is_kept() -> None:
    family = "👨‍👩‍👧‍👦"
    assert platforms.get("bluesky").fits(family * 100)
    assert not platforms.get("bluesky").fits(family * 290), "few characters, but too many bytes"


def test_the_label_says_that_no_model_was_there() -> None:
    assert "without a model" in LABEL


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(WrongInput, match="no platform called 'myspace'"):
        caption_for("myspace", "words")
